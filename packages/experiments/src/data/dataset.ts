// What a data set is once it is read: rows of features with the number of a class. Knows no file format and no network.

/** Rows of the same length, in C order. What is stored may be shared between threads. */
export interface Table {
  readonly rows: number;
  readonly features: Uint8Array | Float32Array;
  readonly labels: Uint16Array;
}

export interface Dataset {
  /** "optdigits", "mnist", "fashion-mnist", or the file or folder it was read from. */
  readonly name: string;
  /** One sentence: what it is, from whom, under which licence. */
  readonly description: string;
  readonly featureCount: number;
  /** Names of the classes; labels are indices into it. */
  readonly classes: readonly string[];
  readonly image?: { readonly height: number; readonly width: number };
  /** From stored values to inputs: times a number, or each column to mean 0 and variance 1 over the training rows. */
  readonly scaling: number | "standardise";
  /** Rows to train on; where there is no `test`, to be split into training and test rows. */
  readonly pool: Table;
  readonly test?: Table;
  /** Training rows where the user asks for no number: all where there is a `test`. */
  readonly defaultTrainRows: number;
}

/** A copy of the data whose arrays every thread reads without a copy of its own. */
export function shareDataset(data: Dataset): Dataset {
  const pool = shareTable(data.pool);
  return data.test === undefined ? { ...data, pool } : { ...data, pool, test: shareTable(data.test) };
}

function shareTable({ rows, features, labels }: Table): Table {
  const shared = <A extends Uint8Array | Uint16Array | Float32Array>(array: A): A => {
    const Type = array.constructor as new (buffer: SharedArrayBuffer) => A;
    const copy = new Type(new SharedArrayBuffer(array.byteLength));
    copy.set(array);
    return copy;
  };
  return { rows, features: shared(features), labels: shared(labels) };
}
