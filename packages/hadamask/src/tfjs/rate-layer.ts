// Layers for TensorFlow.js that have a rate, and a layer of the library that draws at it. Knows no variant.

import type * as tf from "@tensorflow/tfjs";
import { checkRates, type Rates } from "../check.js";
import type { Key, RateOption } from "../types.js";
import { type NoiseConfig, TfNoiseLayer } from "./noise-layer.js";

/** The probability of dropping or of keeping, and what every layer here takes. */
export type TfRateConfig = NoiseConfig &
  (
    | {
        /** Probability of dropping, in [0, 1]; for continuous noise, the rate of dropout with the same variance. */
        readonly rate: number;
        readonly keep?: never;
      }
    | {
        /** Probability of keeping, 1 - rate: give it instead of `rate`. */
        readonly keep: number;
        readonly rate?: never;
      }
  );

/** Makes the layer of the library that draws, or what makes several. */
export type MakeCore<C> = (options: RateOption & { readonly key: Key }) => C;

export abstract class TfRateLayer<C> extends TfNoiseLayer {
  readonly #make: MakeCore<C>;
  #rates: Rates;
  #core: C;

  protected constructor(args: TfRateConfig, make: MakeCore<C>) {
    super(args);
    this.#make = make;
    this.#rates = checkRates(this.getClassName(), args);
    this.#core = make({ ...this.#rates.given, key: this.key });
  }

  /** What draws, at the present rate; under the key of `sampling` where there is one. */
  protected get core(): C {
    const { sampling } = this;
    if (sampling === undefined || sampling === "off") return this.#core;
    return this.#make({ ...this.#rates.given, key: sampling.key });
  }

  get rate(): number {
    return this.#rates.rate;
  }

  /** May be set between steps, for instance from a schedule; the masks of one step are nested over rates. */
  set rate(rate: number) {
    const rates = checkRates(this.getClassName(), { rate });
    this.#core = this.#make({ rate, key: this.key });
    this.#rates = rates;
  }

  /** Probability of keeping, 1 - rate. */
  get keep(): number {
    return this.#rates.keep;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#rates.given };
  }
}
