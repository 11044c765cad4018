// Simulated classifiers whose true probabilities are known, for benches that ask whether intervals hold the truth.

import { key, normal, uniform } from "hadamask";

export const POPULATION = 20_000;

/** @param {number[]} z */
function softmax(z) {
  const most = Math.max(...z);
  const e = z.map((x) => Math.exp(x - most));
  const sum = e.reduce((a, b) => a + b);
  return e.map((x) => x / sum);
}

/** Above 1 sharper, below 1 softer. @type {(t: number) => (p: number[]) => number[]} */
export const temperature = (t) => (p) => softmax(p.map((x) => t * Math.log(x)));

/** A share of the rows is any class. @type {(share: number) => (p: number[]) => number[]} */
export const blurred = (share) => (p) => p.map((x) => (1 - share) * x + share / p.length);

/**
 * Rows of probabilities; `lead` says how far one class stands out.
 *
 * @param {number} classes
 * @param {number} lead
 * @param {number} seed
 */
export function population(classes, lead, seed) {
  const z = normal(POPULATION * classes, { key: key(seed) });
  const u = uniform(POPULATION, { key: key(seed + 1000) });
  /** @type {(i: number, c: number) => number} */
  const leading = (i, c) => (c === Math.floor(classes * u[i]) ? lead : 0);
  return Array.from({ length: POPULATION }, (_, i) =>
    softmax(Array.from({ length: classes }, (_, c) => 1.5 * z[i * classes + c] + leading(i, c))),
  );
}
