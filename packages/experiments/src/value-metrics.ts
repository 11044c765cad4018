// What a prediction of values is worth: errors, likelihood, and whether intervals hold what they promise. Pure
// functions of plain arrays, all in the value's own unit.

import { normalCdf, portableExp, portableLog } from "hadamask/theory";

/** What is kept of the prediction for each row: a normal law, and the value that came. */
export interface ValuePredictions {
  readonly value: Float64Array;
  readonly mean: Float64Array;
  /** Standard deviation of the noise. */
  readonly deviation: Float64Array;
  /** Negative logarithm of the density at the value, in nats. */
  readonly nll: Float64Array;
}

/** From what a network gives to the value's own unit: value = shift + scale * output. */
export interface Unit {
  readonly shift: number;
  readonly scale: number;
}

export const emptyValues = (rows: number): ValuePredictions => ({
  value: new Float64Array(rows),
  mean: new Float64Array(rows),
  deviation: new Float64Array(rows),
  nll: new Float64Array(rows),
});

/**
 * Fills in the rows from `start` on, from the outputs of the network: the mean and, where there are two, the logarithm
 * of the noise's variance, which is held within ± `mostLogVariance`. Where there is one, the noise is left at 0, for
 * {@link withNoise}.
 *
 * Numerics. In float64, by functions that round alike on every engine.
 */
export function scoreOutputs(
  into: ValuePredictions,
  start: number,
  outputs: Float32Array,
  values: ArrayLike<number>,
  { shift, scale }: Unit,
  mostLogVariance: number,
): void {
  const size = outputs.length / values.length;
  for (let r = 0; r < values.length; r++) {
    const at = start + r;
    into.value[at] = values[r]!;
    into.mean[at] = shift + scale * outputs[r * size]!;
    if (size === 1) continue;
    const logVariance = Math.max(-mostLogVariance, Math.min(mostLogVariance, outputs[r * size + 1]!));
    into.deviation[at] = scale * portableExp(logVariance / 2);
    into.nll[at] = nllOf(into, at);
  }
}

/** The same noise for all rows. */
export function withNoise(into: ValuePredictions, deviation: number): void {
  into.deviation.fill(deviation);
  for (let at = 0; at < into.nll.length; at++) into.nll[at] = nllOf(into, at);
}

const HALF_LOG_2_PI = 0.9189385332046727;

/** ln(2 pi) / 2 + ln(deviation) + (value - mean)^2 / 2 deviation^2 */
function nllOf({ value, mean, deviation }: ValuePredictions, at: number): number {
  const distance = (value[at]! - mean[at]!) / deviation[at]!;
  return HALF_LOG_2_PI + portableLog(deviation[at]!) + (distance * distance) / 2;
}

/** Root of the mean square error. */
export function rootMeanSquare({ value, mean }: Pick<ValuePredictions, "value" | "mean">): number {
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += (value[i]! - mean[i]!) ** 2;
  return Math.sqrt(sum / value.length);
}

/**
 * The level of the narrowest interval around each mean that holds the value: 2 Φ(|value - mean| / deviation) - 1. Even
 * in [0, 1] if the law is right.
 */
export const levelsOf = ({ value, mean, deviation }: ValuePredictions): Float64Array =>
  value.map((y, i) => (y === mean[i] ? 0 : 2 * normalCdf(Math.abs(y - mean[i]!) / deviation[i]!) - 1));

/**
 * Where in its law each value lies: Φ((value - mean) / deviation), the probability integral transform. Even in [0, 1]
 * if the law is right.
 *
 * @see Dawid, "Statistical theory: the prequential approach", JRSS A 147 (1984).
 */
export const transforms = ({ value, mean, deviation }: ValuePredictions): Float64Array =>
  value.map((y, i) => (y === mean[i] ? 0.5 : normalCdf((y - mean[i]!) / deviation[i]!)));

/** The level that coverage is told of. */
export const LEVEL = 0.95;

/** Levels of intervals whose promises are held against what they hold: 0.05 to 0.95. */
export const LEVELS: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Share of values in the interval of each of {@link LEVELS}. @param levels As {@link levelsOf} gives them. */
export function coverageCurve(levels: Float64Array): number[] {
  const sorted = levels.toSorted();
  let inside = 0;
  return LEVELS.map((level) => {
    while (inside < sorted.length && sorted[inside]! <= level) inside++;
    return inside / sorted.length;
  });
}

/** Mean gap between the levels that are promised and those that are held. */
export const coverageGap = (levels: Float64Array): number =>
  coverageCurve(levels).reduce((sum, held, i) => sum + Math.abs(held - LEVELS[i]!), 0) / LEVELS.length;
