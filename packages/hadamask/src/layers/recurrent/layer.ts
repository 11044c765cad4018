// What the recurrent layers have in common: options, checks, parameters and state. The loop over time is in run.ts.

import {
  checkCount,
  checkLength,
  checkScaling,
  copyLike,
  outputApart,
  shownShape,
  toFloatArray,
  zerosLike,
} from "../../check.js";
import { checkShape, type Shape } from "../../placement/shape.js";
import type { FloatArray, FloatInput, Like, Scaling } from "../../types.js";
import {
  type GradientOptions,
  type LayerOptions,
  type LayerState,
  type PassOptions,
  StochasticLayer,
} from "../base/stochastic-layer.js";
import { savedArray } from "../weights/dense-layer.js";
import type { Cell } from "./cells.js";
import { type CheckedDropout, checkDropout, type RecurrentDropout } from "./dropout.js";
import { copyOfMasks, drawMasks, drawWeightMultipliers, type PassMasks } from "./masks.js";
import { type RecurrentParameters, RecurrentRun, type States } from "./run.js";
import type { RunSize } from "./run-size.js";

/** h, and for an LSTM c, of all sequences: [batch, hidden] each; zeros if not given. */
export interface GivenStates {
  readonly h?: FloatInput;
  readonly c?: FloatInput;
}

export interface RecurrentLayerOptions extends LayerOptions {
  /** Length of x_t. */
  readonly inputs: number;
  /** Length of h_t. */
  readonly hidden: number;
  /**
   * [inputs, gates * hidden] row by row, the gates side by side; copied. Their element type is that of the
   * parameters.
   */
  readonly weights: FloatInput;
  /** [hidden, gates * hidden]. */
  readonly recurrentWeights: FloatInput;
  /** [gates * hidden]; zeros if not given. */
  readonly bias?: FloatInput;
  /**
   * Where to drop; nowhere if not given. See {@link zaremba}, {@link gal}, {@link semeniuta}, {@link moon},
   * {@link zoneout}.
   */
  readonly dropout?: RecurrentDropout;
  /** Default "inverted". Zoneout has no scale: it mixes. */
  readonly scaling?: Scaling;
}

export interface RecurrentPassOptions extends PassOptions {
  /** [batch, time, inputs]. */
  readonly shape: Shape;
  /** One id for each sequence: its masks depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
  /** State before the first step. */
  readonly initial?: GivenStates;
  /** Takes the result, [batch, time, hidden]; must not overlap x. */
  readonly out?: FloatArray;
}

export interface RecurrentGradientOptions extends GradientOptions {
  /** Gradient of the loss with respect to the state after the last step, besides that through the outputs. */
  readonly final?: GivenStates;
}

export interface RecurrentLayerState extends LayerState {
  readonly inputs: number;
  readonly hidden: number;
  readonly dtype: "float32" | "float64";
  readonly dropout: RecurrentDropout;
  readonly scaling: Scaling;
  readonly weights: readonly number[];
  readonly recurrentWeights: readonly number[];
  readonly bias: readonly number[];
}

const RECURRENT_TAKES = {
  options: ["inputs", "hidden", "weights", "recurrentWeights", "bias", "dropout", "scaling"],
  pass: ["shape", "sampleIds", "initial", "out"],
};

/** Layers over sequences: what `DropoutRNN`, `DropoutGRU` and `DropoutLSTM` share. */
export abstract class RecurrentLayer extends StochasticLayer<RecurrentRun> {
  readonly inputs: number;
  readonly hidden: number;
  readonly scaling: Scaling;
  readonly dropout: RecurrentDropout;
  override readonly parameters: RecurrentParameters;
  override readonly gradients: RecurrentParameters;
  readonly #cell: Cell;
  readonly #places: CheckedDropout;
  #initialGradient: States | undefined;

  protected constructor(
    name: string,
    cell: Cell,
    options: RecurrentLayerOptions & { readonly recurrentBias?: FloatInput },
    own: readonly string[] = [],
  ) {
    const { options: names, pass } = RECURRENT_TAKES;
    super(name, options, { options: [...names, ...own], pass });
    this.#cell = cell;
    this.inputs = checkCount(name, "inputs", options.inputs);
    this.hidden = checkCount(name, "hidden", options.hidden);
    this.scaling = checkScaling(name, options.scaling ?? "inverted");
    this.dropout = options.dropout ?? {};
    this.#places = checkDropout(name, this.dropout, { inputs: this.inputs, hidden: this.hidden, cell });
    this.parameters = this.#checkParameters(options);
    this.gradients = Object.fromEntries(
      Object.entries(this.parameters).map(([key, values]) => [key, zerosLike(values)]),
    ) as unknown as RecurrentParameters;
  }

