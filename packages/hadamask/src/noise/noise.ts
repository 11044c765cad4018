// What a continuous noise is: a distribution of multipliers. The Bernoulli noise is apart (bernoulli.ts), for its
// multipliers are bits.

import type { FloatArray, Key } from "../types.js";

/** A distribution of multipliers, with its parameters as they are now. */
export interface Noise {
  /** Set where every multiplier is this number: then nothing is drawn, and 0 gives +0 whatever is multiplied. */
  readonly constant?: number | undefined;
  /** How many units have parameters of their own: draw d has those of unit d modulo this. 1 if not given. */
  readonly units?: number | undefined;
  /** Mean of the multiplier of draw d. */
  mean(d: number): number;
  /** Its variance. */
  variance(d: number): number;
  /** The multiplier of mode "eval": the mean, or what stands for it by convention. */
  evaluated(d: number): number;
  /** Writes the multipliers of draws offset, offset + 1, … to `out`. */
  sample(out: Float64Array, key: Key, offset: number): void;
  /**
   * `out[j] = x[j] * (multiplier of draw j)`, the product formed in float64 and rounded once: where a kernel can do
   * it without writing the multipliers down. Gives what `sample` and a product would.
   */
  multiply?(x: FloatArray, out: FloatArray, key: Key): void;
}

/** A noise that learns: at a fixed draw the multiplier is a smooth function of parameters (reparameterisation). */
export interface LearnedNoise extends Noise {
  /** Adds `weights[i] * (derivative of the multiplier of draw offset + i)` to the gradient of each parameter. */
  addGradients(gradients: Gradients, weights: Float64Array, key: Key, offset: number): void;
  /** The same for the multiplier of mode "eval". */
  addEvaluatedGradients(gradients: Gradients, weights: Float64Array): void;
}

/** Gradients by the names of the parameters. */
export type Gradients = Readonly<Record<string, Float64Array>>;
