// Loads @hadamask/native. Not by an import: it may be missing, and in a page it is.

import { nodeModule } from "./node-module.js";

/** @throws {Error} Where it is not installed or has no addon for this platform, and outside of Node. */
export function loadNative(): unknown {
  const node = nodeModule<{ createRequire(from: string): (name: string) => unknown }>("module");
  if (node === undefined) throw new Error("there are no native kernels outside of Node");
  return node.createRequire(import.meta.url)("@hadamask/native");
}