  #checkParameters(options: RecurrentLayerOptions & { readonly recurrentBias?: FloatInput }): RecurrentParameters {
    const { name, inputs, hidden } = this;
    const width = this.#cell.gates * hidden;
    const weights = toFloatArray(name, "weights", options.weights);
    const parameter = (key: string, values: FloatInput | undefined, n: number, meaning: string): FloatArray => {
      const given = toFloatArray(name, key, values ?? new Float64Array(n));
      checkLength(name, key, given.length, n, meaning);
      return copyLike(weights, given);
    };
    return {
      weights: parameter("weights", weights, inputs * width, `(${inputs} x ${width})`),
      recurrentWeights: parameter(
        "recurrentWeights",
        options.recurrentWeights,
        hidden * width,
        `(${hidden} x ${width})`,
      ),
      bias: parameter("bias", options.bias, width, "(one a gate and unit)"),
      ...(this.#cell.hasRecurrentBias && {
        recurrentBias: parameter("recurrentBias", options.recurrentBias, hidden, "(one a unit)"),
      }),
    };
  }

  /**
   * The states h_t of all steps, [batch, time, hidden], in the present mode.
   *
   * @param options `shape`, [batch, time, inputs]; `step` (in "train") or `pass` (in "sample") sets the counter
   *   before the call; `sampleIds` gives one id a sequence, `initial` the state before the first step; `out` takes
   *   the result.
   * @throws {TypeError | RangeError} If the shape does not fit x, or an option does not fit the mode.
   */
  forward<X extends FloatInput>(x: X, options: RecurrentPassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const size = this.#checkSize(where, values.length, options);
    const out = outputApart(where, values, size.batch * size.time * this.hidden, options.out);
    const initial = this.#checkStates(where, "initial", options.initial, size);
    const pass = this.coming(where, options);
    const masks = drawMasks(where, this.#places, this.scaling, pass.key, size, options.sampleIds);
    const { recurrentWeights } = this.parameters;
    const { weightsKeep } = this.#places;
    const factors = drawWeightMultipliers(weightsKeep, this.scaling, pass.key, recurrentWeights.length);
    const used = { ...this.parameters, ...(factors && { recurrentWeights: multiplied(recurrentWeights, factors) }) };
    const run = new RecurrentRun(this.#cell, size, used, masks, values.slice(), initial, factors);
    run.writeOutputs(out);
    this.#initialGradient = undefined;
    this.done(pass, run);
    return out as Like<X>;
  }

  #checkSize(where: string, n: number, options: RecurrentPassOptions | undefined): RunSize {
    const { inputs, hidden } = this;
    if (options?.shape === undefined) {
      throw new TypeError(`${where}: shape is missing; pass { shape: [batch, time, ${inputs}] }`);
    }
    const shape = checkShape(where, options.shape, n);
    if (shape.length !== 3 || shape[2] !== inputs) {
      throw new RangeError(`${where}: shape must be [batch,time,${inputs}], got ${shownShape(shape)}`);
    }
    return { batch: shape[0]!, time: shape[1]!, inputs, hidden };
  }

  #checkStates(where: string, name: string, given: GivenStates | undefined, { batch, hidden }: RunSize): States {
    const state = (key: "h" | "c", n: number): Float64Array => {
      const values = given?.[key];
      if (values === undefined) return new Float64Array(n);
      if (n === 0 && values.length === 0) return new Float64Array(0); // the empty c of `final`
      if (n === 0 && batch > 0) throw new TypeError(`${where}: ${name}.${key} goes with a cell that has one`);
      const states = Float64Array.from(toFloatArray(where, `${name}.${key}`, values));
      checkLength(where, `${name}.${key}`, states.length, n, `(${batch} x ${hidden})`);
      return states;
    };
    return { h: state("h", batch * hidden), c: state("c", this.#cell.hasCell ? batch * hidden : 0) };
  }

  /**
   * The gradient with respect to x of the last `forward`, by back-propagation through all steps with the masks of
   * that pass. Writes the gradients of the parameters to `gradients`, and that of the initial state to
   * `initialGradient`.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as its output.
   */
  backward<X extends FloatInput>(dy: X, options: RecurrentGradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const run = this.remembered(where, options);
    const { batch, time, inputs, hidden } = run.size;
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, batch * time * hidden, "like y");
    const out = outputApart(where, values, batch * time * inputs, options.out);
    const final = this.#checkStates(where, "final", options.final, run.size);
    const found = run.backward(values, final);
    out.set(found.x);
    const { recurrentWeights } = found.parameters;
    if (run.weightFactors !== undefined) recurrentWeights!.set(multiplied(recurrentWeights!, run.weightFactors));
    for (const [name, gradient] of Object.entries(this.gradients)) gradient.set(found.parameters[name]!);
    this.#initialGradient = found.initial;
    return out as Like<X>;
  }

  /** The state after the last step of the last forward pass, to go on from; undefined before one. */
  get final(): States | undefined {
    return this.memory?.final;
  }

  /** The gradient with respect to the initial state that the last `backward` found. */
  get initialGradient(): States | undefined {
    return this.#initialGradient;
  }

  /** The multipliers of the last forward pass, place by place; undefined before one. */
  get masks(): PassMasks | undefined {
    return this.memory && copyOfMasks(this.memory.masks);
  }

  /** The part of the state that all recurrent layers have. */
  protected get recurrentState(): Omit<RecurrentLayerState, "layer"> {
    const { inputs, hidden, dropout, scaling, parameters } = this;
    const dtype = parameters.weights instanceof Float32Array ? "float32" : "float64";
    const { weights, recurrentWeights, bias } = parameters;
    const arrays = { weights: [...weights], recurrentWeights: [...recurrentWeights], bias: [...bias] };
    return { inputs, hidden, dtype, dropout, scaling, ...arrays, ...this.basics };
  }
}

/** Weights times their multipliers; what a multiplier of 0 drops is 0, whatever it is. */
function multiplied(weights: FloatArray, factors: Float64Array): Float64Array {
  return factors.map((factor, i) => (factor === 0 ? 0 : factor * weights[i]!));
}

/** The arrays of a saved state in their element type, as options. */
export function savedRecurrentArrays(
  where: string,
  state: Pick<RecurrentLayerState, "dtype" | "weights" | "recurrentWeights" | "bias">,
): { weights: FloatArray; recurrentWeights: FloatArray; bias: FloatArray; dtype: undefined } {
  const array = (name: "weights" | "recurrentWeights" | "bias"): FloatArray =>
    savedArray(where, name, state.dtype, state[name]);
  return {
    dtype: undefined, // no option: the arrays have it
    weights: array("weights"),
    recurrentWeights: array("recurrentWeights"),
    bias: array("bias"),
  };
}
