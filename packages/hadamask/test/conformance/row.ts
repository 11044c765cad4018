// What the contract suite has to know of a layer, and how it calls one.

import type { Edges, FloatArray, FloatInput, GivenMask, Key, LayerState, Mode } from "hadamask";

/** A layer as the suite sees it. */
export interface AnyLayer {
  readonly name: string;
  mode: Mode;
  step: number;
  pass: number;
  readonly key: Key | undefined;
  readonly state: LayerState;
  readonly parameters: Readonly<Record<string, FloatArray>>;
  readonly gradients: Readonly<Record<string, FloatArray>>;
  train(): this;
  eval(): this;
  penalty(): number;
  forward(x: FloatInput, options?: ForwardOptions): FloatArray;
  backward(dy: FloatInput, options?: { readonly out?: FloatArray; readonly penaltyWeight?: number }): FloatArray;
}

/** Options of a forward pass: those that all layers take, and those that some need or take besides. */
export interface ForwardOptions {
  readonly step?: number;
  readonly pass?: number;
  readonly out?: FloatArray;
  readonly sampleIds?: ArrayLike<number>;
  readonly shape?: readonly number[];
  readonly mask?: GivenMask;
  /** What only some layers take: the words or edges that the rows of `x` belong to. */
  readonly words?: ArrayLike<number>;
  readonly edges?: Edges;
}

/** What the suite chooses when it makes a layer; the row adds the rest. */
export interface MakeOptions {
  readonly rate?: number;
  readonly key?: Key;
  readonly mode?: Mode;
}

/** Mean and covariance (d x d, in C order) of the output over the draws. */
export interface Law {
  readonly mean: ArrayLike<number>;
  readonly covariance: ArrayLike<number>;
}

export interface LayerRow {
  /** The layer, and what is special about it in this row. */
  readonly name: string;
  readonly make: (options?: MakeOptions) => AnyLayer;
  readonly fromState: (state: never) => AnyLayer;
  /** An input of some rows, small enough that central differences and covariances are cheap; no zeros. */
  readonly x: readonly number[];
  /** Elements of the output for `x`. */
  readonly outputs: number;
  /** What every forward pass of `x` needs besides, for instance `{ shape }`. */
  readonly options?: ForwardOptions;
  /** The same for an input of no elements. */
  readonly emptyOptions?: ForwardOptions;
  /**
   * How many rows of the first axis `x` has, where the layer takes `sampleIds`; the order of rows must not matter to
   * it.
   */
  readonly samples?: number;
  /** The options for `samples` rows, where they depend on their number. */
  readonly optionsFor?: (samples: number) => ForwardOptions;
  /** The output for `x` in mode "eval". */
  readonly evaluated: (layer: AnyLayer) => ArrayLike<number>;
  /** Mean and covariance of the output for `x` in "train" and "sample"; left out where there is no closed form. */
  readonly law?: (layer: AnyLayer) => Law;
  /** How many decisions a mask for `x` has, where `forward` takes `mask`: then the law is checked over all masks. */
  readonly decisions?: number;
  /** The probability that a decision is 1, where that is not 1 - rate. */
  readonly drawKeep?: (layer: AnyLayer) => number;
  /** What comes out, forward and backward, where all decisions are 0 and `value` went in; +0 if not given. */
  readonly dropped?: (value: number, layer: AnyLayer) => { readonly y: number; readonly dx: number };
  /**
   * Whether `make` takes a rate: then the ends of its range are checked, where rate 0 is "eval" (with inverted
   * scaling).
   */
  readonly hasRate: boolean;
  /** The output at rate 1, zeros if not given. */
  readonly atRateOne?: (layer: AnyLayer) => ArrayLike<number>;
  /** Why the layer cannot work in place, if it cannot. */
  readonly notInPlace?: string;
  /** Wrong calls, and the whole message that each has to give. */
  readonly errors: readonly (readonly [call: () => unknown, message: string])[];
}

export const inputs = (row: LayerRow): Float64Array => Float64Array.from(row.x);

/** A forward pass with what the row's layer needs besides. */
export const forward = (row: LayerRow, layer: AnyLayer, x: FloatArray, options: ForwardOptions = {}): FloatArray =>
  layer.forward(x, { ...row.options, ...options });

/** An upstream gradient with nothing special about it. */
export const upstream = (row: LayerRow): Float64Array =>
  Float64Array.from({ length: row.outputs }, (_, i) => 0.5 + i / 7);
