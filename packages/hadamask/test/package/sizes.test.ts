// What a page pays for the library, as a bundler (Vite) makes it: minified, then compressed. The README states these.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const README = readFileSync(`${root}/README.md`, "utf8");

const CASES = [
  { what: "`dropout` of `hadamask/light`", code: 'export { dropout } from "hadamask/light"', most: 6, hasWasm: false },
  { what: "all of `hadamask/light`", code: 'export * from "hadamask/light"', most: 6.5, hasWasm: false },
  { what: "`dropout` of `hadamask`", code: 'export { dropout } from "hadamask"', most: 18, hasWasm: true },
] as const;

/** The bundle of an entry, as text. */
async function bundleOf(code: string): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (/\bentry$/.test(id) ? "\0entry" : null),
        load: (id) => (id === "\0entry" ? code : null),
      },
    ],
    build: { write: false, minify: true, rollupOptions: { input: "entry", preserveEntrySignatures: "strict" } },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rollup.RollupOutput;
  return output.map((file) => ("code" in file ? file.code : "")).join("");
}

/** The start of the WASM module in base64. */
const WASM = "AGFzbQ";

describe("bundled for a page (needs npm run build)", () => {
  test.each(CASES)("$what takes at most $most kB, as the README says", async ({ what, code, most, hasWasm }) => {
    const bundle = await bundleOf(code);
    const kB = gzipSync(bundle, { level: 9 }).length / 1000;
    expect(kB).toBeLessThanOrEqual(most);
    // The fast kernel is put in by an import for its effect, which a bundler must not drop.
    expect(bundle.includes(WASM)).toBe(hasWasm);
    const stated = README.split("\n").find((line) => line.startsWith(`| ${what} |`));
    expect(Number(/([\d.]+) kB/.exec(stated ?? "")?.[1]), `${what} in the README`).toBeCloseTo(kB, 0);
  });
});
