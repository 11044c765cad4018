// Everything that chance decides in a run, each from a key of its own derived from the seed: the split into training
// and test rows, the initial weights, the order of the rows in each epoch, the masks. Variants share all of it, so
// they are compared in pairs.

import { foldIn, type Key, key, split, uniform } from "hadamask";

export interface RunKeys {
  readonly split: Key;
  readonly weights: Key;
  /** Fold the number of the epoch in. */
  readonly order: Key;
  readonly dropout: Key;
}

/**
 * @example
 * ```ts
 * import { runKeys } from "@hadamask/experiments/settings";
 * console.log(Object.keys(runKeys(0)).join()); // split,weights,order,dropout
 * ```
 */
export function runKeys(seed: number): RunKeys {
  const [rows, weights, order, dropout] = split(key(seed), 4) as [Key, Key, Key, Key];
  return { split: rows, weights, order, dropout };
}

/** The order of the rows in one epoch. */
export const epochOrder = (keys: RunKeys, epoch: number, n: number): Uint32Array =>
  permutation(foldIn(keys.order, epoch), n);

/**
 * The numbers 0 … n - 1 in random order (Fisher and Yates).
 *
 * @example
 * ```ts
 * import { permutation } from "@hadamask/experiments/settings";
 * import { key } from "hadamask";
 * console.log([...permutation(key(1), 5)].sort().join("")); // 01234
 * ```
 */
export function permutation(from: Key, n: number): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const random = uniform(n, { key: from });
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random[i]! * (i + 1));
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

/** `n` uniform numbers in (-limit, limit). */
export const uniforms = (from: Key, n: number, limit: number): Float32Array =>
  Float32Array.from(uniform(n, { key: from }), (u) => (2 * u - 1) * limit);
