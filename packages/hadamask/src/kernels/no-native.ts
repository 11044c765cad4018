// What everyone but Node gets for `#native`.

/** @throws {Error} Always. */
export function loadNative(): unknown {
  throw new Error("there are no native kernels outside of Node");
}
