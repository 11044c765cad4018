// Mean-field propagation through a network with dropout, and the exact mean it stands for.

import { checkKeep, checkLength, rangeError } from "../check.js";
import { dropout } from "../layers/dropout.js";
import { checkOptions } from "../options.js";
import { foldIn } from "../random/key.js";
import { ACTIVATIONS, type Activation } from "../special/activations.js";
import type { FloatInput, Key, RateOption, Scaling } from "../types.js";
import { expectedVector } from "./enumerate.js";
import { type Marginals, rectifiedMarginals } from "./linear.js";
import { affine, checkMatrix, type Matrix, toVector } from "./matrix.js";
import { bernoulliMultiplier } from "./moments.js";

/** Dropout on the layer's input, then weights, bias and activation. Rate 0 for a layer without dropout. */
export type NetworkLayer = RateOption & {
  /** Rows [out][in]. */
  readonly weights: Matrix;
  readonly bias?: FloatInput;
  /** "linear" unless said otherwise. */
  readonly activation?: Activation;
};

interface Layer {
  readonly rows: Float64Array[];
  readonly bias: FloatInput | undefined;
  readonly activation: Activation;
  readonly keep: number;
  readonly inputs: number;
}

/**
 * The product of all keeps: by how much "classic" dropout shrinks the mean output of a network of linear layers
 * without biases (exactly), or of ReLU layers without biases (in the mean-field pass). Under "inverted" the factor is
 * 1.
 *
 * @example
 * ```ts
 * import { keepProduct, type NetworkLayer } from "hadamask/theory";
 * const layers: NetworkLayer[] = [
 *   { weights: [[1]], keep: 0.8 },
 *   { weights: [[1]], keep: 0.5 },
 * ];
 * console.log(keepProduct(layers)); // 0.4
 * ```
 */
export function keepProduct(layers: readonly NetworkLayer[]): number {
  return layers.reduce((product, layer) => product * checkKeep("keepProduct", layer), 1);
}

/**
 * The output without any dropout.
 *
 * @throws {TypeError | RangeError} If shapes do not fit.
 * @example
 * ```ts
 * import { fullPass, type NetworkLayer } from "hadamask/theory";
 * const layers: NetworkLayer[] = [{ weights: [[1, -1]], activation: "relu", keep: 0.5 }];
 * console.log(fullPass([2, 1], layers)[0]); // 1
 * ```
 */
export function fullPass(x: FloatInput, layers: readonly NetworkLayer[]): Float64Array {
  return propagate("fullPass", x, layers, (_, h) => h);
}

/**
 * The output when every masked input is replaced by its mean: x itself under "inverted", keep * x under "classic".
 *
 * That is the exact mean for linear layers, with or without biases. It is not after a nonlinearity: behind one ReLU
 * layer it is never above the exact mean (Jensen), and the distance grows with depth.
 *
 * @throws {TypeError | RangeError} If shapes do not fit.
 * @example
 * ```ts
 * import { meanFieldPass, type NetworkLayer } from "hadamask/theory";
 * const layers: NetworkLayer[] = [{ weights: [[1, -1]], activation: "relu", keep: 0.5 }];
 * console.log(meanFieldPass([2, 1], layers, "classic")[0]); // 0.5
 * ```
 */
export function meanFieldPass(
  x: FloatInput,
  layers: readonly NetworkLayer[],
  scaling: Scaling = "inverted",
): Float64Array {
  return propagate("meanFieldPass", x, layers, ({ keep }, h) => dropout(h, { keep, scaling, mode: "eval" }));
}

/**
 * The exact mean output over all masks of all layers, by enumeration.
 *
 * Cost. 2^n passes for n masked inputs in all layers together; at most 24. Layers of rate 0 count for none.
 *
 * @throws {TypeError | RangeError} If shapes do not fit, or there are more than 24 masked inputs.
 * @example
 * ```ts
 * import { exactMeanPass, type NetworkLayer } from "hadamask/theory";
 * const layers: NetworkLayer[] = [{ weights: [[1, -1]], activation: "relu", keep: 0.5 }];
 * console.log(exactMeanPass([2, 1], layers)[0]); // 1.5
 * ```
 */
export function exactMeanPass(
  x: FloatInput,
  layers: readonly NetworkLayer[],
  scaling: Scaling = "inverted",
): Float64Array {
  const where = "exactMeanPass";
  const net = checkNetwork(where, x, layers);
  const keeps = net.flatMap(({ keep, inputs }) => (keep === 1 ? [] : Array.from({ length: inputs }, () => keep)));
  return expectedVector({ keeps }, (bits) => {
    let at = 0;
    return forward(toVector(where, "x", x), net, ({ keep, inputs }, h) => {
      if (keep === 1) return h;
      const mask = bits.subarray(at, at + inputs);
      at += inputs;
      return dropout(h, { keep, scaling, mask });
    });
  });
}

