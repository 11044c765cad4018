// Source 003, section 9.4.3: variance and the strength of the noise. Its p keeps: `keep` here; without scaling is
// "classic".

import { dropout } from "hadamask";
import {
  bernoulliMultiplier,
  coefficientOfVariation,
  dropoutRidge,
  expectedMoments,
  numericalGradient,
  outputMoments,
  outputMomentsOfRandomInput,
} from "hadamask/theory";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { DATA } from "../regression-data.js";
import { type Claim, rowsOf } from "../row.js";
import { norm } from "../vectors.js";
import { KEEPS, momentsAt, X } from "./expectation.js";

const { holds, corrected } = rowsOf("003");

function scalarVariance(): Measure[] {
  const variances = (scaling: "inverted" | "classic") =>
    KEEPS.map(
      (keep) => expectedMoments({ n: 1, keep }, (mask) => dropout([3], { keep, scaling, mask })).covariance[0]!,
    );
  return [
    equals(
      "Var(y) for x = 3, classic: keep (1 - keep) x^2",
      variances("classic"),
      KEEPS.map((keep) => 9 * keep * (1 - keep)),
    ),
    equals(
      "Var(y) for x = 3, inverted: (1 - keep) / keep x^2",
      variances("inverted"),
      KEEPS.map((keep) => (9 * (1 - keep)) / keep),
    ),
  ];
}

export function relativeDeviation(): Measure[] {
  const exact = (scaling: "inverted" | "classic") =>
    KEEPS.map((keep) => {
      const { mean: m, covariance } = expectedMoments({ n: 1, keep }, (mask) => dropout([-3], { keep, scaling, mask }));
      return Math.sqrt(covariance[0]!) / Math.abs(m[0]!);
    });
  const overInput = KEEPS.map((keep) => Math.sqrt(keep * (1 - keep)));
  return [
    equals(
      "standard deviation over mean, by enumeration, against sqrt((1 - keep) / keep)",
      exact("classic"),
      KEEPS.map((keep) => coefficientOfVariation({ keep })),
    ),
    equals("the same with inverted scaling", exact("inverted"), exact("classic")),
    equals("its values", exact("classic"), [3, 1.527525, 1, 0.654654, 0.333333], 5e-7),
    differs("against sqrt(keep (1 - keep)), which is over the input", exact("classic"), overInput),
  ];
}

function proportional(): Measure[] {
  const { covariance } = momentsAt(0.7, "classic");
  const deviations = [0, 4, 8].map((at) => Math.sqrt(covariance[at]!));
  return [
    equals(
      "deviation over |x| for x = 2, 4, 6, keep 0.7: one number",
      deviations.map((s, i) => s / X[i]!),
      X.map(() => Math.sqrt(0.21)),
    ),
  ];
}

export function covarianceMatrix(): Measure[] {
  const { covariance } = momentsAt(0.7, "classic");
  const asScalar = X.flatMap((a) => X.map((b) => 0.21 * a * b));
  const input = { mean: Float64Array.of(1, -1), covariance: Float64Array.of(1, 0.6, 0.6, 2) };
  // Two points with that mean, and covariance [[1, .6], [.6, 2]] made of three independent signs.
  const point = (s: Uint8Array) => {
    const [a, b, c] = [2 * s[0]! - 1, 2 * s[1]! - 1, 2 * s[2]! - 1];
    return [1 + Math.sqrt(0.6) * a + Math.sqrt(0.4) * b, -1 + Math.sqrt(0.6) * a + Math.sqrt(1.4) * c];
  };
  const random = (scaling: "inverted" | "classic") =>
    expectedMoments({ keeps: [0.5, 0.5, 0.5, 0.5, 0.5] }, (bits) =>
      dropout(point(bits), { keep: 0.5, scaling, mask: bits.subarray(3) }),
    );
  const closed = (scaling: "inverted" | "classic") =>
    outputMomentsOfRandomInput(input, bernoulliMultiplier({ keep: 0.5, scaling }));
  return [
    equals(
      "covariance of y, x = [2, 4, 6], keep 0.7, by enumeration: keep (1 - keep) diag(x^2)",
      covariance,
      [0.84, 0, 0, 0, 3.36, 0, 0, 0, 7.56],
    ),
    differs(
      "off the diagonal, against the formula read with a scalar inside diag",
      covariance.filter((_, i) => i % 4 !== 0),
      asScalar.filter((_, i) => i % 4 !== 0),
    ),
    equals(
      "inverted: (1 - keep) / keep diag(x^2)",
      momentsAt(0.7, "inverted").covariance,
      outputMoments(X, bernoulliMultiplier({ keep: 0.7 })).covariance,
    ),
    equals(
      "random x, classic: keep^2 Cov(x) + keep (1 - keep) diag(E[x^2])",
      random("classic").covariance,
      closed("classic").covariance,
    ),
    equals("its value", closed("classic").covariance, [0.75, 0.15, 0.15, 1.25]),
    equals("random x, inverted", random("inverted").covariance, [3, 0.6, 0.6, 5]),
  ];
}

/** f(keep) = keep (1 - keep), as the library's multiplier has it. */
const classicNoise = (keep: number) => bernoulliMultiplier({ keep, scaling: "classic" }).variance;

