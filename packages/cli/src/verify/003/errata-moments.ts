// Corrections of source 003, sections 9.4.1 to 9.4.4. Its p keeps: `keep` here; without scaling is "classic".

import { dropout, key } from "hadamask";
import { dropoutRidge, expectedSquaredLoss, featureSquares } from "hadamask/theory";
import { atLeast, differs, exactly, type Measure } from "../measure.js";
import { DATA, X, Y } from "../regression-data.js";
import { type Claim, rowsOf } from "../row.js";
import { dot, hadamard } from "../vectors.js";
import { depth, power, productRule, randomInput, scalingProduct, twoLayerExample } from "./expectation.js";
import { expectedLoss, notTheNorm, regression } from "./ridge.js";
import { covarianceMatrix, relativeDeviation, strength, vanishing } from "./variance.js";

const { erratum, notedErratum } = rowsOf("003");

function keepZero(): Measure[] {
  const y = dropout([1, -2], { keep: 0, key: key(0) });
  return [
    exactly("output at keep 0, with scaling", y, [0, 0]),
    exactly("and without", dropout([1, -2], { keep: 0, key: key(0), scaling: "classic" }), [0, 0]),
    differs("x * 0 / 0", y, [Number.NaN, Number.NaN]),
  ];
}

/** Taken at its word, with y as data, the source's loss is smallest at w = 0; the right one is not. */
function minimisers(): Measure[] {
  const best = dropoutRidge(DATA, { keep: 0.5 });
  const lossAt = (w: ArrayLike<number>) => expectedSquaredLoss(DATA, Array.from(w), { keep: 0.5 });
  const claimedAt = (w: ArrayLike<number>) => 0.25 * dot(Y, Y) + 0.25 * dot(featureSquares(X), hadamard(w, w));
  return [
    atLeast("right loss at w = 0 less that at its minimiser", lossAt([0, 0, 0]) - lossAt(best), 1),
    atLeast("the source's loss at that minimiser less that at w = 0", claimedAt(best) - claimedAt([0, 0, 0]), 0.1),
  ];
}

export const errata003Moments: readonly Claim[] = [
  erratum(
    "E-003-1",
    "C",
    "9.4.1, (9.4.2)",
    "The product rule holds for any function f",
    "It holds for any family f_j, given independent masks; with one mask for two elements it fails",
    productRule,
  ),
  erratum(
    "E-003-2",
    "B",
    "9.4.2, (9.4.6)",
    "E[m x] / keep = x because m and x are independent",
    "E[y | x] = x; over a random x the mean is E[x]. What has to be independent is this layer's mask of this " +
      "layer's input",
    randomInput,
  ),
  erratum(
    "E-003-3",
    "C",
    "9.4.1",
    "keep lies in [0, 1], and is divided by",
    "keep 0 is a case of its own: zeros",
    keepZero,
  ),
  erratum(
    "E-003-4",
    "B",
    "9.4.2",
    "Dropout keeps the mean strength of the signal, seen by information theory",
    "It keeps the mean; the power grows to x^2 / keep, and nothing about information is used",
    power,
  ),
  erratum(
    "E-003-5",
    "C",
    "9.4.2",
    "The two-layer example is a mean-field approximation",
    "It is exact: what follows the mask is linear. The approximation begins at the next nonlinearity",
    twoLayerExample,
  ),
  erratum(
    "E-003-6",
    "B",
    "9.4.2, theorem 9.4.2",
    "The mean output is the product of the keeps times the full output",
    "Only for classic scaling without biases, exactly for linear layers, in the mean-field pass for ReLU; biases " +
      "break it, and inverted scaling has no factor",
    scalingProduct,
  ),
  erratum(
    "E-003-7",
    "B",
    "9.4.2, 9.4.5, 9.4.6",
    "In deep networks dropout makes the signal decay",
    "Classic training does, and its test output alike; inverted scaling keeps the mean of linear layers and " +
      "raises that of ReLU layers",
    depth,
  ),
  erratum(
    "E-003-8",
    "B",
    "9.4.3",
    "The relative standard deviation is sqrt(keep (1 - keep))",
    "Over the mean it is sqrt((1 - keep) / keep), with either scaling; use |x|",
    relativeDeviation,
  ),
  erratum(
    "E-003-9",
    "C",
    "9.4.3, (9.4.9)",
    "diag(keep (1 - keep)) times x x', elementwise",
    "keep (1 - keep) diag(x_1^2, …, x_D^2), inverted (1 - keep) / keep; for random x diag(E[x^2]) instead, plus " +
      "keep^2 Cov(x)",
    covarianceMatrix,
  ),
  erratum(
    "E-003-10",
    "A",
    "9.4.3, table 9.4.2, 9.4.6",
    "Regularisation is strongest at keep 0.5 and equally weak at 0.1 and 0.9",
    "It grows as keep falls: in the weights used at test the penalty factor is (1 - keep) / keep",
    strength,
  ),
  erratum(
    "E-003-11",
    "B",
    "9.4.3",
    "As keep goes to 0 the output variance vanishes and nothing is learned",
    "With classic scaling the output vanishes with it, and the noise relative to it diverges; with inverted " +
      "scaling the variance diverges",
    vanishing,
  ),
  notedErratum(
    "E-003-12",
    "B",
    "9.4.4",
    "Wan et al. 2013 found the link to L2",
    "Srivastava et al. 2014 (9.1), Wager, Wang and Liang 2013, Baldi and Sadowski 2013; Bishop 1995 for additive noise",
  ),
  erratum(
    "E-003-13",
    "A",
    "9.4.4, (9.4.13)",
    "Expected loss: (1 - keep)^2 y^2 + keep (1 - keep) sum w^2 x^2",
    "One letter stands for target t and prediction f: (t - keep f)^2 + …, inverted (t - f)^2 + (1 - keep) / keep " +
      "sum w^2 x^2",
    () => [...expectedLoss(), ...minimisers()],
  ),
  erratum(
    "E-003-14",
    "B",
    "9.4.4",
    "The penalty is the norm of the weights",
    "It weights each by its feature's sum of squares: plain L2 only after standardising",
    () => [...notTheNorm(), ...regression()],
  ),
];
