// The entry points of the packages, in the order in which the reference shows them.

import { fileURLToPath } from "node:url";

/** By package: its entry points, which are also the names of their source files. */
export const ENTRIES = {
  hadamask: ["index", "light", "noise", "theory", "uncertainty", "doctor", "streams", "jax", "tfjs", "webgpu", "pool"],
  onnx: ["index", "ensemble", "mlp", "wrap", "node"],
  experiments: ["index", "settings", "statistics", "charts", "reproduce"],
};

/** The source file of each entry point. */
export const entryFiles = () =>
  Object.entries(ENTRIES).flatMap(([name, entries]) =>
    entries.map((entry) => fileURLToPath(new URL(`../../${name}/src/${entry}.ts`, import.meta.url))),
  );
