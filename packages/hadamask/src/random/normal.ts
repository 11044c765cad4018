// Standard normal numbers of mask stream 1: the quantile function at the middle of each of 2^32 equal cells, by a
// fixed sequence of float64 operations. The sequence and its 28 coefficients are part of the stream: docs/stream.md,
// "Continuous draws".
//
// Why not a published routine: with Wichura's AS 241 (1988) 15 % of the draws need a logarithm, which engines round
// differently. Here 98.4 % take one square root and one division, and the rest four square roots and one division: 9
// ns a number in plain TypeScript against 16 with AS 241 (its logarithm by Math.log). Rational functions of 1 - u^2
// alone need degree 8 for the same error, and take 12 ns: the square root costs less than the four coefficients it
// saves.

import { checkIndex, checkKey, checkLength, checkOffset, isFloatArray, typeError } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatArray, Key } from "../types.js";
import { noiseWords } from "./plane-words.js";

/** Words drawn at a time: they stay in the fastest cache until they are converted. */
const PIECE = 1024;

/** Below it are the tails, |z| > 2.42. */
const TAIL = 2 ** -6;

/**
 * The standard normal number of a noise word: the top bit is the sign (1 is minus), the other 31 bits, k, give
 *
 *     v = (k + 1/2) / 2^31            |z| = Φ⁻¹(1 - v / 2)
 *
 * Numerics. Relative error at most 5e-13. `v`, 1 - v and 2 - v are exact, so small |z| lose nothing. Different words
 *   give different numbers, in the order of v; none is 0, and the largest is 6.338.
 *
 * The coefficients are best approximations in the relative error, found and measured by oracles/normal_fit.py. Each
 * polynomial is split into even and odd powers: the even ones need no square root, so their work and the root's
 * overlap.
 */
export function normalOfWord(word: number): number {
  const z = absoluteNormal(((word & 0x7fffffff) + 0.5) * 2 ** -31);
  return word >>> 31 === 0 ? z : -z;
}

/** Φ⁻¹(1 - v / 2) for 2^-32 <= v < 1, as {@link normalOfWord} has it. */
export function absoluteNormal(v: number): number {
  return v >= TAIL ? centralNormal(v) : tailNormal(v);
}

/**
 * |z| = u P(x) / Q(x), where u = 1 - v and x = √(1 - u²): z / u is an even function of u, with its singularity at x =
 * 0.
 */
function centralNormal(v: number): number {
  const s = v * (2 - v); // 1 - u², without its cancellation
  const x = Math.sqrt(s);
  const p =
    ((0.016889443430057584 * s + 14.742265098937889) * s + 4.486270755030274) * s +
    0.005275934313104646 +
    x * ((2.954032218605109 * s + 15.305428410907068) * s + 0.36046927653184624);
  const q =
    ((s + 12.607351439755028) * s + 1.6226401819695098) * s +
    0.0011394081692564625 +
    x * ((7.196108689066233 * s + 7.68784282540762) * s + 0.10130934829384773);
  return ((1 - v) * p) / q;
}

/** |z| = P(x) / Q(x), where x = v^(1/16) is between 1/4 and 0.78: the root stands in for a logarithm. */
function tailNormal(v: number): number {
  const y = Math.sqrt(Math.sqrt(Math.sqrt(v)));
  const x = Math.sqrt(y);
  const p =
    ((136.40919201873209 * y - 57.456838187320784) * y - 78.03063557603777) * y -
    1.0065569007647261 +
    x * (((-21.512838517005694 * y - 201.02297030709425) * y + 254.63052439987987) * y - 32.0120367980854);
  const q =
    ((7.332357084551008 * y + 28.383762078320085) * y - 16.62960083352644) * y -
    0.0781116015551062 +
    x * (((y - 35.021235350772514) * y + 18.04029289084426) * y - 3.4701677595965883);
  return p / q;
}

/**
 * Draws `n` standard normal numbers.
 *
 *     z[j] = ±Φ⁻¹(1 - v / 2)          v = (k + 1/2) / 2^31
 *
 * where the sign is the top bit (1 is minus) and k the other 31 bits of the noise word of element offset + j under
 * `key` (mask stream 1, docs/stream.md).
 *
 * Randomness. A pure function of `key` and the element's index: any piece can be asked for, in any order. Uniforms
 *   and normals of one key come from the same words, so draw them from different keys; masks of that key are
 *   independent of both.
 * Numerics. Relative error at most 5e-13, by a fixed sequence of +, -, *, / and square root: every engine and
 *   language gives the same bits. Float32 results are those numbers, rounded once. None is 0; |z| is at most 6.338; z
 *   and -z are equally likely.
 * Cost. About 19 ns an element, 0.6 times the Box-Muller method on `Math.random`; allocates n elements unless `out`
 * is given.
 *
 * @param options.out A Float32Array or Float64Array of n elements; it is returned. A new Float64Array if none is given.
 * @throws {TypeError | RangeError} If `n`, `offset` or their sum is not a whole number in range, `key` is not a key, or
 *   `out` is no Float32Array or Float64Array of n elements.
 * @example
 * ```ts
 * import { key, normal } from "hadamask";
 * console.log(normal(2, { key: key(42) })); // Float64Array(2) [ -1.180144703500035, 0.899461674102606 ]
 * ```
 * @see Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988).
 */
export function normal<Out extends FloatArray = Float64Array>(
  n: number,
  options: { readonly key: Key; readonly offset?: number; readonly out?: Out },
): Out {
  checkIndex("normal", "n", n, 2 ** 32);
  checkOptions("normal", options, ["key", "offset", "out"]);
  const key = checkKey("normal", options.key);
  const offset = checkOffset("normal", options.offset, n);
  const out = options.out ?? (new Float64Array(n) as FloatArray as Out);
  if (!isFloatArray(out)) throw typeError("normal", "out", "a Float32Array or a Float64Array", out);
  checkLength("normal", "out", out.length, n, "as asked for");
  drawNormals(out, key, offset);
  return out;
}

/** {@link normal} without the checks, for layers: fills `out`. */
export function drawNormals(out: FloatArray, key: Key, offset: number): void {
  const words = new Uint32Array(Math.min(out.length, PIECE));
  for (let done = 0; done < out.length; done += PIECE) {
    const n = Math.min(PIECE, out.length - done);
    noiseWords(words, n, key, offset + done);
    for (let j = 0; j < n; j++) out[done + j] = normalOfWord(words[j]!);
  }
}
