import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { HEAP, STAGE } from "../../../src/kernels/simd-instance.js";

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

test("the committed bytes of the SIMD module are those that its sources compile to", () => {
  const built = execFileSync(process.execPath, [file("assembly/build.mjs"), "--print"], { encoding: "utf8" });
  expect(readFileSync(file("src/kernels/simd-wasm.ts"), "utf8") === built, "run node assembly/build.mjs").toBe(true);
});

test("the memory map of the module and that of TypeScript do not overlap", () => {
  const source = readFileSync(file("assembly/layout.ts"), "utf8");
  const scratch = Number(/SCRATCH: usize = (\d+)/.exec(source)?.[1]);
  expect(scratch).toBeGreaterThan(0);
  expect(STAGE).toBe(scratch);
  expect(HEAP % 4096).toBe(0);
});
