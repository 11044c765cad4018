// Source 003, sections 9.4.5 and 9.4.6: variants, placements, summary. Its p keeps: `keep` here; without scaling is
// "classic".

import { bernoulliMultiplier } from "hadamask/theory";
import { differs, equals, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";
import { throughTenLayers } from "./expectation.js";
import {
  divergence,
  gaussianMatch,
  gaussianMean,
  gaussianVariance,
  negativeMasks,
  sampling,
  softMask,
} from "./masks.js";
import { channels, recurrence } from "./placements.js";
import { strength } from "./variance.js";

const { holds, corrected } = rowsOf("003");

/** Ten linear layers at keep 0.5. */
function accumulation(): Measure[] {
  return [
    equals("mean through ten linear layers at keep 0.5, classic", throughTenLayers("classic"), 2 ** -10),
    equals("the same, inverted", throughTenLayers("inverted"), 1),
    differs("inverted against the claimed decay", throughTenLayers("inverted"), 2 ** -10),
  ];
}

export const source003Variants: readonly Claim[] = [
  corrected(
    "S3-31",
    "9.4.5, (9.4.14)",
    "Variational dropout: a mask sigmoid(log alpha + epsilon), log alpha and epsilon normal, with a log-normal prior",
    "The mask is logit-normal with mean 1/2 at every sigma: no keep can be set. It is neither Kingma's " +
      "variational nor concrete dropout",
    softMask,
  ),
  corrected(
    "S3-32",
    "9.4.5, lemma 9.4.3",
    "The objective is the expected log-likelihood and a KL divergence from the prior",
    "Maximise E[log p(D | w)] - KL; for the mask of (9.4.14), completed, KL = ln(sigma / s) + (s^2 + mu^2) / (2 " +
      "sigma^2) - 1/2",
    divergence,
  ),
  holds(
    "S3-33",
    "9.4.5",
    "A Gaussian mask N(mu, sigma^2) keeps the expectation of a plain mask if mu = keep",
    gaussianMean,
  ),
  corrected(
    "S3-34",
    "9.4.5, theorem 9.4.5",
    "E[y] = keep x and Var(y) = keep sigma^2 x^2",
    "Var(y) = sigma^2 x^2",
    () => [...gaussianVariance(), ...gaussianMean()],
  ),
  holds(
    "S3-35",
    "9.4.5, theorem 9.4.5",
    "At sigma^2 = keep (1 - keep) the second moments of Gaussian and Bernoulli masks match",
    gaussianMatch,
  ),
  corrected(
    "S3-36",
    "9.4.5, theorem 9.4.5",
    "A Gaussian mask needs neither sampling nor reparameterisation, and is faster",
    "It is drawn like any other, and a learned sigma needs reparameterisation; what is true is that a sum of " +
      "masked terms is normal: one such sum can be drawn at once, several that share a mask are correlated",
    sampling,
  ),
  corrected(
    "S3-37",
    "table 9.4.3",
    "Bernoulli: variance keep (1 - keep); variational: log-normal; Gaussian: settable sigma",
    "keep (1 - keep) x^2 classic, (1 - keep) / keep x^2 inverted; logit-normal; Gaussian masks may be negative",
    () => [...negativeMasks(), ...softMask().slice(0, 1)],
  ),
  corrected(
    "S3-38",
    "9.4.5",
    "Fully connected nets: dropout on hidden layers; the means keep h accumulate over layers",
    "With classic scaling only; with inverted scaling the mean is h",
    accumulation,
  ),
  corrected(
    "S3-39",
    "9.4.5",
    "CNNs: after fully connected layers only, or spatial dropout with one mask for all positions, channels kept",
    "Spatial dropout draws once a sample and channel and drops whole maps; convolutional layers gain too " +
      "(Srivastava et al. 2014)",
    channels,
  ),
  corrected(
    "S3-40",
    "9.4.5",
    "RNNs: dropout on inputs and outputs, not on the recurrent connections",
    "That is one placement (Zaremba et al. 2014); recurrent ones exist (Gal and Ghahramani 2016, Semeniuta et al. " +
      "2016, zoneout 2016)",
    recurrence,
  ),
  corrected(
    "S3-41",
    "9.4.6",
    "Summary: signals decay, keep 0.5 regularises most, dropout is L2, Gaussian dropout is cheap",
    "Each as corrected above: no decay with inverted scaling, strength (1 - keep) / keep, one penalty a feature, " +
      "a draw a mask",
    () => [
      ...accumulation(),
      ...strength(),
      equals(
        "penalty factors at keep 0.5 and 0.1",
        [0.5, 0.1].map((keep) => bernoulliMultiplier({ keep }).variance),
        [1, 9],
      ),
    ],
  ),
];
