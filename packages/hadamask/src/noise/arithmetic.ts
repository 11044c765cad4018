// Applies a mask with a framework's own product (random/source.ts). Knows no framework.

import { kernel } from "../kernels/select.js";
import { bitAt } from "../placement/mask-bits.js";
import type { Arithmetic } from "../random/source.js";
import type { FloatArray, PackedMask } from "../types.js";

/**
 * Writes what `arithmetic` says of each element and its bit of `mask` to `out`, which may be `x`.
 * In float32 products and quotients are formed in float64 and rounded once at the store; for one operation on float32
 * values that is the float32 result (53 >= 2 * 24 + 2 bits).
 */
export function applyArithmetic(x: FloatArray, out: FloatArray, mask: PackedMask, arithmetic: Arithmetic): void {
  const { kept, factor, dropped } = arithmetic;
  if (kept === "multiply" && dropped === "zero") {
    kernel().apply(x, out, mask, factor);
    return;
  }
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (bitAt(mask, i) === 1) out[i] = kept === "multiply" ? value * factor : value / factor;
    else out[i] = dropped === "zero" ? 0 : value * 0;
  }
}
