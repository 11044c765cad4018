// Which kernel this machine gets. Knows the plain one only, and of that the masks: the entry points put the others in
// by importing fast.ts, and `hadamask/light` does not.

import type { Kernel, MaskKernel } from "./kernel.js";
import { scalarMasks } from "./scalar-masks.js";

/** Kernels by name: "native" is C (@hadamask/native), "simd" WebAssembly, "scalar" plain TypeScript. */
export type KernelName = "native" | "simd" | "scalar";

/** Picks one of the faster kernels: the one that is asked for, or the best; undefined where there is none. */
export type Pick = (wanted: KernelName | undefined) => Kernel | undefined;

let pick: Pick = () => undefined;
let chosen: MaskKernel | undefined;

/** Puts the faster kernels in. */
export function install(fast: Pick): void {
  pick = fast;
  chosen = undefined;
}

/**
 * The fastest kernel that runs here: native, WASM SIMD, or plain TypeScript where these are missing or a security
 * policy forbids them. `HADAMASK_KERNEL` in the environment of a Node process chooses another.
 */
export function kernel(): MaskKernel {
  if (chosen === undefined) {
    const wanted = wantedKernel();
    chosen = wanted === "scalar" ? scalarMasks : (pick(wanted) ?? scalarMasks);
  }
  return chosen;
}

/**
 * The kernel that does the work here.
 *
 *     "native"   C, of the package @hadamask/native          (Node, where it is installed and built)
 *     "simd"     WebAssembly SIMD                            (everywhere else that allows WebAssembly)
 *     "scalar"   plain TypeScript                            (everywhere)
 *
 * All of them give the same bits. The first there is of these is taken, or the one that the environment variable
 * `HADAMASK_KERNEL` names when it is first needed.
 *
 * @throws {Error} If `HADAMASK_KERNEL` names none of them, or one that is not available here.
 * @example
 * ```ts
 * import { kernelName } from "hadamask";
 * console.log(["native", "simd", "scalar"].includes(kernelName())); // true
 * ```
 */
export function kernelName(): KernelName {
  return kernel().name as KernelName;
}

function wantedKernel(): KernelName | undefined {
  const { process } = globalThis as { process?: { readonly env?: { readonly HADAMASK_KERNEL?: string } } };
  const wanted = process?.env?.HADAMASK_KERNEL;
  if (wanted === undefined || wanted === "") return undefined;
  if (wanted === "native" || wanted === "simd" || wanted === "scalar") return wanted;
  throw new Error(`HADAMASK_KERNEL must be native, simd or scalar, got ${JSON.stringify(wanted)}`);
}
