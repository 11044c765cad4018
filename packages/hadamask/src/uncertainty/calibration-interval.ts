// Where the calibration error of a model may lie, given the bins of some rows: by test inversion, since the error has
// no normal law near 0, where models that are calibrated have it. Knows sums of bins, and draws nothing.

import { type BinTerms, type Law, lawAt, lawBelow } from "./bin-law.js";
import type { Interval } from "./binomial.js";
import type { BinMeasure, BinSums } from "./bins.js";
import { tailsAt } from "./tails.js";

/** A gap that is so many of its standard errors from 0 is there; others may be chance. */
const CLEAR = 2.5;

/** What other gaps are multiplied with, in the way that has few gaps. */
const REST = 0.1;

/**
 * The errors that bins like these would not be surprising for.
 *
 *     share of right rows in bin b, at strength s = confidence[b] - s * gap[b]       s = 0: calibrated
 *
 * At each strength the rows of a bin are right by a binomial law, and so many rows are in it as a multinomial law
 * gives. What is not known is how gaps are spread over the bins: with few gaps, more of what is measured is chance. Two
 * ways are tried: gaps where they are clear (elsewhere a tenth of what was seen), and the same gap everywhere, with the
 * signs that were seen. A true error is too low if both ways say so, and too high if their mean does. Towards 0 the
 * error of the interval goes to its lower end (tails.ts), so that 0 is inside for 95 % of calibrated models.
 */
export function calibrationInterval(sums: BinSums, measure: BinMeasure, level: number): Interval {
  const { most, isTooLow, isTooHigh } = tested(sums, measure, level);
  const low = isTooLow(0) ? edge(isTooLow, most) : 0;
  const high = edge((truth) => !isTooHigh(truth), most);
  return [low, Math.max(low, high)];
}

/** Of what is asked for, a way counts no more than so many times as much in the mean of both. */
const CAP = 3;

/** Which true errors are too low or too high for what was measured, and the largest that there can be. */
export function tested(
  sums: BinSums,
  measure: BinMeasure,
  level: number,
): { most: number; isTooLow: (truth: number) => boolean; isTooHigh: (truth: number) => boolean } {
  const { bins, seen, right } = binsOf(sums, measure);
  const rows = bins.count.reduce((sum, n) => sum + n, 0);
  const observed = bins.terms.reduce((sum, terms, b) => sum + terms[right[b]!]!, 0);
  const calibrated = lawAt(bins, bins.confidence);
  // A gap that was not seen is taken to be where there is more room for one.
  const even = seen.map((gap, b) => (gap < 0 || (gap === 0 && bins.confidence[b]! < 0.5) ? -1 : 1));
  const ways = [fewOf(bins, seen, right), even].filter((gaps) => gaps.some((gap) => gap !== 0));

  /** For each way, how likely a measure so low and one so high are at a true error, in parts of what is asked. */
  const likely = (truth: number): { low: number; high: number }[] =>
    ways.map((gaps) => {
      const law = truth === 0 ? calibrated : lawOfTruth(bins, gaps, truth * rows);
      if (law === undefined) return { low: 0, high: 0 };
      const { mean, variance } = law;
      const distance = variance > 0 ? (mean - calibrated.mean) / Math.sqrt(variance) : Number.POSITIVE_INFINITY;
      const tails = tailsAt(Math.max(0, distance), 1 - level);
      const below = lawBelow(law, observed);
      return { low: tails.below > 0 ? Math.min(CAP, below / tails.below) : CAP, high: (1 - below) / tails.above };
    });
  return {
    most: lawAt(bins, sharesAt(bins, even, Number.MAX_VALUE)).truth / rows,
    isTooLow: (truth) => likely(truth).every(({ high }) => high < 1),
    isTooHigh: (truth) => meanOf(likely(truth).map(({ low }) => low)) < 1,
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The largest value up to `most` for which a condition holds that holds at 0, to a part in 10,000. */
function edge(holds: (value: number) => boolean, most: number): number {
  if (holds(most)) return most;
  let [low, high] = [0, most / 1024];
  while (high < most && holds(high)) [low, high] = [high, 2 * high];
  for (let i = 0; i < 13; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Bins that are not empty, what was seen in them, and what is measured. */
function binsOf(
  { count, value, right }: BinSums,
  measure: BinMeasure,
): { bins: BinTerms; seen: Float64Array; right: Float64Array } {
  const isFull = (_: number, b: number): boolean => count[b]! > 0;
  const [n, values, of] = [count.filter(isFull), value.filter(isFull), right.filter(isFull)];
  const confidence = values.map((sum, b) => sum / n[b]!);
  const term = measure.power === 2 ? measure.term : sharpened;
  const terms = Array.from(n, (rows, b) =>
    Float64Array.from({ length: rows + 1 }, (_, k) => term(rows, values[b]!, k)),
  );
  const seen = confidence.map((p, b) => p - of[b]! / n[b]!);
  return { bins: { count: n, confidence, terms, power: measure.power }, seen, right: of };
}

/**
 * The absolute gap of a bin, less where it is within chance. The mean of |gap| is too large by 0.8 standard errors
 * where there is none, and by none where there is a wide one; of this the excess varies by 0.6, so that it matters less
 * how gaps are spread.
 */
function sharpened(n: number, value: number, right: number): number {
  const [gap, error] = [Math.abs(value - right) / n, standardError(n, value / n, right)];
  return n * (gap - 0.6 * error * Math.exp(-2 * (gap / error) ** 2));
}

/** Of a bin's share of right rows, between that of its confidence and that of what was seen. */
function standardError(n: number, confidence: number, right: number): number {
  const share = (right + 0.5) / (n + 1);
  return Math.sqrt((confidence * (1 - confidence) + share * (1 - share)) / (2 * n));
}

/** Gaps as seen where they are clear, or the clearest one; the others nearly without one. */
function fewOf({ count, confidence }: BinTerms, seen: Float64Array, right: Float64Array): Float64Array {
  const clear = seen.map((gap, b) => Math.abs(gap) / standardError(count[b]!, confidence[b]!, right[b]!));
  const threshold = Math.min(CLEAR, Math.max(...clear));
  return seen.map((gap, b) => (clear[b]! >= threshold ? gap : REST * gap));
}

const sharesAt = ({ confidence }: BinTerms, gaps: Float64Array, s: number): Float64Array =>
  confidence.map((p, b) => Math.min(1, Math.max(0, p - s * gaps[b]!)));

/** The law at the strength that gives a true error, in rows; undefined if none does. */
function lawOfTruth(bins: BinTerms, gaps: Float64Array, truth: number): Law | undefined {
  const { count, confidence, power } = bins;
  const isLess = (s: number): boolean => {
    let sum = 0;
    for (let b = 0; b < count.length; b++) {
      const gap = s * gaps[b]!;
      const room = gap > 0 ? confidence[b]! : 1 - confidence[b]!;
      sum += count[b]! * Math.min(Math.abs(gap), room) ** power;
    }
    return sum < truth * (1 - 1e-12);
  };
  let [low, high] = [0, 1];
  while (isLess(high)) {
    [low, high] = [high, 2 * high];
    if (high > 2 ** 40) return undefined;
  }
  for (let i = 0; i < 22; i++) {
    const middle = (low + high) / 2;
    if (isLess(middle)) low = middle;
    else high = middle;
  }
  return lawAt(bins, sharesAt(bins, gaps, high));
}
