// Layers for TensorFlow.js that have a rate, and a layer of the library that draws at it. Knows no variant.

import type * as tf from "@tensorflow/tfjs";
import type { Key } from "../types.js";
import { type NoiseConfig, TfNoiseLayer } from "./noise-layer.js";

export interface TfRateConfig extends NoiseConfig {
  /** Probability of dropping, in [0, 1]; for continuous noise, the rate of dropout with the same variance. */
  readonly rate: number;
}

/** Makes the layer of the library that draws, or what makes several. */
export type MakeCore<C> = (options: { readonly rate: number; readonly key: Key }) => C;

export abstract class TfRateLayer<C> extends TfNoiseLayer {
  readonly #make: MakeCore<C>;
  #rate: number;
  #core: C;

  protected constructor(args: TfRateConfig, make: MakeCore<C>) {
    super(args);
    this.#make = make;
    this.#rate = args.rate;
    this.#core = make({ rate: args.rate, key: this.key });
  }

  /** What draws, at the present rate. */
  protected get core(): C {
    return this.#core;
  }

  get rate(): number {
    return this.#rate;
  }

  /** May be set between steps, for instance from a schedule; the masks of one step are nested over rates. */
  set rate(rate: number) {
    this.#core = this.#make({ rate, key: this.key });
    this.#rate = rate;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
