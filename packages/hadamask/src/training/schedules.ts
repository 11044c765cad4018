// Rates that change: over training steps, and over the depth of a network. Pure functions; they know no layer.

import { checkCount, checkIndex, checkProbability, rangeError } from "../check.js";
import { checkOptions } from "../options.js";

/** The rate of dropping at a training step: `layer.rate = schedule(layer.step)` before each forward pass. */
export type RateSchedule = (step: number) => number;

/** Wraps a rate by step so that a wrong step is an error. */
const schedule =
  (name: string, rateAt: (step: number) => number): RateSchedule =>
  (step) =>
    rateAt(checkIndex(name, "step", step));

/**
 * The same rate at every step.
 *
 * @throws {TypeError | RangeError} If `rate` is not in [0, 1].
 * @example
 * ```ts
 * import { constantRate } from "hadamask";
 * console.log(constantRate(0.5)(1000)); // 0.5
 * ```
 */
export function constantRate(rate: number): RateSchedule {
  checkProbability("constantRate", "rate", rate);
  return schedule("constantRate", () => rate);
}

/**
 * A rate that goes from one value to another in equal steps and stays there.
 *
 *     rate(t) = from + (to - from) * min(1, t / steps)
 *
 * @throws {TypeError | RangeError} If `from` or `to` is not in [0, 1], or `steps` is not a whole number above 0.
 * @example
 * ```ts
 * import { linearRate } from "hadamask";
 * const rate = linearRate({ from: 0, to: 0.5, steps: 100 });
 * console.log(rate(0), rate(50), rate(1000)); // 0 0.25 0.5
 * ```
 */
export function linearRate(options: {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
}): RateSchedule {
  const name = "linearRate";
  checkOptions(name, options, ["from", "to", "steps"]);
  const { from, to, steps } = options;
  checkProbability(name, "from", from);
  checkProbability(name, "to", to);
  checkCount(name, "steps", steps);
  // At the end exactly `to`: from + (to - from) may round past it.
  return schedule(name, (step) => (step >= steps ? to : from + (to - from) * (step / steps)));
}

/**
 * Dropout only at the beginning of training, against underfitting: it makes the first gradients agree better over
 * batches.
 *
 *     "constant"   rate(t) = rate                     if t < until, else 0
 *     "linear"     rate(t) = rate * (1 - t / until)   if t < until, else 0
 *
 * @param options.until The number of steps with dropout.
 * @throws {TypeError | RangeError} If `rate` is not in [0, 1], or `until` is not a whole number.
 * @example
 * ```ts
 * import { Dropout, earlyRate, key } from "hadamask";
 * const rate = earlyRate({ rate: 0.1, until: 2 });
 * const layer = new Dropout({ rate: rate(0), key: key(1) });
 * for (let t = 0; t < 4; t++) {
 *   layer.rate = rate(layer.step);
 *   layer.forward(new Float32Array(8));
 * }
 * console.log(layer.rate); // 0
 * ```
 * @see Liu et al., "Dropout reduces underfitting", ICML 2023, section 4.
 */
export function earlyRate(options: {
  readonly rate: number;
  readonly until: number;
  /** Default "constant". The paper uses "linear" for stochastic depth. */
  readonly shape?: "constant" | "linear";
}): RateSchedule {
  const name = "earlyRate";
  checkOptions(name, options, ["rate", "until", "shape"]);
  const rate = checkProbability(name, "rate", options.rate);
  const until = checkIndex(name, "until", options.until);
  const { shape = "constant" } = options;
  if (shape !== "constant" && shape !== "linear") throw rangeError(name, "shape", '"constant" or "linear"', shape);
  const isLinear = shape === "linear";
  return schedule(name, (step) => (step >= until ? 0 : isLinear ? rate * (1 - step / until) : rate));
}

/**
 * Dropout only from some step on, against overfitting: the network fits first.
 *
 *     rate(t) = 0 if t < from, else rate
 *
 * @throws {TypeError | RangeError} If `rate` is not in [0, 1], or `from` is not a whole number.
 * @example
 * ```ts
 * import { lateRate } from "hadamask";
 * const rate = lateRate({ rate: 0.5, from: 10 });
 * console.log(rate(9), rate(10)); // 0 0.5
 * ```
 * @see Liu et al., "Dropout reduces underfitting", ICML 2023, section 5.
 */
export function lateRate(options: { readonly rate: number; readonly from: number }): RateSchedule {
  const name = "lateRate";
  checkOptions(name, options, ["rate", "from"]);
  const rate = checkProbability(name, "rate", options.rate);
  const from = checkIndex(name, "from", options.from);
  return schedule(name, (step) => (step < from ? 0 : rate));
}

/**
 * Rates that grow linearly with depth, for the residual blocks of a network from its input on.
 *
 *     rate_l = first + (last - first) * l / (depth - 1)          l = 0 … depth - 1; a single block has `last`
 *
 * With `first` 0, the default, the first block is never dropped. Huang et al. begin at last / depth.
 *
 * @param depth How many blocks there are.
 * @throws {TypeError | RangeError} If `depth` is not a whole number above 0, or a rate is not in [0, 1].
 * @example
 * ```ts
 * import { linearDepthRates } from "hadamask";
 * console.log(linearDepthRates(3, { last: 0.5 })); // [ 0, 0.25, 0.5 ]
 * ```
 * @see Huang et al., "Deep networks with stochastic depth", ECCV 2016, section 3.
 */
export function linearDepthRates(depth: number, options: { readonly last: number; readonly first?: number }): number[] {
  const where = "linearDepthRates";
  checkCount(where, "depth", depth, 2 ** 32);
  checkOptions(where, options, ["last", "first"]);
  const last = checkProbability(where, "last", options.last);
  const first = checkProbability(where, "first", options.first ?? 0);
  return Array.from({ length: depth }, (_, l) => (l === depth - 1 ? last : first + (last - first) * (l / (depth - 1))));
}
