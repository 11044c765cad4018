// What becomes of the variance of a feature on its way from dropout to the next batch normalisation: in training, where
// part of it is noise, and at prediction. Knows no rule.

import { ACTIVATIONS } from "../special/activations.js";
import type { Feature } from "../theory/batch-norm.js";
import type { Scaling } from "../types.js";

type RealFunction = (x: number) => number;

const logistic: RealFunction = (x) => 1 / (1 + Math.exp(-x));
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };
const exponentialUnit =
  (alpha: number, scale = 1): RealFunction =>
  (x) =>
    scale * (x > 0 ? x : alpha * Math.expm1(x));
/** The approximation by tanh. */
const gelu: RealFunction = (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

/** What each activation does; the others let values pass as they are. */
const FUNCTIONS: Readonly<Record<string, RealFunction>> = {
  relu: ACTIVATIONS.relu.value,
  leakyrelu: (x) => (x > 0 ? x : 0.01 * x),
  gelu,
  elu: exponentialUnit(1),
  selu: exponentialUnit(SELU.alpha, SELU.scale),
  silu: (x) => x * logistic(x),
  swish: (x) => x * logistic(x),
  tanh: Math.tanh,
  sigmoid: logistic,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  mish: (x) => x * Math.tanh(Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
};

const PASSES = /^(activation|identity|flatten|reshape)$/i;
const LINEAR = /^(dense|linear|(depthwise|separable)?conv(olution)?_?[123]?d?(transpose)?)$/i;

export const isPassedThrough = (layer: string): boolean => PASSES.test(layer) || functionOf(layer) !== undefined;
export const isLinear = (layer: string): boolean => LINEAR.test(layer);

function functionOf(layer: string): RealFunction | undefined {
  const name = layer.toLowerCase().replaceAll("_", "");
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
}

/** Variances in training and at prediction. */
export interface Carried {
  readonly train: number;
  readonly eval: number;
}

/**
 * Carries a normal feature through dropout and the layers behind it.
 *
 *     dropout      x * scale with probability keep, else 0; at prediction x (classic: keep * x)
 *     activation   exact, by quadrature
 *     dense, conv  a sum over features with weights of mean 0: normal, of mean 0, its variances in the same ratio
 */
export function carry(
  feature: Feature,
  { keep, scaling }: { readonly keep: number; readonly scaling: Scaling },
  layers: readonly string[],
): Carried {
  const deviation = Math.sqrt(feature.variance);
  const scale = scaling === "inverted" ? 1 / keep : 1;
  const atEval = scaling === "inverted" ? 1 : keep;
  /** First and second moment of f(factor * x). */
  let inTraining = (f: RealFunction): Moments => {
    const [kept, dropped] = [normalMoments((x) => f(scale * x), feature.mean, deviation), f(0)];
    return {
      mean: keep * kept.mean + (1 - keep) * dropped,
      square: keep * kept.square + (1 - keep) * dropped ** 2,
    };
  };
  let atPrediction = (f: RealFunction): Moments => normalMoments((x) => f(atEval * x), feature.mean, deviation);
  let f: RealFunction = (x) => x;
  for (const layer of layers) {
    const next = functionOf(layer);
    if (next !== undefined) f = after(f, next);
    if (!isLinear(layer)) continue;
    const deviations = [inTraining, atPrediction].map((moments) => Math.sqrt(varianceOf(moments(f))));
    inTraining = (g) => normalMoments(g, 0, deviations[0]!);
    atPrediction = (g) => normalMoments(g, 0, deviations[1]!);
    f = (x) => x;
  }
  return { train: varianceOf(inTraining(f)), eval: varianceOf(atPrediction(f)) };
}

const after =
  (first: RealFunction, second: RealFunction): RealFunction =>
  (x) =>
    second(first(x));

interface Moments {
  readonly mean: number;
  readonly square: number;
}

const varianceOf = ({ mean, square }: Moments): number => Math.max(0, square - mean ** 2);

/** E f(x) and E f(x)^2 for a normal x, by Simpson's rule on ±10 standard deviations, split at 0 where f may bend. */
function normalMoments(f: RealFunction, mean: number, deviation: number): Moments {
  if (deviation === 0) return { mean: f(mean), square: f(mean) ** 2 };
  const bend = Math.min(10, Math.max(-10, -mean / deviation));
  let [sum, squares] = [0, 0];
  for (const [low, high] of [
    [-10, bend],
    [bend, 10],
  ] as const) {
    const n = 400;
    const step = (high - low) / n;
    for (let i = 0; i <= n; i++) {
      const z = low + i * step;
      const simpson = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
      const weight = (simpson / 3) * step * Math.exp((-z * z) / 2);
      const value = f(mean + deviation * z);
      sum += weight * value;
      squares += weight * value * value;
    }
  }
  const total = Math.sqrt(2 * Math.PI);
  return { mean: sum / total, square: squares / total };
}
