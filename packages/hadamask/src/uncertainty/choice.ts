// Choosing among ways to predict (rates, places) by likelihood on held-out rows, with the plain answer always
// next to them.

import { checkLength } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { judge, type Labels, meanOf } from "./judged.js";
import { normalQuantile } from "./mean-interval.js";

/** One candidate, measured on the validation rows. */
export interface Trial<T> {
  readonly candidate: T;
  /** Mean negative log-likelihood, in nats. */
  readonly nll: number;
  /** Mean over rows of its negative log-likelihood less the baseline's: below 0 it is better. */
  readonly difference: number;
  /** Standard error of that difference over the rows. */
  readonly standardError: number;
  /** 95 % interval of the difference, wide enough to hold for all candidates at once (Bonferroni). */
  readonly interval: readonly [number, number];
}

export interface Choice<T> {
  /** The candidate with the lowest negative log-likelihood. */
  readonly best: Trial<T>;
  /** All of them, in the order they were given. */
  readonly trials: readonly Trial<T>[];
  /** Mean negative log-likelihood of the plain answer. */
  readonly baseline: number;
  /**
   * "yes": the best is better than the plain answer, beyond chance. "no": it is worse. "unclear": these rows do not
   * tell.
   */
  readonly helps: "yes" | "no" | "unclear";
  /** The same in a sentence. */
  readonly sentence: string;
}

export interface ChoiceOptions<T> {
  /** Right classes of the validation rows. */
  readonly labels: Labels;
  /** Probabilities without dropout, rows x classes. */
  readonly baseline: FloatInput;
  /** Probabilities of a candidate for the same rows. */
  readonly predict: (candidate: T) => FloatInput | Promise<FloatInput>;
}

/**
 * Tries candidates one after the other on labelled rows that the model was not trained on, and takes the most likely
 * one, the first of those that are equal.
 *
 * Numerics. Differences are paired row by row with the plain answer. The best of several looks better than it is; the
 *   interval, which holds for all candidates at once, allows for that when it is said whether dropout helps. Judge
 *   the choice on other rows.
 *
 * @throws {TypeError | RangeError} If there is no candidate, or probabilities and labels do not fit.
 * @example
 * ```ts
 * import { chooseByLikelihood } from "hadamask/uncertainty";
 * const labels = [0, 0, 1, 0];
 * const sharpened = [0.99, 0.01, 0.99, 0.01, 0.99, 0.01, 0.99, 0.01]; // too sure: the third row is wrong
 * const soften = (share: number) => sharpened.map((p) => (1 - share) * p + share / 2);
 * const { best } = await chooseByLikelihood([0.1, 0.5, 0.9], { labels, baseline: sharpened, predict: soften });
 * console.log(best.candidate); // 0.5
 * ```
 */
export async function chooseByLikelihood<T>(candidates: readonly T[], options: ChoiceOptions<T>): Promise<Choice<T>> {
  const where = "chooseByLikelihood";
  checkOptions(where, options, ["labels", "baseline", "predict"]);
  if (candidates.length === 0) throw new RangeError(`${where}: candidates must have at least one entry, got 0`);
  const { labels, baseline, predict } = options;
  const plain = judge(where, baseline, labels).nll;
  const z = normalQuantile(1 - 0.025 / candidates.length);
  const trials: Trial<T>[] = [];
  for (const candidate of candidates) {
    const { nll } = judge(where, await predict(candidate), labels);
    checkLength(where, "the rows of a candidate", nll.length, plain.length, "like the baseline");
    trials.push(trialOf(candidate, nll, plain, z));
  }
  const best = trials.reduce((a, b) => (b.nll < a.nll ? b : a));
  const [low, high] = best.interval;
  const helps = high < 0 ? "yes" : low > 0 ? "no" : "unclear";
  const result = { best, trials, baseline: meanOf(plain), helps } as const;
  return { ...result, sentence: sentenceOf(result, plain.length) };
}

function trialOf<T>(candidate: T, nll: Float64Array, plain: Float64Array, z: number): Trial<T> {
  const differences = nll.map((value, row) => value - plain[row]!);
  const difference = meanOf(differences);
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  const rows = differences.length;
  const standardError = rows < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (rows - 1) / rows);
  const interval = [difference - z * standardError, difference + z * standardError] as const;
  return { candidate, nll: meanOf(nll), difference, standardError, interval };
}

function sentenceOf({ best, baseline, helps }: Omit<Choice<unknown>, "sentence" | "trials">, rows: number): string {
  const against = `${shown(baseline)} without dropout on ${rows} rows`;
  const numbers = `negative log-likelihood ${shown(best.nll)} against ${against}`;
  const interval = `difference ${shown(best.difference)}, ${shown(best.interval[0])} to ${shown(best.interval[1])}`;
  if (helps === "yes") return `Monte-Carlo dropout helps on this data: ${numbers} (${interval}).`;
  if (helps === "no") return `Monte-Carlo dropout does not help on this data, it does harm: ${numbers} (${interval}).`;
  return `Monte-Carlo dropout does not help on this data beyond chance: ${numbers} (${interval}).`;
}

const shown = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "unknown");
