// Which rows are predicted at a time.

/**
 * Where the rows of a prediction are: their values, the number of the first, and how many were done before of how
 * many.
 */
export interface Portion {
  readonly values: ArrayLike<number>;
  readonly first: number;
  readonly of: number;
  /** Right classes of the positions, where rows have several. */
  readonly targets?: ArrayLike<number> | undefined;
}
