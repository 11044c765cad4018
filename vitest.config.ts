// Runs every package's tests against the sources: `hadamask` resolves to packages/hadamask/src, not to dist.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { softwareGpu } from "./scripts/software-gpu.mjs";
import { ALONE } from "./test/alone.js";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const every: { testTimeout: number; hookTimeout: number; env: Record<string, string> } = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  env: softwareGpu(),
};

const resolve: { alias: { find: RegExp; replacement: string }[] } = {
  alias: [
    { find: /^hadamask$/, replacement: source("packages/hadamask/src/index.ts") },
    { find: /^hadamask\/(.+)$/, replacement: `${source("packages/hadamask/src")}/$1.ts` },
    { find: /^@hadamask\/onnx\/(ensemble|mlp|node|wrap)$/, replacement: source("packages/onnx/src/$1.ts") },
    { find: /^@hadamask\/onnx$/, replacement: source("packages/onnx/src/index.ts") },
    { find: /^@hadamask\/experiments$/, replacement: source("packages/experiments/src/index.ts") },
    { find: /^@hadamask\/experiments\/(.+)$/, replacement: `${source("packages/experiments/src")}/$1.ts` },
    { find: /^@hadamask\/cli\/data$/, replacement: source("packages/cli/src/data/load.ts") },
    { find: /^@hadamask\/cli$/, replacement: source("packages/cli/src/index.ts") },
  ],
};

export default defineConfig({
  resolve,
  test: {
    reporters: ["default", source("test/plain-reporter.ts")],
    // As many as there are processors; by itself vitest leaves one out, which is half of two. It stands here alone, not
    // in the projects, so that --maxWorkers has the last word.
    maxWorkers: "100%",
    projects: [
      { resolve, test: { ...every, name: "alone", include: ALONE, isolate: true } },
      {
        resolve,
        test: { ...every, name: "shared", include: ["packages/*/test/**/*.test.ts"], exclude: ALONE, isolate: false },
      },
    ],
  },
});
