// LayerDrop: whole layers are left out of a stack, so that shallower stacks can be cut from the trained one.

import { checkLength, outputFor, toFloatArray, typeError } from "../check.js";
import { drawMask, multiplyAll } from "../noise/bernoulli.js";
import { bitAt, type GivenMask, toPackedMask } from "../placement/mask-bits.js";
import type { FloatArray, FloatInput, Key, Like, PackedMask, RateOption } from "../types.js";
import { RateLayer } from "./base/rate-layer.js";
import { resume } from "./base/resume.js";
import type { GradientOptions, LayerOptions, LayerState, PassOptions } from "./base/stochastic-layer.js";

/**
 * A layer of a stack, for instance one of this library: as many elements out as in, and a gradient of its last
 * forward pass.
 */
export interface StackLayer {
  forward(x: FloatArray): FloatArray;
  backward(dy: FloatArray): FloatArray;
}

export type LayerDropOptions = RateOption &
  LayerOptions & {
    /** The stack, from the input on. */
    readonly layers: readonly StackLayer[];
  };

export interface LayerDropPassOptions extends PassOptions {
  /** The decisions by hand, one a layer, instead of drawn ones. */
  readonly mask?: GivenMask;
  /** Takes the result; may be `x` itself. */
  readonly out?: FloatArray;
}

/**
 * What a {@link LayerDrop} layer needs to go on as if it had never stopped; the layers of the stack have states of
 * their own.
 */
export interface LayerDropState extends LayerState {
  readonly layer: "LayerDrop";
  readonly rate?: number;
  readonly keep?: number;
}

interface LayerDropPass {
  readonly size: number;
  /** Undefined in mode "eval", where all layers run. */
  readonly kept: PackedMask | undefined;
  /** The layers that ran, from the input on. */
  readonly ran: readonly StackLayer[];
}

/**
 * Runs an input through a stack of layers, each of which is left out with probability `rate`.
 *
 *     train, sample   x := layer_l(x)   if layer l is kept, x if it is dropped          l = 0, 1, …
 *     eval            x := layer_l(x)   for all layers
 *
 * Nothing is scaled: the layers are meant to be residual blocks, each of them a small change of x.
 *
 * Shapes. Every layer of the stack gives as many elements as it takes.
 * Randomness. Layer l is kept if element l of the mask under the key of the pass is 1. The layers of the stack draw
 *   for themselves, under their own keys and counters: one that is left out does not count the pass.
 * Numerics. Rate 0 runs all layers; rate 1 copies.
 * Cost. The layers that run.
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or `layers` is not a list of
 *   layers.
 * @example
 * ```ts
 * import { key, LayerDrop } from "hadamask";
 * const double = { forward: (x) => x.map((v) => 2 * v), backward: (dy) => dy.map((v) => 2 * v) };
 * const stack = new LayerDrop({ rate: 0.5, layers: [double, double, double], key: key(1) });
 * console.log(stack.forward([1], { mask: [1, 0, 1] })); // Float64Array(1) [ 4 ]
 * console.log(stack.eval().forward([1])); // Float64Array(1) [ 8 ]
 * ```
 * @see Fan, Grave and Joulin, "Reducing transformer depth on demand with structured dropout", ICLR 2020.
 */
export class LayerDrop extends RateLayer<LayerDropPass> {
  readonly layers: readonly StackLayer[];

  constructor(options: LayerDropOptions) {
    const name = "LayerDrop";
    super(name, options, { options: ["layers"], pass: ["mask", "out"] });
    const { layers } = options;
    if (!Array.isArray(layers)) throw typeError(name, "layers", "an array of layers", layers);
    layers.forEach((layer, l) => {
      if (typeof layer?.forward === "function" && typeof layer.backward === "function") return;
      throw typeError(name, `layers[${l}]`, "a layer with forward and backward", layer);
    });
    this.layers = layers;
  }

  /**
   * Runs the stack in the present mode.
   *
   * @param options `step` or `pass` sets the counter before the call; `mask` gives the decisions by hand, one a
   *   layer; `out` takes the result and may be `x`.
   * @throws {TypeError | RangeError} If an option does not fit the mode, or a layer gives another number of elements
   *   than it takes.
   */
  forward<X extends FloatInput>(x: X, options: LayerDropPassOptions = {}): Like<X> {
    const where = `${this.name}.forward`;
    const pass = this.coming(where, options);
    const values = toFloatArray(where, "x", x);
    const out = outputFor(where, values, options.out);
    const kept = pass.key && this.#decisions(where, pass.key, options.mask);
    const ran = this.layers.filter((_, l) => kept === undefined || isSet(kept, l));
    multiplyAll(this.#run(where, values, ran), out, 1);
    this.done(pass, { size: values.length, kept, ran });
    return out as Like<X>;
  }

  #decisions(where: string, key: Key, mask: GivenMask | undefined): PackedMask {
    const n = this.layers.length;
    if (mask !== undefined) return toPackedMask(where, mask, n).slice();
    const kept = new Uint32Array(Math.ceil(n / 32));
    drawMask(kept, n, this.keep, key, 0);
    return kept;
  }

  #run(where: string, x: FloatArray, layers: readonly StackLayer[]): FloatArray {
    return layers.reduce((values, layer) => {
      const next = layer.forward(values);
      checkLength(where, `the output of layers[${this.layers.indexOf(layer)}]`, next.length, x.length, "like x");
      return next;
    }, x);
  }

  /**
   * The gradient with respect to the input of the last `forward`: back through the layers that ran.
   *
   * @throws {Error} If there was no forward pass. @throws {RangeError} If `dy` is not as long as that input.
   */
  backward<X extends FloatInput>(dy: X, options: GradientOptions = {}): Like<X> {
    const where = `${this.name}.backward`;
    const { size, ran } = this.remembered(where, options);
    const values = toFloatArray(where, "dy", dy);
    checkLength(where, "dy", values.length, size, "like x");
    const out = outputFor(where, values, options.out);
    multiplyAll(
      ran.reduceRight((gradient, layer) => layer.backward(gradient), values),
      out,
      1,
    );
    return out as Like<X>;
  }

  /**
   * Which layers ran in the last forward pass that left some out, 1 bit a layer; undefined after `eval` or before a
   * first pass.
   */
  get mask(): PackedMask | undefined {
    return this.memory?.kept?.slice();
  }

  get state(): LayerDropState {
    return { layer: "LayerDrop", ...this.givenRate, ...this.basics };
  }

  /**
   * @throws {TypeError | RangeError} If `state` is not what {@link LayerDrop.state} gave, or `layers` is not a list of
   * layers.
   */
  static fromState(state: LayerDropState, options: { readonly layers: readonly StackLayer[] }): LayerDrop {
    return resume("LayerDrop", state, (saved) => new LayerDrop({ ...saved, layers: options?.layers }));
  }
}

const isSet = (bits: PackedMask, i: number): boolean => bitAt(bits, i) === 1;
