// Arithmetic on short lists, for writing formulas down as a source has them.

export const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, v) => total + v, 0);

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((total, v, i) => total + v * b[i]!, 0);

export const times = (factor: number, values: ArrayLike<number>): number[] => Array.from(values, (v) => factor * v);

/** Elementwise product. */
export const hadamard = (a: ArrayLike<number>, b: ArrayLike<number>): number[] => Array.from(a, (v, i) => v * b[i]!);

export const norm = (values: ArrayLike<number>): number => Math.sqrt(dot(values, values));

/** Rows times a vector. */
export const apply = (rows: readonly ArrayLike<number>[], x: ArrayLike<number>): number[] =>
  rows.map((row) => dot(row, x));

export const transpose = (rows: readonly (readonly number[])[]): number[][] =>
  rows[0]!.map((_, j) => rows.map((row) => row[j]!));

/** All 2^n masks of n bits. */
export const allMasks = (n: number): number[][] =>
  Array.from({ length: 2 ** n }, (_, code) => Array.from({ length: n }, (_unused, i) => (code >> i) & 1));

/** 1 for true and 0 for false, so that a yes or no can be measured. */
export const flag = (condition: boolean): number => (condition ? 1 : 0);

/** 1 if `action` throws an error whose message holds `text`, else 0. */
export function throws(action: () => unknown, text: string): number {
  try {
    action();
    return 0;
  } catch (error) {
    return flag(error instanceof Error && error.message.includes(text));
  }
}
