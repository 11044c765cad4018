// What the network says of what is drawn: the state of the page, the answer in words and as a table. Knows no page.

import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { numberField, type StateOf } from "../../state/fields.js";
import { exampleOf } from "./examples.js";
import { inkField, pixelsOf } from "./ink.js";
import { type Answer, answerOf, type DigitNetwork } from "./network.js";
import type { Wording } from "./words.js";

export const MOST_PASSES = 200;
/** Passes that are seen one by one. */
export const SINGLE = 24;

export const FIELDS = {
  ink: inkField(exampleOf(3)),
  passes: numberField(50, 2, MOST_PASSES, true),
  rate: numberField(0.3, 0.02, 0.8),
  seed: numberField(1, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

export const answer = (network: DigitNetwork, { ink, passes, rate, seed }: State): Answer =>
  answerOf(network, pixelsOf(ink), { passes, rate, seed });

/** The likeliest class of each pass. */
export function votesOf({ probabilities }: Answer, classes: number): readonly number[] {
  return Array.from({ length: probabilities.length / classes }, (_, pass) => {
    const row = probabilities.subarray(pass * classes, (pass + 1) * classes);
    return row.reduce((best, p, c) => (p > row[best]! ? c : best), 0);
  });
}

export function presentAnswer(found: Answer, network: DigitNetwork, words: Wording): Presented {
  const { mean, variance, predicted, predictiveEntropy, mutualInformation } = found.statistics;
  const { classes } = network;
  const votes = votesOf(found, classes);
  const best = predicted[0]!;
  const column = (c: number): number[] => votes.map((_, pass) => found.probabilities[pass * classes + c]!);
  return {
    summary: words.summary({
      digit: best,
      passes: votes.length,
      mean: short(mean[best]!, 3),
      deviation: short(Math.sqrt(variance[best]!), 3),
      others: votes.filter((vote) => vote !== best).length,
      entropy: short(predictiveEntropy[0]!, 3),
      most: short(Math.log(classes), 3),
      information: short(mutualInformation[0]!, 3),
    }),
    table: {
      columns: words.columns,
      rows: Array.from(mean, (p, c) => [
        c,
        p,
        Math.sqrt(variance[c]!),
        Math.min(...column(c)),
        Math.max(...column(c)),
        votes.filter((vote) => vote === c).length,
      ]),
    },
  };
}

export const present = (network: DigitNetwork, state: State, words: Wording): Presented =>
  presentAnswer(answer(network, state), network, words);
