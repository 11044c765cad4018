// What layers see of a foreign stream: a stateful source of masks that follows another framework. Knows no framework.
//
// A layer may have one instead of a key. Four things differ then. Masks come one after another and cannot be asked for
// by position, so the layer keeps the packed mask of a forward pass for its backward pass. It calls `keepMask` in every
// pass that masks, at rate 0 and 1 too: whether anything is drawn there is the framework's business. Its state holds
// `snapshot()`. And its products follow `arithmetic()`, where there is one, unless the user asks for ours.

import type { PackedMask, RateOption } from "../types.js";

/** The element types that foreign streams tell apart. */
export type Dtype = "float32" | "float64";

/** What to draw a mask for. */
export type MaskRequest = RateOption & {
  /** Element type of the array to be masked. Only the masks of TensorFlow and CUDA depend on it. Default "float32". */
  readonly dtype?: Dtype;
  /**
   * True where one decision covers several elements, as in channel dropout. Only CUDA's masks depend on it. Default
   * false.
   */
  readonly shared?: boolean;
};

/**
 * How a framework turns a decision into an output, last bit included. The backward pass is the same map, applied to dy.
 *
 *     kept      "multiply"   x * factor     or   "divide"   x / factor
 *     dropped   "zero"       +0             or   "product"  x * 0: NaN for infinite x and NaN, -0 for negative x
 *
 * `factor` is rounded to the element type already.
 */
export interface Arithmetic {
  readonly kept: "multiply" | "divide";
  readonly factor: number;
  readonly dropped: "zero" | "product";
}

/** All that a stream needs to go on as if it had never stopped: plain data, safe in JSON. */
export interface StreamSnapshot {
  /** The `name` of the stream that it was taken from. */
  readonly stream: string;
  readonly [field: string]: SnapshotValue;
}

export type SnapshotValue =
  | string
  | number
  | boolean
  | readonly SnapshotValue[]
  | { readonly [k: string]: SnapshotValue };

/**
 * Another framework's masks for a seed, one call after another, bit for bit. Made by the functions of
 * `hadamask/streams`.
 */
export interface MaskStream {
  /** What `hadamask mask --stream` calls it. */
  readonly name: string;

  /** The next `n` decisions, 1 bit an element (`PackedMask`), as that framework's dropout would take them now. */
  keepMask(n: number, request: MaskRequest): PackedMask;

  /** That framework's product for a decision; undefined where the framework has no dropout of its own. */
  arithmetic(request: MaskRequest): Arithmetic | undefined;

  /** Where the stream stands. */
  snapshot(): StreamSnapshot;

  /**
   * Goes back, or on, to where `snapshot` was taken.
   *
   * @throws {TypeError | RangeError} If it was taken from another kind of stream, or from one with settings that it
   *   cannot bring back.
   */
  restore(snapshot: StreamSnapshot): void;
}
