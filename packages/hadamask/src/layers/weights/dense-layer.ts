// What dense layers with noise have in common: weights, bias, the shapes of their arrays, and the rounding of results.

import { checkLength, isFloatArray, rangeError, toFloatArray, typeError } from "../../check.js";
import type { MaskStream } from "../../random/source.js";
import type { FloatArray, FloatInput } from "../../types.js";
import { checkCount } from "../base/parameter.js";
import {
  type LayerOptions,
  type LayerState,
  type PassOptions,
  StochasticLayer,
  type StreamOptions,
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

  /** `stream` is passed by layers that can draw from one; the others refuse it. */
  protected constructor(name: string, options: DenseLayerOptions & StreamOptions, stream?: MaskStream) {
    super(name, options, stream);
    this.inputs = checkCount(name, "inputs", options.inputs);
    const weights = toFloatArray(name, "weights", options.weights);
    this.weights = like(weights, weights);
    this.outputs = this.weights.length / this.inputs;
    if (!(Number.isInteger(this.outputs) && this.outputs > 0)) {
      const length = this.weights.length;
      throw rangeError(name, "the number of weights", `a multiple of inputs (${this.inputs})`, length);
    }
    if (options.bias !== undefined) {
      const bias = toFloatArray(name, "bias", options.bias);
      checkLength(name, "bias", bias.length, this.outputs, "(one an output)");
      this.bias = like(this.weights, bias);
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
): { weights: FloatArray; bias: FloatArray | undefined } {
  const { dtype, weights, bias } = state;
  return {
    weights: savedArray(where, "weights", dtype, weights),
    bias: bias === undefined ? undefined : savedArray(where, "bias", dtype, bias),
  };
}

/** A copy of `values` in the element type of `model`. */
export function like(model: FloatArray, values: FloatArray): FloatArray {
  return model instanceof Float32Array ? Float32Array.from(values) : Float64Array.from(values);
}

export function zerosLike(model: FloatArray): FloatArray {
  return model instanceof Float32Array ? new Float32Array(model.length) : new Float64Array(model.length);
}

/** `n` elements of the type of `x`, in memory of their own: `out` if it is given and fits. */
export function outputApart(where: string, x: FloatArray, n: number, out: FloatArray | undefined): FloatArray {
  if (out === undefined) return x instanceof Float32Array ? new Float32Array(n) : new Float64Array(n);
  if (!isFloatArray(out) || out.BYTES_PER_ELEMENT !== x.BYTES_PER_ELEMENT) {
    throw typeError(
      where,
      "out",
      `a ${x instanceof Float32Array ? "Float32Array" : "Float64Array"} like the input`,
      out,
    );
  }
  checkLength(where, "out", out.length, n, "for this input");
  const isApart = out.byteOffset >= x.byteOffset + x.byteLength || x.byteOffset >= out.byteOffset + out.byteLength;
  if (out.buffer === x.buffer && !isApart) {
    throw new RangeError(`${where}: out must not overlap the input, its shape is another`);
  }
  return out;
}
