// What the addon has. Nobody but hadamask needs it: arguments are checked for types and lengths only.

type FloatArray = Float32Array | Float64Array;

interface Addon {
  /**
   * Key words, threshold, offset, two parameters of a function, a count of elements, two widths of a matrix; and for
   * `draw` which function, two addresses and how many elements the whole call has.
   */
  readonly parameters: Float64Array;
  /** What this processor has, the fastest first; the first is used. */
  readonly levels: readonly string[];
  /** Chooses a level; returns the one that is chosen. For tests and measurements. */
  use(level: string): string;
  /** Where the addon was found. */
  readonly file: string;
  mask(out: Uint32Array): void;
  dropout(x: FloatArray, out: FloatArray): void;
  apply(x: FloatArray, out: FloatArray, mask: Uint32Array): void;
  normals(out: FloatArray): void;
  multiplyByNormals(x: FloatArray, out: FloatArray): void;
  /** One of the functions that draw, by addresses in `memory`: for threads. */
  draw(memory: Uint8Array): void;
  /** `rows`: key words, threshold and offset of each row of x; undefined where nothing is dropped. */
  addProducts(sums: Float64Array, x: FloatArray, weights: FloatArray, rows: Float64Array | undefined): void;
  addGradients(
    dw: Float64Array,
    dx: Float64Array,
    dy: FloatArray,
    x: FloatArray,
    weights: FloatArray,
    rows: Float64Array | undefined,
  ): void;
}

declare const addon: Addon;
export = addon;
