// Which test files have a process of their own. All others share one process a worker and load each module once, which
// halves the time of the suite. packages/hadamask/test/docs/alone.test.ts holds that what has to be here is.

/** Patterns from the root of the repository: files, "*" in a name, "**" for folders, "{a,b}" for a choice. */
export const ALONE: string[] = [
  // They start processes, threads, browsers or devices.
  "packages/*/test/{browser,docs,package,hostile,fuzz,queue}/**/*.test.ts",
  "packages/native/test/**/*.test.ts",
  "packages/hadamask/test/conformance/kernels*.test.ts",
  "packages/hadamask/test/unit/{kernels,pool,webgpu}/**/*.test.ts",
  "packages/cli/test/unit/{bench,demo,faults,files,output,theory-page}/**/*.test.ts",
  "packages/cli/test/unit/main.test.ts",
  "packages/onnx/test/unit/gpu-masks.test.ts",
  // They put something else in the place of a module or a global.
  "packages/hadamask/test/unit/tfjs/in-graph.test.ts",
  "packages/cli/test/unit/data/load.test.ts",
  "packages/cli/test/unit/verify/broken.test.ts",
  // The engine keeps the graphs that it compiled, some MB a training; one process cannot hold those of all files.
  "packages/cli/test/unit/commands/{train*,sweep*,merge,export-story}.test.ts",
  "packages/cli/test/unit/train/*.test.ts",
  "packages/site/test/unit/lab/train.test.ts",
  "packages/experiments/test/unit/{cnn-prediction,models,run,comparison}.test.ts",
  "packages/experiments/test/unit/{variants,model-variants,recurrent-variants}.test.ts",
];
