// Holds the direction of imports, types included, in every package: a part may only import what stands before it in
// its package's list, and a package only the packages before it. What runs in a page as well must not know Node.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface House {
  /** Ranks of the package's parts (folders, and files at its top); a part imports parts of a lower rank, or itself. */
  readonly ranks: Readonly<Record<string, number>>;
  /** What is imported from outside, by part; "*" holds for all parts. */
  readonly outside: Readonly<Record<string, RegExp>>;
}

const ordered = (...tiers: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(tiers.flatMap((tier, rank) => tier.split(" ").map((part) => [part, rank])));

const HOUSES: Readonly<Record<string, House>> = {
  hadamask: {
    ranks: ordered(
      "types",
      "check",
      "options",
      "special",
      "random",
      "kernels",
      "placement",
      "noise",
      "layers streams training",
      "theory uncertainty pool webgpu",
      "lint doctor",
      "jax tfjs",
      "index light",
    ),
    outside: { jax: /^@jax-js\/jax$/, tfjs: /^@tensorflow\/tfjs/, pool: /^node:/, kernels: /^node:/ },
  },
  onnx: {
    ranks: ordered(
      "check size",
      "protobuf",
      "graph graph-builder notes",
      "answers places export-target",
      "sites export-mlp",
      "rewrite shape-outputs",
      "with-dropout",
      "predict",
      "inspection wrap",
      "advice",
      "inspect",
      "ensemble mlp node",
      "index",
    ),
    outside: {
      graph: /^hadamask$/,
      predict: /^hadamask(\/(uncertainty|webgpu))?$/,
      inspection: /^hadamask$/,
      inspect: /^hadamask$/,
      wrap: /^hadamask$/,
      node: /^node:/,
    },
  },
  experiments: {
    ranks: ordered(
      "usage kinds chance listed wasm-module",
      "result",
      "sweep-result wording",
      "value-metrics",
      "metrics data reproduce",
      "models",
      "variants",
      "training",
      "statistics",
      "charts",
      "comparison",
      "settings statistics-entry charts-entry reproduce-entry",
      "index",
    ),
    outside: { "*": /^(hadamask(\/\w+)?|@jax-js\/jax|echarts)$/ },
  },
  cli: {
    ranks: ordered(
      "failure signals",
      "files",
      "output",
      "data",
      "page",
      "train uncertainty verify explain bench demo lab",
      "sweep",
      "reproduce",
      "theory-page commands",
      "main",
      "index",
    ),
    outside: { "*": /^(?!\.)/ },
  },
};

const packages = fileURLToPath(new URL("../../..", import.meta.url));
/** What a file imports; examples in its comments do not count. */
const importsOf = (path: string): string[] =>
  [
    ...readFileSync(path, "utf8")
      .replaceAll(/^ *\*.*$/gm, "")
      .matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm),
  ].map((match) => (match[1] ?? match[2])!);

describe.each(Object.entries(HOUSES))("imports of %s", (name, { ranks, outside }) => {
  const src = join(packages, name, "src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  // An entry point may have the name of a folder: settings.ts, charts.ts. It stands behind all of them.
  const partOf = (file: string): string => {
    const [head] = file.split("/") as [string];
    return head.endsWith(".ts") && `${head.slice(0, -3)}-entry` in ranks
      ? `${head.slice(0, -3)}-entry`
      : head.replace(/\.ts$/, "");
  };

  test.each(files)("%s imports only parts before its own", (file) => {
    const rank = ranks[partOf(file)];
    expect(rank, `${partOf(file)} has no rank; add it to the list of ${name}`).toBeDefined();
    for (const specifier of importsOf(join(src, file))) {
      if (!specifier.startsWith(".")) {
        const allowed = outside[partOf(file)] ?? outside["*"];
        expect(allowed?.test(specifier) ?? false, `${file} must not import ${specifier}`).toBe(true);
        continue;
      }
      const target = partOf(relative(src, resolve(src, dirname(file), specifier)).replace(/\.js$/, ".ts"));
      const isAllowed = target === partOf(file) || ranks[target]! < rank!;
      expect(isAllowed, `${file} must not import ${specifier}`).toBe(true);
    }
  });
});

describe("circles", () => {
  const files = readdirSync(packages, { recursive: true, encoding: "utf8" })
    .filter((file) => /^\w+\/src\/.*\.ts$/.test(file))
    .map((file) => join(packages, file));
  const known = new Set(files);
  const targets = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .map((specifier) => resolve(dirname(file), specifier).replace(/\.js$/, ".ts"))
        .filter((target) => known.has(target)),
    ]),
  );

  test("no file imports itself through others, types included", () => {
    const done = new Set<string>();
    const path: string[] = [];
    const visit = (file: string): void => {
      const at = path.indexOf(file);
      const circle = at === -1 ? [] : [...path.slice(at), file].map((name) => relative(packages, name));
      expect(circle).toEqual([]);
      if (done.has(file)) return;
      path.push(file);
      for (const target of targets.get(file)!) visit(target);
      path.pop();
      done.add(file);
    };
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) visit(file);
  });
});