function maximum(): Measure[] {
  const grid = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);
  const best = grid.reduce((a, b) => (classicNoise(b) > classicNoise(a) ? b : a));
  const slope = (keep: number) => numericalGradient((k) => classicNoise(k[0]!), [keep])[0]!;
  return [
    exactly("where it is largest on a grid of step 0.001, and how large", [best, classicNoise(best)], [0.5, 0.25]),
    equals("slope at 0.3 and 0.5: 1 - 2 keep", [slope(0.3), slope(0.5)], [0.4, 0], 1e-9),
    equals("at 1e-9 and 1 - 1e-9", [classicNoise(1e-9), classicNoise(1 - 1e-9)], [0, 0], 1e-8),
  ];
}

/** Norm of the weights that predict, after training a linear model to its end. */
const trainedNorm = (keep: number) => norm(dropoutRidge(DATA, { keep }));

export function strength(): Measure[] {
  const falling = [1, 0.9, 0.7, 0.5, 0.3, 0.1, 0.01];
  const norms = falling.map(trainedNorm);
  const classic = falling.map((keep) => keep * norm(dropoutRidge(DATA, { keep, scaling: "classic" })));
  const noise = falling.map((keep) => bernoulliMultiplier({ keep }).variance);
  return [
    equals(
      "norm of the trained weights at keep 1, 0.9, 0.7, 0.5, 0.3, 0.1, 0.01",
      norms,
      [0.7072, 0.6528, 0.5376, 0.4094, 0.2636, 0.095, 0.0099],
      5e-5,
    ),
    equals("the same with classic scaling, in the weights used at test", classic, norms),
    equals("penalty factor (1 - keep) / keep", noise, [0, 0.1111, 0.4286, 1, 2.3333, 9, 99], 5e-5),
    atLeast(
      "by how much the norm falls at each step: it falls everywhere, past 0.5 too",
      norms.slice(1).map((v, i) => norms[i]! - v),
      0.01,
    ),
    differs(
      "share of the norm lost at keep 0.1 against keep 0.9, which the source calls equally weak",
      1 - norms[5]! / norms[0]!,
      1 - norms[1]! / norms[0]!,
      0.5,
    ),
  ];
}

export function vanishing(): Measure[] {
  const at = (keep: number, scaling: "inverted" | "classic") => bernoulliMultiplier({ keep, scaling });
  const exact = expectedMoments({ n: 1, keep: 0.01 }, (mask) => dropout([1], { keep: 0.01, mask }));
  return [
    equals(
      "classic, keep 0.01: mean and variance of the output for x = 1: both vanish",
      [at(0.01, "classic").mean, at(0.01, "classic").variance],
      [0.01, 0.0099],
    ),
    equals(
      "deviation over mean at keep 0.1 and 0.01: it grows",
      [coefficientOfVariation({ keep: 0.1 }), coefficientOfVariation({ keep: 0.01 })],
      [3, 9.9499],
      5e-5,
    ),
    equals("inverted, keep 0.01: variance, by enumeration", exact.covariance, 99),
    differs("inverted variance against the claimed 0", exact.covariance, 0),
  ];
}

export const source003Variance: readonly Claim[] = [
  holds("S3-15", "9.4.3, (9.4.7), (9.4.8)", "Var(y) = keep (1 - keep) x^2 (without scaling)", scalarVariance),
  corrected(
    "S3-16",
    "9.4.3",
    "The relative standard deviation is sqrt(keep (1 - keep))",
    "That is deviation over input; over the mean it is sqrt((1 - keep) / keep), with and without scaling",
    relativeDeviation,
  ),
  holds("S3-17", "9.4.3", "The noise is proportional to the signal", proportional),
  corrected(
    "S3-18",
    "9.4.3, (9.4.9)",
    "Covariance diag(keep (1 - keep)) times x x', elementwise: noise independent between features",
    "keep (1 - keep) diag(x^2), the matrix; for random x covariances between features remain",
    covarianceMatrix,
  ),
  holds("S3-19", "9.4.3, theorem 9.4.3", "keep (1 - keep) is largest at 1/2, where it is 1/4", maximum),
  corrected(
    "S3-20",
    "9.4.3",
    "Regularisation is strongest at keep 0.5 and weak near 0, where the output variance vanishes",
    "It grows as keep falls, without bound: the weights used at test feel (1 - keep) / keep",
    () => [...strength(), ...vanishing()],
  ),
  corrected(
    "S3-21",
    "table 9.4.2",
    "keep 0.1, 0.3, 0.5, 0.7, 0.9: coefficients 0.09, 0.21, 0.25, 0.21, 0.09; weak, medium, strongest, medium, weak",
    "The coefficients are right (classic, fixed weights); the strength is 9, 2.33, 1, 0.43, 0.11: falling throughout",
    () => [
      equals("coefficients", KEEPS.map(classicNoise), [0.09, 0.21, 0.25, 0.21, 0.09]),
      equals(
        "strength (1 - keep) / keep",
        KEEPS.map((keep) => bernoulliMultiplier({ keep }).variance),
        [9, 2.3333, 1, 0.4286, 0.1111],
        5e-5,
      ),
      ...strength(),
    ],
  ),
];
