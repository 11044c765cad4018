// Which of several is named, and when nothing is.

import type { Trial } from "hadamask/uncertainty";
import { expect, test } from "vitest";
import { comparisonSentences } from "../../../src/uncertainty/comparison-sentences.js";

const trial = (candidate: string, nll: number, low: number, high: number): Trial<string> => ({
  candidate,
  nll,
  difference: (low + high) / 2,
  standardError: 0.01,
  interval: [low, high],
});

const said = (trials: readonly Trial<string>[], helps: "yes" | "no" | "unclear"): string => {
  const best = trials.reduce((a, b) => (b.nll < a.nll ? b : a));
  const choice = { best, trials, baseline: 0.5, helps, sentence: "" };
  const rivals = trials.map(({ candidate }) => ({ name: candidate, choice }));
  const [sentence] = comparisonSentences({ rivals, request: { masks: "consistent" } } as never);
  return sentence!;
};

test("another one is used where dropout does not help, or where it helps less", () => {
  const better = trial("temperature scaling", 0.3, -0.3, -0.1);
  expect(said([trial("Monte-Carlo dropout", 0.49, -0.1, 0.1), better], "yes")).toBe(
    "Monte-Carlo dropout is not worth it here; use temperature scaling: negative log-likelihood 0.3 against " +
      "0.5 without dropout (difference −0.2, −0.3 to −0.1 for all 2 at once).",
  );
  expect(said([trial("Monte-Carlo dropout", 0.4, -0.2, -0.01), better], "yes")).toMatch(
    /^Monte-Carlo dropout helps, but temperature scaling has the lowest of all: /,
  );
});

test("dropout itself, or the plain answer", () => {
  const weak = trial("vector scaling", 0.49, -0.1, 0.1);
  expect(said([trial("Monte-Carlo dropout", 0.3, -0.3, -0.1), weak], "yes")).toMatch(
    /^Of 2 that were compared Monte-Carlo dropout is the best: /,
  );
  expect(said([trial("Monte-Carlo dropout", 0.5, -0.1, 0.1), weak], "unclear")).toMatch(
    /^Of 2 that were compared none is better than the plain answer beyond chance: the best is vector scaling, .*; use the plain probabilities\.$/,
  );
});
