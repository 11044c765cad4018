// Every @example of the sources and every TypeScript block of the README and docs runs, and prints what it says it
// prints.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { gpuAdapter, gpuReason, nodeGpu } from "../support/gpu.js";
import { runSnippet, snippetsOf } from "./snippets.js";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

const sources = ["hadamask", "onnx", "experiments"].flatMap((name) => {
  const src = join(root, "packages", name, "src");
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(src, file));
});
const pages = [
  "README.md",
  "packages/experiments/README.md",
  ...readdirSync(join(root, "docs")).map((file) => `docs/${file}`),
]
  // its cells are one program: test of hadamask demo
  .filter((file) => file.endsWith(".md") && file !== "docs/notebook.md")
  .map((file) => join(root, file))
  .filter((file) => existsSync(file));

const cases = [...sources, ...pages].flatMap((file) => {
  const kind = file.endsWith(".md") ? "markdown" : "source";
  const name = relative(root, file);
  return snippetsOf(readFileSync(file, "utf8"), kind).map((code, i) => ({ name: `${name} #${i + 1}`, code }));
});

// Browsers have `navigator.gpu`; Node has it from Dawn, where there is a device.
if (gpuAdapter === undefined) console.log(`examples of hadamask/webgpu are not run here: ${gpuReason}`);
else {
  const navigator = { ...globalThis.navigator, userAgent: "Node.js", gpu: nodeGpu() };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

const hasAll = ({ code }: { code: string }): boolean => gpuAdapter !== undefined || !code.includes("navigator.gpu");

describe("examples", () => {
  test.each(cases.filter(hasAll))("$name runs and prints what it says", async ({ name, code }) => {
    const lines = await runSnippet(code, name.replaceAll(/\W+/g, "-"));
    for (const { line, promised, printed } of lines) expect(printed, line).toBe(promised);
  });

  test.skip.each(cases.filter((item) => !hasAll(item)))("$name needs a GPU device", () => undefined);

  test("there are examples to run", () => expect(cases.length).toBeGreaterThan(4));
});
