// From a probability to the integer that decides. Knows nothing of keys.

/** Planes of random bits a decision may look at: the resolution of a double. */
export const PLANES = 53;

/** The threshold of a mask that keeps everything. */
export const KEEP_ALL: number = 2 ** PLANES;

/**
 * `T = round(keep * 2^53)`: an element is kept if and only if its 53-bit integer is below T. T = 0 drops all and T =
 * 2^53 keeps all; in between the realised probability T / 2^53 differs from `keep` by at most 2^-54.
 */
export function threshold(keep: number): number {
  return Math.round(keep * KEEP_ALL);
}

/**
 * The bits of T for planes 0, 1, … down to its last 1, most significant first, for 0 < T < 2^53. Past that last 1 an
 * element that is still equal to T's prefix cannot fall below T, so no plane after it is ever drawn.
 */
export function thresholdBits(T: number): Uint8Array {
  const bits: number[] = [];
  for (let rest = T, half = KEEP_ALL / 2; rest > 0; half /= 2) {
    const bit = rest >= half ? 1 : 0;
    bits.push(bit);
    rest -= bit * half;
  }
  return Uint8Array.from(bits);
}
