// `#native` for Node: @hadamask/native, found when a kernel is first needed, and not by bundlers.
import { createRequire } from "node:module";

export function loadNative() {
  return createRequire(import.meta.url)("@hadamask/native");
}