/**
 * The output of one stochastic pass.
 *
 * Randomness. The mask of layer l is drawn from `foldIn(key, l)`: one key a pass.
 *
 * @throws {TypeError | RangeError} If shapes do not fit, or `key` is not a key.
 * @example
 * ```ts
 * import { key } from "hadamask";
 * import { type NetworkLayer, sampledPass } from "hadamask/theory";
 * const layers: NetworkLayer[] = [{ weights: [[1, -1]], activation: "relu", keep: 0.5 }];
 * const one = sampledPass([2, 1], layers, { key: key(1) });
 * console.log([0, 2, 4].includes(one[0]!)); // true
 * ```
 */
export function sampledPass(
  x: FloatInput,
  layers: readonly NetworkLayer[],
  options: { readonly key: Key; readonly scaling?: Scaling },
): Float64Array {
  checkOptions("sampledPass", options, ["key", "scaling"]);
  const { key, scaling = "inverted" } = options;
  return propagate("sampledPass", x, layers, ({ keep }, h, at) => dropout(h, { keep, scaling, key: foldIn(key, at) }));
}

/**
 * Means and variances of the output with every pre-activation taken for normal and independent ("fast dropout"): one
 * pass, no sampling.
 *
 *     z: mean = mean_xi * W E[h] + b      variance = sum over j of W_ij^2 (mean_xi^2 Var(h_j) + variance_xi E[h_j^2])
 *
 * then, for "relu", the moments of the positive part. Exact means for linear layers; close for wide ReLU layers.
 *
 * @throws {TypeError | RangeError} If shapes do not fit, or an activation is neither "linear" nor "relu".
 * @example
 * ```ts
 * import { gaussianPass, type NetworkLayer } from "hadamask/theory";
 * const layers: NetworkLayer[] = [{ weights: [[1, -1]], activation: "relu", keep: 0.5 }];
 * const { mean } = gaussianPass([2, 1], layers);
 * console.log(mean[0]!.toFixed(4)); // 1.4798
 * ```
 * @see Wang and Manning, "Fast dropout training", ICML 2013.
 */
export function gaussianPass(x: FloatInput, layers: readonly NetworkLayer[], scaling: Scaling = "inverted"): Marginals {
  const net = checkNetwork("gaussianPass", x, layers);
  let h: Marginals = { mean: Float64Array.from(x), variance: new Float64Array(x.length) };
  for (const { rows, bias, activation, keep } of net) {
    const noise = bernoulliMultiplier({ keep, scaling });
    const spread = h.mean.map((m, j) => noise.mean ** 2 * h.variance[j]! + noise.variance * (m * m + h.variance[j]!));
    const z: Marginals = {
      mean: affine(
        rows,
        h.mean.map((m) => noise.mean * m),
        bias,
      ),
      variance: affine(
        rows.map((row) => row.map((w) => w * w)),
        spread,
      ),
    };
    if (activation !== "linear" && activation !== "relu") {
      throw rangeError("gaussianPass", "activation", '"linear" or "relu"', activation);
    }
    h = activation === "relu" ? rectifiedMarginals(z) : z;
  }
  return h;
}

/** What the next layer's weights see of its input. */
type MaskStep = (layer: Layer, h: Float64Array, at: number) => ArrayLike<number>;

function propagate(where: string, x: FloatInput, layers: readonly NetworkLayer[], mask: MaskStep): Float64Array {
  return forward(toVector(where, "x", x), checkNetwork(where, x, layers), mask);
}

function forward(x: Float64Array, net: readonly Layer[], mask: MaskStep): Float64Array {
  let h = x;
  net.forEach((layer, at) => {
    const { value } = ACTIVATIONS[layer.activation];
    h = affine(layer.rows, mask(layer, h, at), layer.bias).map(value);
  });
  return h;
}

function checkNetwork(where: string, x: FloatInput, layers: readonly NetworkLayer[]): Layer[] {
  let inputs = x.length;
  return layers.map((layer, at) => {
    const rows = checkMatrix(where, `layers[${at}].weights`, layer.weights, inputs);
    const { bias, activation = "linear" } = layer;
    if (bias !== undefined) checkLength(where, `layers[${at}].bias`, bias.length, rows.length, "like the outputs");
    if (!(activation in ACTIVATIONS)) {
      throw rangeError(where, `layers[${at}].activation`, '"linear", "relu", "tanh" or "sigmoid"', activation);
    }
    const checked = { rows, bias, activation, keep: checkKeep(where, layer), inputs };
    inputs = rows.length;
    return checked;
  });
}
