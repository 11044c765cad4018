// What dense layers with noise have in common: weights, bias, the shapes of their arrays, and the rounding of results.

import { checkCount, checkLength, copyLike, outputApart, rangeError, toFloatArray, zerosLike } from "../../check.js";
import type { MaskStream } from "../../random/source.js";
import type { FloatArray, FloatInput } from "../../types.js";
import {
  bothTake,
  type LayerOptions,
  type LayerState,
  type PassOptions,
  StochasticLayer,
  type StreamOptions,
  type Takes,
} from "../base/stochastic-layer.js";

export interface DenseLayerOptions extends LayerOptions {
  /** Length of a row of x. */
  readonly inputs: number;
  /** The weights to begin with, [inputs, outputs] row by row; copied. Their element type is that of the parameters. */
  readonly weights: FloatInput;
  /** The bias to begin with, one an output; without one there is none. */
  readonly bias?: FloatInput | undefined;
}

export interface DensePassOptions extends PassOptions {
  /** One id for each row of x: a row's draws depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** Takes the result, [rows, outputs]; must not overlap x. */
  readonly out?: FloatArray;
}

export interface DenseLayerState extends LayerState {
  readonly inputs: number;
  /** Element type of the weights. */
  readonly dtype: "float32" | "float64";
  readonly weights: readonly number[];
  readonly bias?: readonly number[];
}

/** Layers with weights [inputs, outputs] and a bias: what `DropConnect` and `VariationalDense` share. */
export abstract class DenseLayer<Memory> extends StochasticLayer<Memory> {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: FloatArray;
  readonly bias: FloatArray | undefined;

  /** As {@link StochasticLayer}'s. */
  protected constructor(
    name: string,
    options: DenseLayerOptions & StreamOptions,
    takes: Takes = {},
    stream?: MaskStream,
  ) {
    super(
      name,
      options,
      bothTake({ options: ["inputs", "weights", "bias"], pass: ["sampleIds", "out"] }, takes),
      stream,
    );
    this.inputs = checkCount(name, "inputs", options.inputs);
    const weights = toFloatArray(name, "weights", options.weights);
    this.weights = copyLike(weights, weights);
    this.outputs = this.weights.length / this.inputs;
    if (!(Number.isInteger(this.outputs) && this.outputs > 0)) {
      const length = this.weights.length;
      throw rangeError(name, "the number of weights", `a multiple of inputs (${this.inputs})`, length);
    }
    if (options.bias !== undefined) {
      const bias = toFloatArray(name, "bias", options.bias);
      checkLength(name, "bias", bias.length, this.outputs, "(one an output)");
      this.bias = copyLike(this.weights, bias);
    }
  }

  /** Weights and bias as parameters. */
  protected ownParameters(): { readonly weights: FloatArray; readonly bias?: FloatArray } {
    return { weights: this.weights, ...(this.bias && { bias: this.bias }) };
  }

  /** Places for their gradients. */
  protected ownGradients(): { readonly weights: FloatArray; readonly bias?: FloatArray } {
    const { weights, bias } = this;
    return { weights: zerosLike(weights), ...(bias && { bias: zerosLike(bias) }) };
  }

  /** Checks x [rows, inputs] and makes or checks the output [rows, outputs]. */
  protected prepare(x: FloatInput, out: FloatArray | undefined): { values: FloatArray; rows: number; to: FloatArray } {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const rows = values.length / this.inputs;
    if (!Number.isInteger(rows)) {
      throw new RangeError(
        `${where}: x must have a multiple of ${this.inputs} elements (inputs), got ${values.length}`,
      );
    }
    return { values, rows, to: outputApart(where, values, rows * this.outputs, out) };
  }

  /** Checks dy [rows, outputs] and makes or checks the gradient of the input [rows, inputs]. */
  protected prepareBack(
    dy: FloatInput,
    rows: number,
    out: FloatArray | undefined,
  ): { values: FloatArray; to: FloatArray } {
    const where = `${this.name}.backward`;
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, rows * this.outputs, "like y");
    return { values, to: outputApart(where, values, rows * this.inputs, out) };
  }

  /** The part of the state that all dense layers have; `weights` under the name that the layer gives them. */
  protected get denseState(): Omit<DenseLayerState, "layer"> {
    const dtype = this.weights instanceof Float32Array ? "float32" : "float64";
    const bias = this.bias && { bias: [...this.bias] };
    return { inputs: this.inputs, dtype, weights: [...this.weights], ...bias, ...this.basics };
  }
}

/** An array of a saved state in its element type. */
export function savedArray(where: string, name: string, dtype: unknown, values: FloatInput): FloatArray {
  if (dtype !== "float32" && dtype !== "float64") {
    throw rangeError(where, "state.dtype", '"float32" or "float64"', dtype);
  }
  const array = toFloatArray(where, `state.${name}`, values);
  return dtype === "float32" ? Float32Array.from(array) : array;
}

/** Weights and bias of a saved state, as options. */
export function savedArrays(
  where: string,
  state: Pick<DenseLayerState, "dtype" | "weights" | "bias">,
): { weights: FloatArray; bias: FloatArray | undefined; dtype: undefined } {
  const { dtype, weights, bias } = state;
  return {
    dtype: undefined, // no option: the arrays have it
    weights: savedArray(where, "weights", dtype, weights),
    bias: bias === undefined ? undefined : savedArray(where, "bias", dtype, bias),
  };
}
