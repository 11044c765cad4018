// The law of a sum over bins, given the share of right rows in each: three moments, summed exactly bin by bin, and the
// gamma law that has them.

import { logGamma } from "../special/beta.js";
import { normalCdf } from "../special/normal.js";

/** A true error and the cumulants of what is measured, in rows. */
export interface Law {
  readonly truth: number;
  readonly mean: number;
  readonly variance: number;
  readonly third: number;
}

/** Bins with at least one row, and what is added up over them. */
export interface BinTerms {
  readonly count: Float64Array;
  /** The mean confidence of each bin. */
  readonly confidence: Float64Array;
  /** What each bin adds if 0, 1, 2 ... of its rows are right. */
  readonly terms: readonly Float64Array[];
  /** The true error is the mean over rows of |confidence - share|^power. */
  readonly power: number;
}

/** The law where so many rows of each bin are right by a binomial law, and a multinomial one says where rows are. */
export function lawAt({ count, confidence, terms, power }: BinTerms, shares: Float64Array): Law {
  let [rows, truth, squares, mean, variance, third] = [0, 0, 0, 0, 0, 0];
  for (let b = 0; b < count.length; b++) {
    const n = count[b]!;
    const error = Math.abs(confidence[b]! - shares[b]!) ** power;
    const [first, second, last] = momentsUnderBinomial(shares[b]!, terms[b]!);
    rows += n;
    truth += n * error;
    squares += n * error * error;
    mean += first;
    variance += second - first * first;
    third += last - 3 * first * second + 2 * first ** 3;
  }
  // Rows of another sample fall into other bins: each brings the error of its bin.
  return { truth, mean, variance: variance + squares - truth ** 2 / rows, third };
}

/** Means of f, f^2 and f^3 under a binomial law, f given at 0 … n. */
function momentsUnderBinomial(p: number, f: Float64Array): [number, number, number] {
  const n = f.length - 1;
  if (p === 0 || p === 1) {
    const only = f[p * n]!;
    return [only, only ** 2, only ** 3];
  }
  const spread = 7 * Math.sqrt(n * p * (1 - p)) + 2;
  const least = Math.max(0, Math.floor(n * p - spread));
  const most = Math.min(n, Math.ceil(n * p + spread));
  let mass = Math.exp(logChoose(n, least) + least * Math.log(p) + (n - least) * Math.log1p(-p));
  const odds = p / (1 - p);
  let [total, first, second, third] = [0, 0, 0, 0];
  for (let k = least; k <= most; k++) {
    const at = f[k]!;
    total += mass;
    first += mass * at;
    second += mass * at * at;
    third += mass * at * at * at;
    mass *= ((n - k) / (k + 1)) * odds;
  }
  return [first / total, second / total, third / total];
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/**
 * The probability of at most `x` under a shifted gamma law with these cumulants. Where a law is one point,
 * half of it counts as below.
 *
 * @see Wilson and Hilferty, "The distribution of chi-square", Proceedings of the National Academy of Sciences 17
 *   (1931).
 */
export function lawBelow({ mean, variance, third }: Law, x: number): number {
  if (!(variance > 1e-18)) return Math.abs(x - mean) < 1e-9 ? 0.5 : x > mean ? 1 : 0;
  const deviation = Math.sqrt(variance);
  const skewness = third / (variance * deviation);
  const z = (x - mean) / deviation;
  if (Math.abs(skewness) < 1e-4) return normalCdf(z);
  const shape = 4 / skewness ** 2;
  const ratio = 1 + (skewness * z) / 2; // of the gamma variable and its mean
  if (ratio <= 0) return skewness > 0 ? 0 : 1;
  const root = 3 * Math.sqrt(shape) * (Math.cbrt(ratio) - 1 + 1 / (9 * shape));
  return normalCdf(skewness > 0 ? root : -root);
}
