// What the addon has. Nobody but hadamask needs it: arguments are checked for types and lengths only.

type FloatArray = Float32Array | Float64Array;

/**
 * Key words, threshold, offset, two parameters of a function, a count of elements, two widths of a matrix; and for
 * `draw` which function, two addresses and how many elements the whole call has.
 */
export declare const parameters: Float64Array;
/** What this processor has, the fastest first; the first is used. */
export declare const levels: readonly string[];
/** Chooses a level; returns the one that is chosen. For tests and measurements. */
export declare function use(level: string): string;
/** Where the addon was found. */
export declare const file: string;
export declare function mask(out: Uint32Array): void;
export declare function dropout(x: FloatArray, out: FloatArray): void;
export declare function apply(x: FloatArray, out: FloatArray, mask: Uint32Array): void;
export declare function normals(out: FloatArray): void;
export declare function multiplyByNormals(x: FloatArray, out: FloatArray): void;
/** One of the functions that draw, by addresses in `memory`: for threads. */
export declare function draw(memory: Uint8Array): void;
/** `rows`: key words, threshold and offset of each row of x; undefined where nothing is dropped. */
export declare function addProducts(
  sums: Float64Array,
  x: FloatArray,
  weights: FloatArray,
  rows: Float64Array | undefined,
): void;
export declare function addGradients(
  dw: Float64Array,
  dx: Float64Array,
  dy: FloatArray,
  x: FloatArray,
  weights: FloatArray,
  rows: Float64Array | undefined,
): void;
