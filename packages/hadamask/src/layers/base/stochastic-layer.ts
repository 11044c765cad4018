// What all layers that draw have in common: a key, a mode, counters, the last pass, and a state to go on from.
// Knows no noise and no arrays; what a pass has to remember for its gradient is the layer's own business.

import { checkAbove, checkIndex, checkKey, checkMode, typeError } from "../../check.js";
import { checkOptions } from "../../options.js";
import { deriveKey, TAG } from "../../random/derive.js";
import { randomKey } from "../../random/key.js";
import type { MaskStream, StreamSnapshot } from "../../random/source.js";
import type { FloatArray, Key, Mode } from "../../types.js";
import { Memories } from "./memories.js";

/** Options of every layer. */
export interface LayerOptions {
  /**
   * Where all draws of the layer come from. Without one a layer takes a fresh random key, so that its masks differ
   * from run to run; `layer.key` and `state` hold that key, to draw the same masks again. (Functions, which could show
   * nobody what they took, refuse.)
   */
  readonly key?: Key | undefined;
  /** Default "train". */
  readonly mode?: Mode;
}

/** Options of layers whose draws are decisions: another framework's stream may stand where the key does. */
export interface StreamOptions extends LayerOptions {
  /**
   * Made by a function of `hadamask/streams`. It may serve several layers, which then draw from it in the order of
   * their calls.
   */
  readonly stream?: MaskStream | undefined;
}

/** Options of every forward pass. */
export interface PassOptions {
  /** Number of the training step, in mode "train". After the call the layer's counter is one higher. */
  readonly step?: number;
  /** Number of the pass, in mode "sample". After the call the layer's counter is one higher. */
  readonly pass?: number;
}

/** Options of every backward pass. */
export interface GradientOptions {
  /** Takes the gradient with respect to the input; may be `dy` itself. */
  readonly out?: FloatArray;
  /** Adds this many times the gradient of `penalty()` to the gradients of the parameters. Default 0. */
  readonly penaltyWeight?: number;
  /**
   * The training step whose pass to go back through, where one layer stands at several places; the last if not given.
   */
  readonly step?: number;
  /** The same for a pass of mode "sample". */
  readonly pass?: number;
}

/** Names that a layer takes besides those of its base: options of the layer, and of its forward pass. */
export interface Takes {
  readonly options?: readonly string[];
  readonly pass?: readonly string[];
}

/** The names of both. */
export const bothTake = (one: Takes, other: Takes): Takes => ({
  options: [...(one.options ?? []), ...(other.options ?? [])],
  pass: [...(one.pass ?? []), ...(other.pass ?? [])],
});

/** How many passes a layer remembers that keeps little of each. */
export const REMEMBERED_PASSES = 32;

const ALL_TAKE: Takes = { options: ["key", "mode", "stream"], pass: ["step", "pass"] };
const BACKWARD_TAKES = ["out", "penaltyWeight", "step", "pass", "final"];

/** What Node, Deno and Bun call to show a value in the console. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** What the state of every layer holds: plain data, safe in JSON. */
export interface LayerState {
  /** The name of the class. */
  readonly layer: string;
  readonly mode: Mode;
  /** Absent on a foreign stream. */
  readonly key?: Key;
  /** Where the foreign stream stands, for a layer that has one. */
  readonly stream?: StreamSnapshot;
  /** The number of the next training step. */
  readonly step: number;
  /** The number of the next pass in mode "sample". */
  readonly pass: number;
}

/** A forward pass that is about to happen, and what the counters become when it has. */
export interface Pass {
  readonly mode: Mode;
  /** The key of its draws; undefined in "eval", where nothing is drawn, and on a foreign stream. */
  readonly key: Key | undefined;
  readonly counters: { readonly step: number; readonly pass: number };
}

/**
 * The part that all layers share. `Memory` is what a layer keeps of a forward pass to go back through it.
 *
 * Randomness. Training step t draws under the key derived for t, pass s of mode "sample" under the key derived for s.
 *   The two are independent, and evaluating moves neither counter. The same number again gives the same draws.
 *
 * A layer's `forward` first checks everything and asks {@link StochasticLayer.coming} what the pass is, then
 * computes, and last calls {@link StochasticLayer.done}: a call that fails leaves the layer as it was.
 */
export abstract class StochasticLayer<Memory> {
  /** The name of the class, also where a minifier has renamed it. */
  readonly name: string;
  /** Where all draws come from; undefined on a foreign stream. */
  readonly key: Key | undefined;
  /** The foreign stream that stands in place of a key. */
  readonly stream: MaskStream | undefined;
  /**
   * What the layer learns, by name: change the numbers in place, as an optimiser does. Empty for layers that learn
   * nothing.
   */
  readonly parameters: Readonly<Record<string, FloatArray>> = {};
  /** The gradients that the last `backward` found, by the names of the parameters; each call overwrites them. */
  readonly gradients: Readonly<Record<string, FloatArray>> = {};
  /** The number of the next training step. */
  step = 0;
  /** The number of the next pass in mode "sample". */
  pass = 0;
  readonly #passNames: readonly string[];
  readonly #memories = new Memories<Memory>();
  #mode: Mode;

