// Runs every package's tests against the sources: `hadamask` resolves to packages/hadamask/src, not to dist.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { softwareGpu } from "./scripts/software-gpu.mjs";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^hadamask$/, replacement: source("packages/hadamask/src/index.ts") },
      { find: /^hadamask\/(.+)$/, replacement: `${source("packages/hadamask/src")}/$1.ts` },
      { find: /^@hadamask\/onnx\/node$/, replacement: source("packages/onnx/src/node.ts") },
      { find: /^@hadamask\/onnx$/, replacement: source("packages/onnx/src/index.ts") },
      { find: /^@hadamask\/experiments$/, replacement: source("packages/experiments/src/index.ts") },
      { find: /^@hadamask\/experiments\/(.+)$/, replacement: `${source("packages/experiments/src")}/$1.ts` },
      { find: /^@hadamask\/cli$/, replacement: source("packages/cli/src/index.ts") },
    ],
  },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    reporters: ["default", source("test/plain-reporter.ts")],
    testTimeout: 60_000,
    env: softwareGpu(),
  },
});
