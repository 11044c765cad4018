// Normal numbers as PyTorch's CPU `randn` makes them from its uniforms. Knows no generator.
//
// The words drawn and the formulas are PyTorch's. The last bit of a result is not promised: it depends on the
// logarithm, sine and cosine of the machine (PyTorch's vectorised ones for 16 and more elements, the C library's
// below).

import type { Dtype } from "../random/source.js";
import type { FloatArray } from "../types.js";
import { floatArray, rounder } from "./stream.js";

/** What is drawn from: uniform numbers with the resolution of an element type, and the one normal number left over. */
export interface UniformSource {
  uniform(dtype: Dtype): number;
  /** PyTorch keeps the second of a pair of normals for the next call; `undefined` when there is none. */
  spareNormal: number | undefined;
}

/** The size from which PyTorch fills blocks of 16. */
const BLOCK = 16;

export function randn(source: UniformSource, n: number, dtype: Dtype): FloatArray {
  const out = floatArray(n, dtype);
  if (n < BLOCK) for (let i = 0; i < n; i++) out[i] = single(source);
  else fillBlocks(source, out, dtype);
  return out;
}

/** Box–Muller in float64, two at a time. @see Box and Muller, Annals of Mathematical Statistics 29 (1958). */
function single(source: UniformSource): number {
  const spare = source.spareNormal;
  if (spare !== undefined) {
    source.spareNormal = undefined;
    return spare;
  }
  const u1 = source.uniform("float64");
  const u2 = source.uniform("float64");
  const radius = Math.sqrt(-2 * Math.log1p(-u2));
  const angle = 2 * Math.PI * u1;
  source.spareNormal = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

/**
 * Uniforms first, then blocks of 16 in place: element j and j + 8 of a block make one pair. A short last block is
 * drawn anew.
 */
function fillBlocks(source: UniformSource, out: FloatArray, dtype: Dtype): void {
  const n = out.length;
  const whole = n - (n % BLOCK);
  for (let i = 0; i < n; i++) out[i] = source.uniform(dtype);
  for (let i = 0; i < whole; i += BLOCK) transform(out, i, dtype);
  if (whole === n) return;
  for (let i = n - BLOCK; i < n; i++) out[i] = source.uniform(dtype);
  transform(out, n - BLOCK, dtype);
}

function transform(out: FloatArray, start: number, dtype: Dtype): void {
  const round = rounder(dtype);
  for (let j = start; j < start + BLOCK / 2; j++) {
    const radius = round(Math.sqrt(round(-2 * round(Math.log(1 - out[j]!)))));
    const angle = round(round(2 * Math.PI) * out[j + BLOCK / 2]!);
    out[j] = radius * round(Math.cos(angle));
    out[j + BLOCK / 2] = radius * round(Math.sin(angle));
  }
}
