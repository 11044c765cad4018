// Where the calibration error of a model may lie, given the bins of some rows: by test inversion, since the error has
// no normal law near 0, where models that are calibrated have it.

import { logGamma } from "../special/beta.js";
import type { Interval } from "./binomial.js";
import type { BinMeasure, BinSums } from "./bins.js";

/**
 * Tails of the two tests, as parts of 1 - level. A calibrated model is covered unless the first one fails (2.5 % at
 * level 0.95), any other unless one of both does.
 */
const [BELOW, ABOVE] = [0.5, 0.5];

/**
 * The errors that bins like these would not be surprising for.
 *
 *     share of right rows in bin b, at strength s = value[b] - s * gap[b]       s = 0: calibrated
 *
 * The gaps are the observed ones, shrunk by what chance makes of them. For each strength the rows of a bin are right by
 * a binomial law; the interval holds the errors whose `measure` is neither too often above the observed one nor too
 * often below it.
 *
 * @param measure The estimate from the sums of bins; `isSquared` says what it estimates.
 * @param uniforms draws x bins numbers that stand for chance, the same for each strength.
 */
export function calibrationInterval(
  sums: BinSums,
  measure: BinMeasure,
  isSquared: boolean,
  uniforms: Float64Array,
  level: number,
): Interval {
  const bins = filled(sums);
  const model = new StrengthModel(bins, measure, uniforms);
  const truth = (s: number): number => errorOf(bins, model.shares(s), isSquared);
  const observed = measure(bins);
  const [below, above] = [BELOW * (1 - level), ABOVE * (1 - level)];
  // As strength rises the measure does: it is rarely as high as observed below the interval, rarely as low above it.
  const isHighEnough = (s: number): boolean => model.share(s, (value) => value >= observed - ROUNDING) >= below;
  const isLowEnough = (s: number): boolean => model.share(s, (value) => value <= observed + ROUNDING) >= above;
  const low = isHighEnough(0) ? 0 : truth(edge((s) => !isHighEnough(s)));
  return [low, isLowEnough(0) ? truth(edge(isLowEnough)) : 0];
}

/** Sums of the same numbers in another order differ by less. */
const ROUNDING = 1e-12;

/** The largest strength for which a condition holds that holds at 0, to a part in 1000. */
function edge(holds: (s: number) => boolean): number {
  let [low, high] = [0, 1];
  while (holds(high) && high < 2 ** 40) [low, high] = [high, 2 * high];
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

/** The true error if rows of each bin were right with these shares. */
function errorOf({ count, value }: BinSums, shares: Float64Array, isSquared: boolean): number {
  let [sum, rows] = [0, 0];
  for (let b = 0; b < count.length; b++) {
    const gap = Math.abs(value[b]! / count[b]! - shares[b]!);
    sum += count[b]! * (isSquared ? gap * gap : gap);
    rows += count[b]!;
  }
  return sum / rows;
}

/** What the measure would be, for each strength. */
class StrengthModel {
  readonly #bins: BinSums;
  readonly #measure: BinMeasure;
  readonly #gaps: Float64Array;
  /** For each bin the draws in the order of their uniform numbers, and these. */
  readonly #orders: { readonly draw: Int32Array; readonly u: Float64Array }[];
  readonly #draws: number;

  constructor(bins: BinSums, measure: BinMeasure, uniforms: Float64Array) {
    this.#bins = bins;
    this.#measure = measure;
    this.#gaps = shrunkGaps(bins);
    const size = bins.count.length;
    this.#draws = Math.floor(uniforms.length / size);
    this.#orders = Array.from({ length: size }, (_, b) => {
      const own = Float64Array.from({ length: this.#draws }, (_, d) => uniforms[d * size + b]!);
      const draw = Int32Array.from(own.keys()).sort((x, y) => own[x]! - own[y]!);
      return { draw, u: Float64Array.from(draw, (d) => own[d]!) };
    });
  }

  /** The share of right rows in each bin. */
  shares(s: number): Float64Array {
    const { count, value } = this.#bins;
    return this.#gaps.map((gap, b) => Math.min(1, Math.max(0, value[b]! / count[b]! - s * gap)));
  }

  /** How often the measure fulfils a condition. */
  share(s: number, fulfils: (value: number) => boolean): number {
    const size = this.#orders.length;
    const right = new Float64Array(this.#draws * size);
    const shares = this.shares(s);
    this.#orders.forEach(({ draw, u }, b) => {
      binomialQuantiles(this.#bins.count[b]!, shares[b]!, u, (i, k) => {
        right[draw[i]! * size + b] = k;
      });
    });
    let count = 0;
    for (let d = 0; d < this.#draws; d++) {
      const one = { ...this.#bins, right: right.subarray(d * size, (d + 1) * size) };
      if (fulfils(this.#measure(one))) count++;
    }
    return count / this.#draws;
  }
}

/**
 * Gaps between value and share of right rows, less what chance makes of them: each is drawn towards a common curve by
 * its own variance against the variance around the curve. The curve is that of a temperature near 1,
 * a * value * (1 - value).
 */
function shrunkGaps({ count, value, right }: BinSums): Float64Array {
  const gap = value.map((sum, b) => (sum - right[b]!) / count[b]!);
  const curve = value.map((sum, b) => Math.max(1e-3, (sum / count[b]!) * (1 - sum / count[b]!)));
  const chance = value.map((sum, b) => {
    const p = sum / count[b]!;
    const share = (right[b]! + 0.5) / (count[b]! + 1);
    return Math.max(p * (1 - p), share * (1 - share), 1e-9) / count[b]!;
  });
  let [between, slope] = [1, 0];
  for (let i = 0; i < 50; i++) {
    const weights = chance.map((v) => 1 / (v + between));
    const total = weights.reduce((a, b) => a + b, 0);
    const squares = weights.reduce((sum, w, b) => sum + w * curve[b]! ** 2, 0);
    slope = weights.reduce((sum, w, b) => sum + w * curve[b]! * gap[b]!, 0) / squares;
    const excess = weights.reduce((sum, w, b) => sum + w * ((gap[b]! - slope * curve[b]!) ** 2 - chance[b]!), 0);
    between = Math.max(0, excess / total);
  }
  const out = gap.map((g, b) => {
    const common = slope * curve[b]!;
    return common + ((g - common) * between) / (between + chance[b]!);
  });
  // Nothing is seen: then the nearest thing to calibrated is another temperature.
  return out.every((g) => Math.abs(g) < 1e-9) ? curve.map((c) => (slope < 0 ? -1e-2 : 1e-2) * c) : out;
}

/** Calls back with the quantiles of a binomial law at rising numbers `u`. */
function binomialQuantiles(n: number, p: number, u: Float64Array, take: (i: number, k: number) => void): void {
  const spread = 8.5 * Math.sqrt(n * p * (1 - p)) + 2;
  let k = Math.max(0, Math.floor(n * p - spread));
  const most = Math.min(n, Math.ceil(n * p + spread));
  let mass = p === 0 || p === 1 ? 1 : Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  if (p === 1) k = n;
  let below = mass;
  for (let i = 0; i < u.length; i++) {
    while (below < u[i]! && k < most) {
      mass *= ((n - k) / (k + 1)) * (p / (1 - p));
      k++;
      below += mass;
    }
    take(i, k);
  }
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
