// The table that float32 normal numbers are read from: |z| as cubic polynomials, piece by piece. Made from the
// float64 definition (random/normal.ts) when it is first needed; knows no device.
//
// Square roots and divisions of a GPU may be off by several units in the last place, and its logarithm by more, so
// the formula of the definition is no use there. Sums and products are rounded rightly everywhere.

import { absoluteNormal } from "../random/normal.js";
import { OCTAVES, SEGMENTS } from "./wgsl/noise.js";

/** The points at which a cubic meets the function: Chebyshev's, on [-1, 1]. */
const NODES = [1, 3, 5, 7].map((k) => Math.cos((k * Math.PI) / 8));

/** Below this 1 - v has lost too many bits of u, and three terms of the series are exact to 2^-43. */
const SERIES = 2 ** -10;

/** |z| where u = 1 - v, for 0 < u < 1/2. */
function centre(u: number): number {
  if (u >= SERIES) return absoluteNormal(1 - u);
  const w = (Math.PI / 4) * u * u;
  return Math.sqrt(Math.PI / 2) * u * (1 + w / 3 + (7 * w * w) / 30);
}

/** Coefficients of the cubic through (NODES[i], y[i]): Newton's form, multiplied out. */
function cubic(y: readonly number[]): number[] {
  const d = [...y];
  for (let order = 1; order < 4; order++) {
    for (let i = 3; i >= order; i--) d[i] = (d[i]! - d[i - 1]!) / (NODES[i]! - NODES[i - order]!);
  }
  let c = [d[3]!];
  for (let i = 2; i >= 0; i--) {
    const next = [d[i]!, ...c]; // c t + d
    c.forEach((value, power) => {
      next[power]! -= NODES[i]! * value;
    });
    c = next;
  }
  return c;
}

/**
 * Four coefficients for each segment: first all octaves of v < 1/2, then all of u = 1 - v < 1/2, each octave [2^e,
 * 2^(e+1)) in units of 2^-32 cut into equal segments, t running over [-1, 1] in each.
 *
 * Numerics. The numbers that a shader makes of it differ from the definition by less than 2 units in the last place
 *   (1.07 over all 2^31 words, fused or not; `test/unit/webgpu/normal-table.test.ts` samples them).
 */
export function normalTable(): Float32Array<ArrayBuffer> {
  const table = new Float32Array(2 * OCTAVES * SEGMENTS * 4);
  [absoluteNormal, centre].forEach((z, half) => {
    for (let octave = 0; octave < OCTAVES; octave++) {
      for (let segment = 0; segment < SEGMENTS; segment++) {
        const at = ((half * OCTAVES + octave) * SEGMENTS + segment) * 4;
        const y = NODES.map((t) => z(2 ** (octave - 32) * (1 + (segment + (t + 1) / 2) / SEGMENTS)));
        table.set(cubic(y), at);
      }
    }
  });
  return table;
}
