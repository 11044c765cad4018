// Who runs: names, in the order of the table, and what each does in a line of code. Knows nothing of how they are
// timed.

export const RUNNERS = ["copy", "loop", "random", "scalar", "ours", "alloc", "tfjsCpu", "tfjsWasm"] as const;
export type Runner = (typeof RUNNERS)[number];

export const isOurs = (runner: Runner): boolean => ["scalar", "ours", "alloc"].includes(runner);

/** What is timed. */
export const CODE: Readonly<Record<Runner, string>> = {
  copy: "y.set(x)",
  loop: "y[i] = scale * x[i]",
  random: "y[i] = Math.random() < rate ? 0 : scale * x[i]",
  scalar: 'dropout(x, { rate, key, out: y }) of "hadamask/light"',
  ours: "dropout(x, { rate, key, out: y })",
  alloc: "the same, x and y from alloc(n)",
  tfjsCpu: 'tf.dropout(x, rate), back end "cpu"',
  tfjsWasm: 'tf.dropout(x, rate), back end "wasm"',
};

/** One runner's times, in nanoseconds an element: the median of the rounds, and the quartiles. */
export interface Lap {
  readonly runner: Runner;
  readonly ns: number;
  readonly quartiles: readonly [number, number];
  /** Of the copy's time in the same round: the median. */
  readonly ratio: number;
}
