// Everything that chance decides in a run, each from a key of its own derived from the seed: the split into training and test
// rows, the initial weights, the order of the rows in each epoch, the masks. Variants share all of it, so they are compared in pairs.

import { foldIn, type Key, keepMask, key, split } from "hadamask";

export interface RunKeys {
  readonly split: Key;
  readonly weights: Key;
  /** Fold the number of the epoch in. */
  readonly order: Key;
  readonly dropout: Key;
}

export function runKeys(seed: number): RunKeys {
  const [rows, weights, order, dropout] = split(key(seed), 4) as [Key, Key, Key, Key];
  return { split: rows, weights, order, dropout };
}

/** The order of the rows in one epoch. */
export const epochOrder = (keys: RunKeys, epoch: number, n: number): Uint32Array =>
  permutation(foldIn(keys.order, epoch), n);

/** `n` random words of 32 bits: a mask of rate 1/2 is one random bit an element. */
const words = (from: Key, n: number): Uint32Array => keepMask(32 * n, { rate: 0.5, key: from });

/** The numbers 0 … n - 1 in random order (Fisher and Yates; each place off uniform by less than n / 2^32). */
export function permutation(from: Key, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const random = words(from, n);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((random[i]! / 2 ** 32) * (i + 1));
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

/** `n` uniform numbers in (-limit, limit). */
export function uniforms(from: Key, n: number, limit: number): Float32Array {
  return Float32Array.from(words(from, n), (word) => ((word + 0.5) / 2 ** 31 - 1) * limit);
}
