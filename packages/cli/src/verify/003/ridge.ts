// Source 003, section 9.4.4: dropout as L2 regularisation. Its p keeps: `keep` here; "plain" is classic scaling.

import { dropout } from "hadamask";
import {
  dropoutRidge,
  exactMeanPass,
  expectation,
  expectedSquaredLoss,
  featureSquares,
  logisticPenalty,
  meanFieldPass,
  numericalGradient,
  quadraticLogisticPenalty,
  ridge,
} from "hadamask/theory";
import { atLeast, differs, equals, type Measure } from "../measure.js";
import { DATA, WEIGHTS, X, Y } from "../regression-data.js";
import { type Claim, rowsOf } from "../row.js";
import { apply, dot, hadamard, norm, sum } from "../vectors.js";

const { holds, corrected, noted } = rowsOf("003");

const w = [0.5, -1, 2];
const x = [1, 2, 0.5];
const keep = 0.8;
/** The clean prediction. The source calls it y, and the target too. */
const f = dot(w, x);
const S = sum(hadamard(hadamard(w, w), hadamard(x, x)));

type Scaling = "inverted" | "classic";

/** (m * w) . x, which is w . (m * x): dropout on the input. */
const prediction = (mask: ArrayLike<number>, scaling: Scaling) => dot(w, dropout(x, { keep, scaling, mask }));

const mean = (value: (prediction: number) => number, scaling: Scaling = "classic") =>
  expectation({ n: 3, keep }, (mask) => value(prediction(mask, scaling)));

function model(): Measure[] {
  const masks = [
    [1, 0, 1],
    [0, 1, 1],
    [1, 1, 0],
  ];
  return [
    equals(
      "sum of m_j w_j x_j, against a model on dropped-out inputs",
      masks.map((mask) => dot(hadamard(mask, w), x)),
      masks.map((mask) => prediction(mask, "classic")),
    ),
  ];
}

const TARGETS = [1, 0, 2.5, -0.5];

export function expectedLoss(): Measure[] {
  const enumerated = (scaling: Scaling) => TARGETS.map((t) => mean((p) => (t - p) ** 2, scaling));
  const closed = (scaling: Scaling) =>
    TARGETS.map((t) => expectedSquaredLoss({ x: [x], y: [t] }, w, { keep, scaling }));
  // The source's theorem: one letter for target and clean prediction.
  const claimed = (y: number) => (1 - keep) ** 2 * y ** 2 + keep * (1 - keep) * S;
  return [
    equals(
      "classic: E[(t - prediction)^2] for targets 1, 0, 2.5, -0.5, enumerated, against (t - keep f)^2 + keep " +
        "(1 - keep) sum w^2 x^2",
      enumerated("classic"),
      closed("classic"),
    ),
    equals("its values", enumerated("classic"), [2.8, 1, 9.25, 0.85]),
    differs(
      "against the source's theorem, with the target for y",
      enumerated("classic").slice(0, 3),
      TARGETS.slice(0, 3).map(claimed),
    ),
    equals("the one case in which it holds: target = clean prediction", enumerated("classic")[3]!, claimed(f)),
    equals(
      "and t = keep f / (2 - keep)",
      mean((p) => ((keep * f) / (2 - keep) - p) ** 2),
      claimed((keep * f) / (2 - keep)),
    ),
    equals(
      "inverted: enumerated, against (t - f)^2 + (1 - keep) / keep sum w^2 x^2",
      enumerated("inverted"),
      closed("inverted"),
    ),
    equals("its values", enumerated("inverted"), [3.5625, 1.5625, 10.3125, 1.3125]),
  ];
}

function meanPrediction(): Measure[] {
  return [
    equals(
      "E[prediction] against keep * w . x",
      mean((p) => p),
      keep * f,
    ),
    differs(
      "against keep times the target, for target 1",
      mean((p) => p),
      keep * 1,
    ),
  ];
}