  /**
   * @param takes The names that the layer takes besides those of all layers; others are errors.
   * @param stream Passed by layers that can draw from one; the others refuse it.
   */
  protected constructor(name: string, options: StreamOptions, takes: Takes = {}, stream?: MaskStream) {
    const names = bothTake(takes, ALL_TAKE);
    checkOptions(name, options, names.options!);
    this.#passNames = names.pass!;
    const { key } = options;
    if (options.stream !== undefined && stream === undefined) {
      throw new TypeError(`${name}: stream must not be given, this layer draws from a key`);
    }
    if (key !== undefined && stream !== undefined) throw new TypeError(`${name}: pass either key or stream, not both`);
    if (stream !== undefined && typeof stream?.keepMask !== "function") {
      throw typeError(name, "stream", "a stream made by a function of hadamask/streams", stream);
    }
    this.name = name;
    Object.defineProperty(this, INSPECT, { value: () => this.toString() });
    this.stream = stream;
    if (stream === undefined) this.key = key === undefined ? randomKey() : checkKey(name, key);
    this.#mode = checkMode(name, options.mode ?? "train");
  }

  /** "train" and "sample" draw (`sample` at prediction time: Monte-Carlo dropout), "eval" does not. May be set. */
  get mode(): Mode {
    return this.#mode;
  }

  set mode(mode: Mode) {
    this.#mode = checkMode(this.name, mode);
  }

  /** Sets mode "train", or "eval" with `false`, and returns the layer, as in PyTorch. */
  train(isTraining = true): this {
    this.mode = trainingMode(this.name, isTraining);
    return this;
  }

  /** Sets mode "eval" and returns the layer, as in PyTorch. */
  eval(): this {
    this.mode = "eval";
    return this;
  }

  /**
   * What learned noise adds to the loss (a KL divergence or the like), for the present parameters; 0 for layers that
   * learn none. `backward(dy, { penaltyWeight })` adds that many times its gradient; where the loss is a mean over
   * examples the weight is 1 / (number of training examples).
   */
  penalty(): number {
    return 0;
  }

  /**
   * Plain data to save with a model; the static `fromState` of the class makes a layer that continues with the same
   * draws.
   */
  abstract get state(): LayerState;

  toJSON(): LayerState {
    return this.state;
  }

  /** For instance `Dropout(rate 0.5, scaling inverted, mode train, step 3, pass 0)`. */
  toString(): string {
    const { layer, key: _, stream, ...rest } = this.state;
    const parts = Object.entries(rest).map(([name, value]) => `${name} ${shown(value)}`);
    if (stream !== undefined) parts.push(`stream ${stream.stream}`);
    return `${layer}(${parts.join(", ")})`;
  }

  /** What the coming forward pass is. Changes nothing. */
  protected coming(where: string, options: PassOptions): Pass {
    const { mode, step, pass } = this;
    checkOptions(where, options, this.#passNames);
    this.#checkNumbers(where, options);
    if (mode === "eval") return { mode, key: undefined, counters: { step, pass } };
    if (mode === "train") {
      const t = checkIndex(where, "step", options.step ?? step);
      return { mode, key: this.#keyOf(TAG.step, t), counters: { step: t + 1, pass } };
    }
    const s = checkIndex(where, "pass", options.pass ?? pass);
    return { mode, key: this.#keyOf(TAG.pass, s), counters: { step, pass: s + 1 } };
  }

  #keyOf(tag: number, number: number): Key | undefined {
    return this.key && deriveKey(this.key, tag, number);
  }

  #checkNumbers(where: string, options: PassOptions): void {
    if (options.step !== undefined && this.#mode !== "train") throw this.#misplaced(where, "step", "train");
    if (options.pass !== undefined && this.#mode !== "sample") throw this.#misplaced(where, "pass", "sample");
    if (this.stream === undefined) return;
    const option = options.step !== undefined ? "step" : options.pass !== undefined ? "pass" : undefined;
    if (option !== undefined)
      throw new TypeError(`${where}: ${option} goes with key; a stream cannot be asked by number`);
  }

  #misplaced(where: string, option: string, mode: Mode): TypeError {
    return new TypeError(`${where}: ${option} goes with mode "${mode}", but the layer is in mode "${this.#mode}"`);
  }

  /** Records that `pass` has happened. */
  protected done(pass: Pass, memory: Memory): void {
    const { mode, counters } = pass;
    const number = mode === "eval" ? undefined : (mode === "train" ? counters.step : counters.pass) - 1;
    this.#memories.add({ mode, number, memory }, this.remembers);
    this.step = counters.step;
    this.pass = counters.pass;
  }

  /** How many passes `backward` can choose from: 1 where what is kept of them is large. */
  protected get remembers(): number {
    return 1;
  }

  /** The part of the state that all layers have. */
  protected get basics(): Omit<LayerState, "layer"> {
    const { mode, key, stream, step, pass } = this;
    return { mode, ...(key && { key }), ...(stream && { stream: stream.snapshot() }), step, pass };
  }

  /** What was kept of the last forward pass, if there was one. */
  protected get memory(): Memory | undefined {
    return this.#memories.last;
  }

  /**
   * What was kept of the pass that `backward` is to go back through.
   *
   * @throws {Error} If there was no forward pass, or it is not said which of several. @throws {RangeError} If the pass
   *   that `options` names is not one that is remembered.
   */
  protected remembered(where: string, options: GradientOptions): Memory {
    checkOptions(where, options, BACKWARD_TAKES);
    return this.#memories.find(where, options);
  }
}

/** The mode that `train(isTraining)` means. */
export function trainingMode(name: string, isTraining: unknown): Mode {
  if (typeof isTraining !== "boolean") throw typeError(`${name}.train`, "isTraining", "true or false", isTraining);
  return isTraining ? "train" : "eval";
}

/** The checked penalty weight of a backward pass. */
export function penaltyWeightOf(where: string, options: GradientOptions): number {
  return checkAbove(where, "penaltyWeight", options.penaltyWeight ?? 0, 0, true);
}

/** Values of a state in a line: arrays by length, since weights may be millions. */
function shown(value: unknown): string {
  if (Array.isArray(value) && value.length > 4) return `[${value.length} values]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
