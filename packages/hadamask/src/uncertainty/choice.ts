// Choosing among ways to predict (rates, places) by likelihood on held-out rows, with the plain answer always
// next to them.

import { checkLength } from "../check.js";
import { checkOptions } from "../options.js";
import type { FloatInput } from "../types.js";
import { type Judged, judgeRows, type Labelled, type Labels, labelled, meanOf } from "./judged.js";
import { meanInterval } from "./mean-interval.js";
import { expectedDifferences, unseenRows } from "./unseen.js";

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
 * Numerics. Differences are paired row by row with the plain answer; their interval is by empirical likelihood. Few
 *   rows of a sure model may hold none that is wrong, where one of the two loses most: half a row that is right and
 *   half a row that is wrong, with what both models expect of them, belong to it. The best of several looks better than
 *   it is; the interval, which holds for all candidates at once, allows for that when it is said whether dropout helps.
 *   Judge the choice on other rows. Coverage: test/statistics/choice.test.ts, table in docs/uncertainty.md.
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
  const judged = (probabilities: FloatInput): Labelled & Judged => {
    const table = labelled(where, probabilities, labels);
    return { ...table, ...judgeRows(table, labels) };
  };
  const plain = judged(baseline);
  const level = 1 - 0.05 / candidates.length;
  const trials: Trial<T>[] = [];
  for (const candidate of candidates) {
    const other = judged(await predict(candidate));
    checkLength(where, "the classes of a candidate", other.classes, plain.classes, "like the baseline");
    trials.push(trialOf(candidate, other, plain, level));
  }
  const best = trials.reduce((a, b) => (b.nll < a.nll ? b : a));
  const [low, high] = best.interval;
  const helps = high < 0 ? "yes" : low > 0 ? "no" : "unclear";
  const result = { best, trials, baseline: meanOf(plain.nll), helps } as const;
  return { ...result, sentence: sentenceOf(result, plain.rows) };
}

function trialOf<T>(candidate: T, other: Labelled & Judged, plain: Labelled & Judged, level: number): Trial<T> {
  const differences = other.nll.map((value, row) => value - plain.nll[row]!);
  const difference = meanOf(differences);
  const squares = differences.reduce((sum, value) => sum + (value - difference) ** 2, 0);
  const rows = differences.length;
  const standardError = rows < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(squares / (rows - 1) / rows);
  const unseen = unseenRows(expectedDifferences(plain, other, plain), plain.correct);
  const interval = meanInterval(differences, level, unseen);
  return { candidate, nll: meanOf(other.nll), difference, standardError, interval };
}

function sentenceOf({ best, baseline, helps }: Omit<Choice<unknown>, "sentence" | "trials">, rows: number): string {
  const against = `${shown(baseline)} without dropout on ${rows} rows`;
  const numbers = `negative log-likelihood ${shown(best.nll)} against ${against}`;
  const interval = `difference ${shown(best.difference)}, ${shown(best.interval[0])} to ${shown(best.interval[1])}`;
  if (helps === "yes") return `Monte-Carlo dropout helps on this data: ${numbers} (${interval}).`;
  if (helps === "no") return `Monte-Carlo dropout does not help on this data, it does harm: ${numbers} (${interval}).`;
  return `Monte-Carlo dropout does not help on this data beyond chance: ${numbers} (${interval}).`;
}

/** Three digits, with a minus sign that is one. */
const shown = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))).replace(/^-/, "−") : "unknown";