/** The loss by enumerating a mask for every row (15 bits), or one for all rows (3 bits). */
function enumeratedLoss(rate: number, scaling: Scaling, masks: "own" | "shared"): { mean: number; variance: number } {
  const loss = (bits: Uint8Array) =>
    sum(
      X.map((row, i) => {
        const mask = masks === "own" ? bits.subarray(3 * i, 3 * i + 3) : bits;
        return (Y[i]! - dot(WEIGHTS, dropout(row, { rate, scaling, mask }))) ** 2;
      }),
    );
  const bits = { n: masks === "own" ? 15 : 3, rate };
  const first = expectation(bits, loss);
  return { mean: first, variance: expectation(bits, (m) => (loss(m) - first) ** 2) };
}

const RATES = [0.2, 0.5, 0.8];

export function regression(): Measure[] {
  const closed = (scaling: Scaling) => RATES.map((rate) => expectedSquaredLoss(DATA, WEIGHTS, { rate, scaling }));
  const [own, shared] = [enumeratedLoss(0.5, "inverted", "own"), enumeratedLoss(0.5, "inverted", "shared")];
  const best = dropoutRidge(DATA, { rate: 0.5 });
  const slope = numericalGradient((v) => expectedSquaredLoss(DATA, v, { rate: 0.5 }), best);
  const predictions = (scaling: Scaling, test: number) =>
    apply(X, dropoutRidge(DATA, { rate: 0.5, scaling })).map((v) => test * v);
  return [
    equals(
      "inverted: expected loss at rates 0.2, 0.5, 0.8: |y - Xw|^2 + rate / keep sum w^2 G",
      closed("inverted"),
      [31.51125, 42.015, 84.03],
    ),
    equals("classic: |y - keep Xw|^2 + keep rate sum w^2 G", closed("classic"), [24.0012, 17.66625, 10.9452]),
    equals(
      "rate 0.5 by enumeration: a mask a row (2^15), one for all rows (2^3)",
      [own.mean, shared.mean],
      [42.015, 42.015],
    ),
    equals("their variances, which do differ", [own.variance, shared.variance], [451.43, 730.43], 5e-3),
    equals("minimiser at rate 0.5", best, [0.249919, 0.306832, -0.104847], 5e-7),
    equals("slope of the expected loss there", slope, [0, 0, 0], 1e-7),
    equals("predictions at test of both scalings", predictions("classic", 0.5), predictions("inverted", 1)),
  ];
}

const columns = X[0]!.map((_, j) => X.map((row) => row[j]!));
const rowsOfColumns = (cols: readonly (readonly number[])[]) => X.map((_, i) => cols.map((column) => column[i]!));

/** Columns with mean 0 and variance 1. */
const standardised = rowsOfColumns(
  columns.map((column) => {
    const middle = sum(column) / column.length;
    const deviation = Math.sqrt(sum(column.map((v) => (v - middle) ** 2)) / column.length);
    return column.map((v) => (v - middle) / deviation);
  }),
);

export function notTheNorm(): Measure[] {
  const scaled = { x: X.map(([first, ...rest]) => [10 * first!, ...rest]), y: Y };
  const change = (fit: (data: typeof scaled) => Float64Array) => {
    const before = apply(X, fit(DATA as typeof scaled));
    return Math.max(...apply(scaled.x, fit(scaled)).map((v, i) => Math.abs(v - before[i]!)));
  };
  const byDropout = dropoutRidge(DATA, { rate: 0.5 });
  // The best that plain L2 can do: no lambda gives the weights of dropout.
  const nearest = Math.min(
    ...Array.from({ length: 400 }, (_, i) => norm(ridge(DATA, i * 0.05).map((v, j) => v - byDropout[j]!))),
  );
  return [
    equals("sums of squares of the features, which weight the penalty", featureSquares(X), [6.5, 8.25, 7.75]),
    atLeast("distance of the dropout weights from every ridge solution, lambda 0 to 20", nearest, 1e-3),
    equals(
      "standardised features, rate 0.5: dropout against ridge with lambda 5",
      dropoutRidge({ x: standardised, y: Y }, { rate: 0.5 }),
      ridge({ x: standardised, y: Y }, 5),
    ),
    equals(
      "first feature times 10: change of the predictions of dropout",
      change((data) => dropoutRidge(data, { rate: 0.5 })),
      0,
    ),
    equals(
      "and of ridge",
      change((data) => ridge(data, 5)),
      0.388,
      5e-4,
    ),
  ];
}

