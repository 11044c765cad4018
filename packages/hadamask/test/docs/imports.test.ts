// Holds the direction of imports: each folder may only import what stands before it in the list.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** Ranks of the library's parts; a part imports only parts of a lower rank, or itself. */
const RANKS: Record<string, number> = {
  types: 0,
  check: 1,
  shape: 2,
  schedules: 2,
  special: 2,
  random: 3,
  kernels: 4,
  noise: 5,
  optim: 6,
  layers: 6,
  losses: 6,
  streams: 6,
  pool: 7,
  theory: 7,
  uncertainty: 7,
  lint: 8,
  jax: 8,
  tfjs: 8,
  index: 9,
};

const sourceFiles = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const importsOf = (file: string): string[] =>
  [...readFileSync(join(src, file), "utf8").matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)].map(
    (match) => match[1]!,
  );
const partOf = (file: string): string => file.split("/")[0]!.replace(/\.ts$/, "");

describe("imports", () => {
  test.each(sourceFiles)("%s imports only parts before its own", (file) => {
    const rank = RANKS[partOf(file)];
    expect(rank, `${partOf(file)} has no rank; add it to RANKS`).toBeDefined();
    for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
      const target = relative(src, resolve(src, dirname(file), specifier)).replace(/\.js$/, "");
      const isAllowed = partOf(target) === partOf(file) || RANKS[partOf(target)]! < rank!;
      expect(isAllowed, `${file} must not import ${target}`).toBe(true);
    }
  });

  test("only adapters import an engine, and nothing else is imported from outside", () => {
    const engines: Record<string, RegExp> = { jax: /^@jax-js\/jax$/, tfjs: /^@tensorflow\/tfjs/ };
    for (const file of sourceFiles) {
      const outside = importsOf(file).filter((name) => !name.startsWith(".") && !name.startsWith("node:"));
      const engine = engines[partOf(file)];
      for (const name of outside) expect(engine?.test(name) ?? false, `${file} must not import ${name}`).toBe(true);
    }
  });
});
