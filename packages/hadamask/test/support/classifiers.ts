// Classifiers whose true probabilities are known, for simulations of what is said about them.

import { key, normal, uniform } from "hadamask";

export const CLASSES = 4;
export const POPULATION = 5000;

export type Probabilities = readonly number[];

/** Changes the probabilities of a row. */
export type Model = (p: Probabilities) => Probabilities;

function softmax(z: readonly number[]): number[] {
  const most = Math.max(...z);
  const e = z.map((x) => Math.exp(x - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((x) => x / sum);
}

/** Above 1 sharper, below 1 softer. */
export const temperature =
  (t: number): Model =>
  (p) =>
    softmax(p.map((x) => t * Math.log(x)));

/** A share of the rows is any class. */
export const blurred =
  (share: number): Model =>
  (p) =>
    p.map((x) => (1 - share) * x + share / CLASSES);

export const exact: Model = (p) => p;

/** Rows of probabilities; `lead` says how far one class stands out. */
export function population(lead: number): Probabilities[] {
  const z = normal(POPULATION * CLASSES, { key: key(lead) });
  return Array.from({ length: POPULATION }, (_, i) =>
    softmax(Array.from({ length: CLASSES }, (_, c) => 1.5 * z[i * CLASSES + c]! + (c === i % CLASSES ? lead : 0))),
  );
}

/** Rows drawn from the population, and a class of each by its true probabilities. */
export function drawRows(
  truth: readonly Probabilities[],
  rows: number,
  seed: number,
): { at: number[]; labels: number[] } {
  const u = uniform(2 * rows, { key: key(seed) });
  const at = Array.from({ length: rows }, (_, i) => Math.floor(POPULATION * u[i]!));
  const labels = at.map((row, i) => {
    let label = 0;
    for (let left = u[rows + i]! - truth[row]![0]!; left >= 0 && label < CLASSES - 1; left -= truth[row]![label]!) {
      label++;
    }
    return label;
  });
  return { at, labels };
}

/** The mean over the population of what a row and its class bring. */
export function trueMean(truth: readonly Probabilities[], of: (row: number, label: number) => number): number {
  const means = truth.map((p, row) => p.reduce((sum, q, c) => sum + q * of(row, c), 0));
  return means.reduce((sum, x) => sum + x, 0) / truth.length;
}
