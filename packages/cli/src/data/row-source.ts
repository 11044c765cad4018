// What a file of rows is, once it is open: rows of numbers, all or as they are asked for. Knows no format.

/** Rows of numbers. */
export interface RowData {
  readonly path: string;
  /** The first entry counts rows. */
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Right answers as they are written, one or several a row, where there are any. */
  readonly labels: readonly string[] | undefined;
  /** What the rows are called, where the file has a column of names. */
  readonly ids?: readonly string[] | undefined;
}

/** A file of rows that are read as they are asked for. */
export interface RowSource {
  readonly path: string;
  /** The first entry counts rows. */
  readonly dims: readonly number[];
  /** Of the file, decompressed. */
  readonly bytes: number;
  readonly hasLabels: boolean;
  /** What was done to make rows of it, in words. */
  readonly note?: string;
  /**
   * All rows, `size` at a time.
   *
   * @throws {DataError} At the first value that is not a finite number, with row and column.
   */
  batches(size: number): Generator<RowData>;
  close(): void;
}
