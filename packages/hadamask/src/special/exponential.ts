// exp, and the logit of a uniform draw, by a fixed sequence of float64 + - * /: engines round Math.exp and Math.log
// differently, and noise made of them would differ with them. Half as fast as Math, so only noise uses them.

/** ln 2 in two parts: the first ends in 21 zero bits, so that its products with whole numbers below 2^21 are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

/** 2^k for k = -1074 … 1023 at index k + 1074: products by 2 are exact, powers by Math.pow need not be. */
const POWERS_OF_TWO: Float64Array = powersOfTwo();

function powersOfTwo(): Float64Array {
  const powers = new Float64Array(2098);
  powers[0] = Number.MIN_VALUE;
  for (let i = 1; i < powers.length; i++) powers[i] = 2 * powers[i - 1]!;
  return powers;
}

/**
 * exp(x), the same bits on every engine.
 *
 *     exp(x) = 2^k exp(r)      k = round(x / ln 2),  |r| <= ln 2 / 2,  exp(r) by its Taylor polynomial of degree 13
 *
 * Numerics. Relative error below 4e-16; 0 below -745.2 and infinite above 709.79, as Math.exp.
 *
 * @example
 * ```ts
 * import { portableExp } from "hadamask/theory";
 * console.log(portableExp(0), portableExp(-800)); // 1 0
 * ```
 */
export function portableExp(x: number): number {
  if (!(x > -745.2)) return Number.isNaN(x) ? Number.NaN : 0;
  if (x > 709.79) return Number.POSITIVE_INFINITY;
  const k = Math.round(x * Math.LOG2E);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  // Horner's rule written out, 1/13! down to 1: a loop over an array takes four times as long.
  let sum = 1 / 6227020800;
  sum = sum * r + 1 / 479001600;
  sum = sum * r + 1 / 39916800;
  sum = sum * r + 1 / 3628800;
  sum = sum * r + 1 / 362880;
  sum = sum * r + 1 / 40320;
  sum = sum * r + 1 / 5040;
  sum = sum * r + 1 / 720;
  sum = sum * r + 1 / 120;
  sum = sum * r + 1 / 24;
  sum = sum * r + 1 / 6;
  sum = sum * r + 0.5;
  sum = sum * r + 1;
  sum = sum * r + 1;
  // Two factors, so that subnormal results are rounded once and k = 1024 is reached.
  const half = k >> 1;
  return sum * POWERS_OF_TWO[half + 1074]! * POWERS_OF_TWO[k - half + 1074]!;
}

const BITS = new DataView(new ArrayBuffer(8));

/**
 * ln x, the same bits on every engine.
 *
 *     ln x = k ln 2 + 2 (s + s³ / 3 + … + s²¹ / 21)     x = 2^k m,  m in [2/3, 4/3),  s = (m - 1) / (m + 1)
 *
 * Numerics. Relative error below 1e-15; NaN below 0, -Infinity at 0, as Math.log.
 *
 * @example
 * ```ts
 * import { portableLog } from "hadamask/theory";
 * console.log(portableLog(1), portableLog(0)); // 0 -Infinity
 * ```
 */
export function portableLog(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < 2.2250738585072014e-308) return portableLog(x * 18014398509481984) - 54 * Math.LN2; // subnormal, times 2^54
  BITS.setFloat64(0, x);
  let k = (BITS.getUint32(0) >>> 20) - 1023;
  BITS.setUint32(0, (BITS.getUint32(0) & 0xfffff) | 0x3ff00000);
  let m = BITS.getFloat64(0); // in [1, 2)
  if (m >= 4 / 3) {
    m /= 2;
    k++;
  }
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let sum = 1 / 21;
  for (let n = 19; n > 0; n -= 2) sum = sum * s2 + 1 / n;
  return k * LN2_HIGH + (2 * s * sum + k * LN2_LOW);
}

/** 1 / (1 + exp(-z)), the same bits on every engine. */
export function portableSigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + portableExp(-z));
  const e = portableExp(z);
  return e / (1 + e);
}

/**
 * ln u - ln(1 - u) for a uniform draw u = (w + 1/2) / 2^32, the same bits on every engine.
 *
 * Numerics. Absolute error below 1e-14. Both logarithms are of whole numbers: u = a / 2^33 with a = 2w + 1, 1 - u =
 * (2^33 - a) / 2^33.
 */
export function portableLogit(u: number): number {
  const a = u * 2 ** 33;
  return logOfWhole(a) - logOfWhole(2 ** 33 - a);
}

/** ln n for a whole n in [1, 2^33]: e ln 2 + 2 artanh((m - 1) / (m + 1)) with n = m 2^e and m in [0.7, 1.42). */
function logOfWhole(n: number): number {
  let e = n >= 2 ** 32 ? 32 : 31 - Math.clz32(n);
  let m = n / POWERS_OF_TWO[e + 1074]!;
  if (m > Math.SQRT2) {
    m /= 2;
    e++;
  }
  const s = (m - 1) / (m + 1);
  const square = s * s;
  // 1 + s^2 / 3 + s^4 / 5 + … + s^22 / 23
  let series = 1 / 23;
  series = series * square + 1 / 21;
  series = series * square + 1 / 19;
  series = series * square + 1 / 17;
  series = series * square + 1 / 15;
  series = series * square + 1 / 13;
  series = series * square + 1 / 11;
  series = series * square + 1 / 9;
  series = series * square + 1 / 7;
  series = series * square + 1 / 5;
  series = series * square + 1 / 3;
  series = series * square + 1;
  return e * LN2_HIGH + (e * LN2_LOW + 2 * s * series);
}
