// Puts the native and the SIMD kernel in. Imported for that alone, by every entry point but `hadamask/light`.

import { nativeKernel } from "./native.js";
import { findNative, needNative } from "./native-addon.js";
import { install } from "./select.js";
import { simdKernel } from "./simd.js";
import { isSimdSupported } from "./simd-instance.js";

install((wanted) => {
  if (wanted === "native") return nativeKernel(needNative());
  const addon = wanted === undefined ? findNative() : undefined;
  if (addon !== undefined) return nativeKernel(addon);
  if (isSimdSupported()) {
    try {
      return simdKernel();
    } catch (error) {
      // A memory takes gigabytes of address space, which a limit may forbid (ulimit -v).
      if (wanted === "simd" || !(error instanceof RangeError)) throw error;
      return undefined;
    }
  }
  if (wanted === "simd") throw new Error("HADAMASK_KERNEL=simd: needs WebAssembly with SIMD");
  return undefined;
});
