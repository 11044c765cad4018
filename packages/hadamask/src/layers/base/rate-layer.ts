// Layers that drop with one probability, which may change from pass to pass. Knows no mask and what a decision does.

import { checkRates, type Rates } from "../../check.js";
import type { MaskStream } from "../../random/source.js";
import type { RateOption } from "../../types.js";
import { bothTake, StochasticLayer, type StreamOptions, type Takes } from "./stochastic-layer.js";

/** Layers with one probability of dropping: its check, `keep`, and a `rate` that may be set. */
export abstract class RateLayer<Memory> extends StochasticLayer<Memory> {
  #rates: Rates;

  /** As {@link StochasticLayer}'s. */
  protected constructor(name: string, options: RateOption & StreamOptions, takes: Takes = {}, stream?: MaskStream) {
    super(name, options, bothTake({ options: ["rate", "keep"] }, takes), stream);
    this.#rates = checkRates(name, options);
  }

  /** Probability of keeping, 1 - rate. */
  get keep(): number {
    return this.#rates.keep;
  }

  /** Probability of dropping. May be set between passes, for instance from a schedule. */
  get rate(): number {
    return this.#rates.rate;
  }

  set rate(rate: number) {
    this.#rates = checkRates(this.name, { rate });
  }

  /** The one of both that was given, for the state. */
  protected get givenRate(): RateOption {
    return this.#rates.given;
  }
}
