// Layers whose draws are decisions that do something else than multiply one element each: set a value, drop blocks,
// stand for a word or an edge. A layer on top of this says how many decisions a pass has, how they are drawn, and
// what they do.

import { checkLength, outputApart, outputFor, toFloatArray } from "../../check.js";
import { type GivenMask, toPackedMask } from "../../placement/mask-bits.js";
import type { MaskStream } from "../../random/source.js";
import type { FloatArray, FloatInput, Key, Like, PackedMask, RateOption } from "../../types.js";
import { RateLayer } from "./rate-layer.js";
import {
  bothTake,
  type GradientOptions,
  type LayerState,
  type PassOptions,
  REMEMBERED_PASSES,
  type StreamOptions,
  type Takes,
} from "./stochastic-layer.js";

export interface DecisionPassOptions extends PassOptions {
  /** The decisions by hand, one a draw, instead of drawn ones. */
  readonly mask?: GivenMask;
  /** Takes the result. */
  readonly out?: FloatArray;
}

export interface DecisionLayerState extends LayerState {
  /** This or `keep`, whichever was given. */
  readonly rate?: number;
  readonly keep?: number;
}

/** What the decisions of one pass do: all that is to be known of its input, and of the rate it had. */
export interface Effect {
  /** Elements of the input. */
  readonly inputs: number;
  /** Elements of the output, where decisions are drawn. */
  readonly outputs: number;
  /** How many decisions there are. */
  readonly decisions: number;
  /** Takes the decisions from a key. */
  draw(key: Key): PackedMask;
  /** Writes the output for `x`, which may be `out` where both have the same length. */
  forward(x: FloatArray, out: FloatArray, kept: PackedMask): void;
  /** Writes the gradient with respect to `x`. */
  backward(dy: FloatArray, out: FloatArray, kept: PackedMask): void;
  /** Mode "eval", of values and gradients alike: as many elements out as in. */
  evaluate(values: FloatArray, out: FloatArray): void;
}

/** What is to be known of a forward pass to go back through it. */
interface DecisionPass {
  readonly effect: Effect;
  /** Undefined in mode "eval", and where the decisions are `given`. */
  readonly key: Key | undefined;
  /** Decisions given by hand or taken from a foreign stream. */
  readonly given: PackedMask | undefined;
}

/** Layers whose decisions do more than multiply: what `AlphaDropout`, `DropBlock2D`, `EdgeDropout` and others share. */
export abstract class DecisionLayer extends RateLayer<DecisionPass> {
  /** As `StochasticLayer`'s. */
  protected constructor(name: string, options: RateOption & StreamOptions, takes: Takes = {}, stream?: MaskStream) {
    super(name, options, bothTake(takes, { pass: ["mask", "out"] }), stream);
  }

  /** The forward pass with the decisions of `effect`. */
  protected decided<X extends FloatInput>(x: X, options: DecisionPassOptions, effect: Effect): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const values = toFloatArray(where, "x", x);
    const isEval = pass.mode === "eval";
    const out = newOrGiven(where, values, isEval ? effect.inputs : effect.outputs, options.out);
    const given = isEval ? undefined : this.#given(where, values, effect, options);
    const memory: DecisionPass = { effect, key: given === undefined ? pass.key : undefined, given };
    const kept = decisionsOf(memory);
    if (kept === undefined) effect.evaluate(values, out);
    else effect.forward(values, out, kept);
    this.done(pass, memory);
    return out as Like<X>;
  }

  #given(where: string, x: FloatArray, effect: Effect, { mask }: DecisionPassOptions): PackedMask | undefined {
    if (mask !== undefined) return toPackedMask(where, mask, effect.decisions).slice();
    const dtype = x instanceof Float32Array ? "float32" : "float64";
    // PyTorch draws alpha dropout, element by element too, on the path of its shared masks.
    return this.stream?.keepMask(effect.decisions, { keep: this.keep, dtype, shared: true });
  }

  /**
   * The gradient with respect to the input of the last `forward`, whatever the mode is now: same mode, same decisions.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as its output.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const last = this.remembered(where, options);
    const { effect } = last;
    const values = toFloatArray(where, "dy", dy);
    const kept = decisionsOf(last);
    checkLength(where, "dy", values.length, kept === undefined ? effect.inputs : effect.outputs, "like y");
    const out = newOrGiven(where, values, effect.inputs, options.out);
    if (kept === undefined) effect.evaluate(values, out);
    else effect.backward(values, out, kept);
    return out as Like<X>;
  }

  /**
   * The packed decisions of the last forward pass that had any, 1 bit a draw; undefined after `eval` or before a
   * first pass.
   */
  get mask(): PackedMask | undefined {
    return this.memory && decisionsOf(this.memory)?.slice();
  }

  /** The part of the state that all of these layers have. */
  protected get decisionState(): Omit<DecisionLayerState, "layer"> {
    return { ...this.givenRate, ...this.basics };
  }

  protected override get remembers(): number {
    return REMEMBERED_PASSES;
  }
}

/** The decisions of a pass, drawn again if they came from a key; undefined for a pass in mode "eval". */
function decisionsOf({ effect, key, given }: DecisionPass): PackedMask | undefined {
  return given ?? (key && effect.draw(key));
}

/** `out`, or a new array like `values`, of `length` elements. */
function newOrGiven(where: string, values: FloatArray, length: number, out: FloatArray | undefined): FloatArray {
  return length === values.length ? outputFor(where, values, out) : outputApart(where, values, length, out);
}
