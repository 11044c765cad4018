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
  special: 2,
  random: 3,
  kernels: 4,
  placement: 5,
  noise: 6,
  layers: 7,
  streams: 7,
  training: 7,
  theory: 8,
  uncertainty: 8,
  lint: 9,
  pool: 8,
  jax: 9,
  tfjs: 9,
  webgpu: 9,
  index: 10,
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
