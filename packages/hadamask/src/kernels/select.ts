// Which kernel this machine gets.

import type { Kernel } from "./kernel.js";
import { scalarKernel } from "./scalar.js";
import { simdKernel } from "./simd.js";
import { isSimdSupported } from "./simd-instance.js";

let chosen: Kernel | undefined;

/**
 * The fastest kernel that runs here: WASM SIMD, or plain TypeScript where that is missing or a security policy
 * forbids it.
 */
export function kernel(): Kernel {
  chosen ??= isSimdSupported() ? simdKernel() : scalarKernel;
  return chosen;
}
