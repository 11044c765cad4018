// Layers that drop with one probability, which may change from pass to pass. Knows no mask and what a decision does.

import { checkKeep, checkProbability } from "../../check.js";
import type { MaskStream } from "../../random/source.js";
import type { RateOption } from "../../types.js";
import { StochasticLayer, type StreamOptions } from "./stochastic-layer.js";

/** Layers with one probability of dropping: its check, `keep`, and a `rate` that may be set. */
export abstract class RateLayer<Memory> extends StochasticLayer<Memory> {
  #keep: number;

  /** `stream` is passed by layers that can draw from one; the others refuse it. */
  protected constructor(name: string, options: RateOption & StreamOptions, stream?: MaskStream) {
    super(name, options, stream);
    this.#keep = checkKeep(name, options);
  }

  /** Probability of keeping, 1 - rate. */
  get keep(): number {
    return this.#keep;
  }

  /** Probability of dropping. May be set between passes, for instance from a schedule. */
  get rate(): number {
    return 1 - this.#keep;
  }

  set rate(rate: number) {
    this.#keep = 1 - checkProbability(this.name, "rate", rate);
  }
}
