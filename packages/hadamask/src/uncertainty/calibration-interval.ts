// Where the calibration error of a model may lie, given the bins of some rows: by test inversion, since the error has
// no normal law near 0, where models that are calibrated have it. Knows sums of bins, and draws nothing.

import { logGamma } from "../special/beta.js";
import { normalCdf } from "../special/normal.js";
import type { Interval } from "./binomial.js";
import { type BinMeasure, type BinSums, measureOf } from "./bins.js";

/** A gap that is so many of its standard errors from 0 is there; others may be chance. */
const SEEN = 2.5;

/**
 * The errors that bins like these would not be surprising for.
 *
 *     share of right rows in bin b, at strength s = value[b] - s * gap[b]       s = 0: calibrated
 *
 * At each strength the rows of a bin are right by a binomial law, and so many rows are in it as a multinomial law
 * gives. What is not known is how gaps are spread over the bins, and the fewer bins have one the further the measure is
 * above the truth. So three ways are tried: as they were seen; those alone that are surely there; as by a temperature
 * near 1, a * value * (1 - value). The interval holds what any of them says.
 *
 * Numerics. The law of the measure has its first three moments, summed exactly bin by bin (the multinomial part to
 *   first order), and between them the shape of a gamma law.
 */
export function calibrationInterval(sums: BinSums, measure: BinMeasure, level: number): Interval {
  const bins = filled(sums);
  const rows = bins.count.reduce((sum, n) => sum + n, 0);
  const observed = measureOf(measure, bins) * rows;
  const tail = (1 - level) / 2;
  const terms = termsOf(bins, measure);
  const law = (gaps: Float64Array, s: number): Law => lawAt(bins, terms, measure.power, gaps, s);
  const below = measure.power === 2 ? mostBelow : lawBelow;
  const ends = gapsOf(bins).map((gaps): Interval => {
    const isHighEnough = (s: number): boolean => 1 - lawBelow(law(gaps, s), observed) >= tail;
    const isLowEnough = (s: number): boolean => below(law(gaps, s), observed) >= tail;
    const least = (): number => {
      if (isHighEnough(0)) return 0;
      // Bins that are always right have gaps no wider: where even these are too narrow, gaps are not spread like this.
      if (!isHighEnough(MOST)) return Number.POSITIVE_INFINITY;
      return law(
        gaps,
        edge((s) => !isHighEnough(s)),
      ).truth;
    };
    const most = (): number => (isLowEnough(0) ? law(gaps, edge(isLowEnough)).truth : 0);
    return [least() / rows, most() / rows];
  });
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))];
}

/** A strength at which all bins that have a gap are always right or always wrong. */
const MOST = 2 ** 40;

/** The largest strength for which a condition holds that holds at 0, to a part in 4000. */
function edge(holds: (s: number) => boolean): number {
  let [low, high] = [0, 1];
  while (holds(high) && high < MOST) [low, high] = [high, 2 * high];
  for (let i = 0; i < 12; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Without empty bins. */
function filled({ count, value, right }: BinSums): BinSums {
  const isFull = (_: number, b: number): boolean => count[b]! > 0;
  return { count: count.filter(isFull), value: value.filter(isFull), right: right.filter(isFull) };
}

/** Ways in which gaps may be spread over bins; each is other than 0 somewhere. */
function gapsOf({ count, value, right }: BinSums): Float64Array[] {
  const confidence = value.map((sum, b) => sum / count[b]!);
  const seen = confidence.map((p, b) => p - right[b]! / count[b]!);
  const clear = seen.map((gap, b) => {
    const [p, share] = [confidence[b]!, (right[b]! + 0.5) / (count[b]! + 1)];
    return Math.abs(gap) / Math.sqrt(Math.max(p * (1 - p), share * (1 - share), 1e-9) / count[b]!);
  });
  const threshold = Math.min(SEEN, Math.max(...clear));
  const isTooSure = value.reduce((sum, v, b) => sum + v - right[b]!, 0) >= 0;
  const curve = confidence.map((p) => (isTooSure ? 1 : -1) * Math.max(1e-3, p * (1 - p)));
  const few = seen.map((gap, b) => (clear[b]! >= threshold ? gap : 0));
  const isNone = seen.every((gap) => Math.abs(gap) < 1e-9);
  return isNone ? [curve] : [few, seen, curve];
}

/** A true error and the cumulants of its measure, in rows. */
interface Law {
  readonly truth: number;
  readonly mean: number;
  readonly variance: number;
  readonly third: number;
}

/** What each bin adds to the measure if 0, 1, 2 … of its rows are right. */
const termsOf = ({ count, value }: BinSums, { term }: BinMeasure): Float64Array[] =>
  Array.from(count, (n, b) => Float64Array.from({ length: n + 1 }, (_, right) => term(n, value[b]!, right)));

function lawAt({ count, value }: BinSums, terms: Float64Array[], power: number, gaps: Float64Array, s: number): Law {
  let [rows, truth, squares, mean, variance, third] = [0, 0, 0, 0, 0, 0];
  for (let b = 0; b < count.length; b++) {
    const n = count[b]!;
    const p = Math.min(1, Math.max(0, value[b]! / n - s * gaps[b]!));
    const error = Math.abs(value[b]! / n - p) ** power;
    const [first, second, last] = momentsUnderBinomial(p, terms[b]!);
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
 * The probability of at most `x`, or more: squares of few wrong rows have a law whose lower end is a jump that a gamma
 * law does not reach, and a normal one does.
 */
const mostBelow = (law: Law, x: number): number => Math.max(lawBelow(law, x), lawBelow({ ...law, third: 0 }, x));

/**
 * The probability of at most `x` under a shifted gamma law with these cumulants.
 *
 * @see Wilson and Hilferty, "The distribution of chi-square", Proceedings of the National Academy of Sciences 17
 *   (1931).
 */
function lawBelow({ mean, variance, third }: Law, x: number): number {
  if (!(variance > 1e-18)) return x >= mean - 1e-9 ? 1 : 0;
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
