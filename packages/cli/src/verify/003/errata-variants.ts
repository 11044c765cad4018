// Corrections of source 003, sections 9.4.5 and 9.4.6. Its p keeps: `keep` here.

import { type Claim, rowsOf } from "../row.js";
import {
  divergence,
  gaussianMatch,
  gaussianVariance,
  logUniformDivergence,
  negativeMasks,
  sampling,
  softMask,
} from "./masks.js";
import { channels, recurrence } from "./placements.js";

const { erratum, notedErratum } = rowsOf("003");

export const errata003Variants: readonly Claim[] = [
  erratum(
    "E-003-15",
    "A",
    "9.4.5, (9.4.14)",
    "sigmoid of a normal variable is a log-normal mask, and this is variational dropout",
    "It is logit-normal; only the sum of the two normals counts, so the mean is 1/2 for every sigma, and sigma " +
      "alone can be learned",
    softMask,
  ),
  erratum(
    "E-003-16",
    "C",
    "9.4.5, lemma 9.4.3",
    "The objective is made of an expected log-likelihood and a KL divergence",
    "Maximise the first less the second; the divergence has a closed form",
    () => [...divergence(), ...logUniformDivergence()],
  ),
  erratum(
    "E-003-17",
    "A",
    "9.4.5, theorem 9.4.5",
    "Var(y) = keep sigma^2 x^2 for a Gaussian mask",
    "sigma^2 x^2: the mask has variance sigma^2 and x is a constant. Only so do the second moments match at keep " +
      "(1 - keep)",
    () => [...gaussianVariance(), ...gaussianMatch()],
  ),
  erratum(
    "E-003-18",
    "B",
    "9.4.5, theorem 9.4.5",
    "Gaussian masks need no sampling and no reparameterisation, and are more efficient",
    "They are sampled; a learned sigma is learned by reparameterisation; for noise on weights one normal number a " +
      "pre-activation suffices (local reparameterisation). A mask on inputs is shared by all outputs and correlates " +
      "them: there it does not",
    sampling,
  ),
  erratum(
    "E-003-19",
    "B",
    "table 9.4.3",
    "Log-normal mask; fixed variance keep (1 - keep); Gaussian as a mask",
    "Logit-normal; times x^2, or (1 - keep) / keep x^2 with scaling; Gaussian multipliers are negative with " +
      "probability Φ(-sqrt(keep / (1 - keep)))",
    negativeMasks,
  ),
  erratum(
    "E-003-20",
    "C",
    "9.4.5",
    "Spatial dropout applies one mask to the positions, independently, and keeps the channels",
    "One draw for each sample and channel, over all positions: whole feature maps",
    channels,
  ),
  notedErratum(
    "E-003-21",
    "B",
    "9.4.5",
    "CNNs take dropout after fully connected layers only",
    "Srivastava et al. 2014 report gains from dropout in the convolutional layers as well (SVHN)",
  ),
  erratum(
    "E-003-22",
    "C",
    "9.4.5",
    "RNNs take dropout off the recurrent path only",
    "So Zaremba et al. 2014; on the recurrent path: one mask a sequence (Gal and Ghahramani 2016), of the update " +
      "(Semeniuta et al. 2016), zoneout. A tied mask with inverted scaling does not keep the mean",
    recurrence,
  ),
  notedErratum(
    "E-003-23",
    "C",
    "9.4.4, 9.4.5",
    "Two displays do not compile; sigma is both activation and deviation",
    "No align* inside display mathematics, no blank line before its end, two letters for two things",
  ),
];
