// What @hadamask/onnx adds to a page that has hadamask, by a real bundler, minified and compressed: all of it, the
// one function that most pages want, and what has an entry point of its own. Another test holds what hadamask itself
// takes.

import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

const dist = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const alias = {
  "#native": dist("hadamask/dist/kernels/no-native.js"),
  "hadamask/uncertainty": dist("hadamask/dist/uncertainty.js"),
  hadamask: dist("hadamask/dist/index.js"),
};

/** A page that imports these names and nothing else. */
async function sizeOf(entryPoint: string, names: string, isWhole: boolean): Promise<number> {
  const entry = `export ${names} from ${JSON.stringify(dist(`onnx/dist/${entryPoint}.js`))};`;
  const bundle = await rolldown({
    input: "page",
    platform: "browser",
    plugins: [
      {
        name: "page",
        resolveId: (id: string) => (id === "page" ? id : null),
        load: (id: string) => (id === "page" ? entry : null),
      },
    ],
    ...(isWhole ? { resolve: { alias } } : { external: [/^hadamask/] }),
  });
  const { output } = await bundle.generate({ minify: true });
  await bundle.close();
  return gzipSync(output.map((part) => ("code" in part ? part.code : "")).join("\n"), { level: 9 }).length;
}

test.each([
  ["@hadamask/onnx by itself", "index", "*", 41_000],
  ["monteCarlo alone", "index", "{ monteCarlo }", 37_000],
  ["@hadamask/onnx/ensemble", "ensemble", "*", 38_000],
  ["@hadamask/onnx/mlp", "mlp", "*", 4_700],
  ["@hadamask/onnx/wrap", "wrap", "*", 2_800],
] as const)("%s", { timeout: 120_000 }, async (what, entryPoint, names, most) => {
  const bytes = await sizeOf(entryPoint, names, false);
  const whole = await sizeOf(entryPoint, names, true);
  console.log(
    `${what}: ${(bytes / 1000).toFixed(1)} kB; with what it uses of hadamask ${(whole / 1000).toFixed(1)} kB`,
  );
  expect(bytes).toBeLessThanOrEqual(most);
});
