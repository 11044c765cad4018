// Concrete dropout in a graph: dropout that learns its rate.

import "./navigator.js";
import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
import { ConcreteDropout, type ConcreteDropoutOptions } from "../layers/concrete-dropout.js";
import { drawUniforms } from "../random/uniform.js";
import { portableLogit } from "../special/exponential.js";
import type { Key } from "../types.js";
import { drawnUnder } from "./draws.js";
import { safeSigmoid } from "./finite.js";
import { checkSizes } from "./multiplier.js";
import type { ActivationNoise, Parameters } from "./noise.js";
import { parameterArray } from "./parameters.js";

/** Noise whose penalty has a part for the weights that follow. */
export interface ConcreteNoise extends ActivationNoise<"logit"> {
  /**
   * @param squaredNorm The sum of squares of the weights that follow, in the graph; needed with a
   * `weightRegularizer`.
   */
  penalty(parameters: Parameters<"logit">, squaredNorm?: JaxArray): JaxArray;
}

export type ConcreteOptions = ConcreteDropoutOptions & { readonly shape: readonly number[]; readonly key: Key };

/**
 * Dropout with a learned rate, as `ConcreteDropout` of `hadamask`.
 *
 *     h (1 - z) / keep,   z = S((logit + l) / temperature)          rate = S(logit)          eval: h
 *     penalty: weightRegularizer * |W|^2 / keep + dropoutRegularizer * units * (rate ln rate + keep ln keep)
 *
 * Shapes. `shape` is that of one row; an axis of size 1 shares one draw. `units` (in the penalty) is the number of
 *   draws of a row if not given.
 * Randomness. The draws are l = ln u - ln(1 - u) for the uniform numbers u of the layer with the same key, rounded
 *   once. (Not u: in float32 the upper ones round to 1.)
 *
 * @throws {TypeError | RangeError} If the rate is not strictly between 0 and 1, or a number or `shape` or `key` is
 *   not valid.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { key } from "hadamask";
 * import { concreteDropout } from "hadamask/jax";
 * const noise = concreteDropout({ rate: 0.1, shape: [4], key: key(1) });
 * const y = noise.apply(np.ones([3, 4]), noise.parameters(), noise.train(0, 3));
 * console.log(y.shape, noise.penalty(noise.parameters()).shape); // [ 3, 4 ] []
 * ```
 * @see Gal, Hron and Kendall, "Concrete dropout", NIPS 2017.
 */
export function concreteDropout(options: ConcreteOptions): ConcreteNoise {
  const { shape: given, ...rest } = options;
  const shape = checkSizes("concreteDropout", "shape", given);
  const units = options.units ?? sizeOf(shape);
  const layer = new ConcreteDropout({ ...rest, units }); // checks
  const { temperature, weightRegularizer, dropoutRegularizer } = layer;
  return {
    ...drawnUnder("concreteDropout", options.key, (key, batch) => logitArray([batch, ...shape], key)),
    parameters: () => ({ logit: parameterArray(layer.parameters.logit) }),
    apply(h, { logit }, draw) {
      if (draw === undefined) {
        logit.dispose();
        return h;
      }
      const kept = safeSigmoid(draw.add(logit.ref).mul(-1 / temperature)); // 1 - z
      return h.mul(kept.div(safeSigmoid(logit.neg())));
    },
    penalty({ logit: learned }, squaredNorm) {
      const logit = np.clip(learned, -40, 40); // as the layer: there the rate is 0 or 1
      const rate = safeSigmoid(logit.ref);
      const keep = safeSigmoid(logit.ref.neg());
      // ln rate = -softplus(-logit), ln keep = -softplus(logit): finite products at both ends.
      const entropy = rate
        .mul(nn.softplus(logit.ref.neg()))
        .add(keep.ref.mul(nn.softplus(logit)))
        .sum();
      const ofRate = entropy.mul(-dropoutRegularizer * units);
      if (squaredNorm === undefined) {
        keep.dispose();
        return ofRate;
      }
      return ofRate.add(squaredNorm.mul(weightRegularizer).div(keep).sum());
    },
  };
}

function logitArray(shape: readonly number[], key: Key): JaxArray {
  const uniforms = new Float64Array(sizeOf(shape));
  drawUniforms(uniforms, key, 0);
  return np.array(Float32Array.from(uniforms, portableLogit), { shape: [...shape] });
}
