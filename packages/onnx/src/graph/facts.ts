// What is known of a tensor without running the model, and numbers that may be unknown.

/** What is known of a tensor; undefined is "not settled by the file". */
export interface TensorFacts {
  readonly rank?: number | undefined;
  /** A `DATA_TYPE`. */
  readonly type?: number | undefined;
  /** Elements, for tensors of rank 1 that hold a shape. */
  readonly length?: number | undefined;
}

export const UNKNOWN: TensorFacts = {};

export const plus = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

export const negative = (a: number | undefined): number | undefined => (a === undefined ? undefined : -a);

export const largest = (values: readonly (number | undefined)[]): number | undefined =>
  values.length === 0 || values.includes(undefined) ? undefined : Math.max(...(values as number[]));