function twoViews(): Measure[] {
  const penalty = expectedSquaredLoss({ x: [x], y: [1] }, w, { keep }) - (1 - f) ** 2;
  return [
    equals("noise: expected loss less clean loss, against (1 - keep) / keep sum w^2 x^2", penalty, 0.25 * S),
    equals(
      "ensemble: weighted mean over the 8 submodels, against the full model",
      mean((p) => p, "inverted"),
      f,
    ),
  ];
}

function limits(): Measure[] {
  const beta = [0.5, -0.4, 0.3];
  const ratio = (rate: number, factor: number) => {
    const b = beta.map((v) => factor * v);
    return quadraticLogisticPenalty(X, b, { rate }) / logisticPenalty(X, b, { rate });
  };
  const unit = [{ weights: [[1 / 3, -2 / 3, 1, -1 / 3]], keep: 0.5, activation: "relu" as const }];
  const ones = [1, 1, 1, 1];
  return [
    equals(
      "logistic regression: quadratic over exact penalty at rates 0.1, 0.3, 0.5",
      [0.1, 0.3, 0.5].map((rate) => ratio(rate, 1)),
      [0.988, 1.007, 1.048],
      5e-4,
    ),
    equals("at three times the weights, rate 0.5", ratio(0.5, 3), 1.209, 5e-4),
    equals(
      "one ReLU unit, keep 0.5: exact mean, mean field",
      [exactMeanPass(ones, unit)[0]!, meanFieldPass(ones, unit)[0]!],
      [0.708333, 0.333333],
      5e-7,
    ),
  ];
}

export const source003Ridge: readonly Claim[] = [
  noted(
    "S3-22",
    "9.4.4",
    "The link to L2 is due to Wan et al. 2013, then Srivastava et al.",
    "Srivastava et al. 2014 (9.1) for linear regression; Wager, Wang and Liang 2013; Baldi and Sadowski 2013; " +
      "for additive noise Bishop 1995. Wan et al. introduce DropConnect",
  ),
  holds("S3-23", "9.4.4", "A linear model with dropped weights: sum of m_j w_j x_j", model),
  holds("S3-24", "9.4.4, (9.4.10)", "The expected loss is the mean of (y - prediction)^2 over masks", () =>
    expectedLoss().slice(0, 1),
  ),
  corrected(
    "S3-25",
    "9.4.4",
    "E[prediction] = keep * w . x = keep * y",
    "The first equality holds; the second confuses the target with the clean prediction",
    meanPrediction,
  ),
  holds(
    "S3-26",
    "9.4.4, (9.4.11), (9.4.12)",
    "E[prediction^2] = keep^2 f^2 + keep (1 - keep) sum w^2 x^2, f the clean prediction",
    () => [
      equals(
        "second moment",
        mean((p) => p ** 2),
        keep ** 2 * f ** 2 + keep * (1 - keep) * S,
      ),
    ],
  ),
  corrected(
    "S3-27",
    "9.4.4, theorem 9.4.4, (9.4.13)",
    "Expected loss: (1 - keep)^2 y^2 + keep (1 - keep) sum w^2 x^2 + constant",
    "(t - keep f)^2 + keep (1 - keep) sum w^2 x^2 (classic); (t - f)^2 + (1 - keep) / keep sum w^2 x^2 (inverted)",
    expectedLoss,
  ),
  corrected(
    "S3-28",
    "9.4.4",
    "After suitable rescaling dropout is L2 regularisation of the weights",
    "Ridge with one penalty a feature, its sum of squares; plain L2 only if those are equal",
    () => [...regression(), ...notTheNorm()],
  ),
  holds("S3-29", "9.4.4", "Two views: injected noise, and an ensemble of submodels", twoViews),
  holds(
    "S3-30",
    "remark 9.4.1",
    "The equivalence is for linear models and squared loss; elsewhere it is approximate",
    limits,
  ),
];
