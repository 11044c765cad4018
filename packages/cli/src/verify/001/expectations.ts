// Source 001, what is expected and what is concluded: sections 11 to 13. Its p drops: `rate` here.

import { Dropout, dropout, dropoutBackward, key, unpackMask } from "hadamask";
import { checkGradient, expectation, expectedGradient, expectedMoments } from "hadamask/theory";
import { pairCovariance } from "../independence.js";
import { differs, equals, exactly, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";

import { flag, times } from "../vectors.js";
import { backward, DY, forward, gradientOf, lossOf, MASK, rate, X } from "./source.js";

const { holds, corrected, noted } = rowsOf("001");

const mean = (scaling: "inverted" | "classic", p: number) =>
  expectedMoments({ n: 4, rate: p }, (mask) => dropout(X, { rate: p, scaling, mask })).mean;

/**
 * E[dL/dx] for the source's own figure loss L = sum(y^2), in which the claim does not hold, and for L = sum(y), in
 * which it does.
 */
export function gradientClaim(): Measure[] {
  const square = expectedGradient([3], (y) => times(2, y), { rate });
  return [
    equals("E[dL/dx], L = y^2, x = 3, rate 0.5: 2 x / (1 - rate)", square.expected, 12),
    differs("E[dL/dx] against E[dL/dy]", square.expected, square.upstream),
    equals("E[dL/dx] against E[dL/dy | kept]", square.expected, square.upstreamWhereKept),
    equals(
      "E[dL/dx] for L = y, the loss of the source's first demo",
      expectedGradient([3], () => [1], { rate }).expected,
      1,
    ),
  ];
}

const RIGHT_GRADIENT = "E[dL/dx_i] = E[dL/dy_i | i kept]; it equals dL/dy only where L is linear in y";

function evalMode(): Measure[] {
  return [
    exactly("output in eval", dropout(X, { rate, mode: "eval" }), X),
    exactly("gradient in eval", dropoutBackward(DY, { rate, mode: "eval" }), DY),
  ];
}

const fourFormulas = () => [...forward(), ...backward(), ...evalMode()];

function independence(): Measure[] {
  const { covariance } = expectedMoments({ n: 4, rate }, (mask) => dropout(X, { rate, mask }));
  const n = 2 ** 16;
  const layer = new Dropout({ rate: 0.25, key: key(38) });
  const step = (t: number): Uint8Array => {
    layer.forward(new Float32Array(n), { step: t });
    return unpackMask(layer.mask!, n);
  };
  return [
    equals(
      "covariance of the outputs, off the diagonal, by enumeration",
      covariance.filter((_, i) => i % 5 !== 0),
      new Float64Array(12),
    ),
    pairCovariance(`two of ${n} decisions of a step, rate 0.25`, 0.75, step(0)),
    pairCovariance("decisions of two steps that follow one another", 0.75, step(0), step(1)),
  ];
}

function oneMask(): Measure[] {
  const layer = new Dropout({ rate, key: key(3) });
  const ones = new Float64Array(1000).fill(1);
  const y = layer.forward(ones);
  return [
    exactly(
      "elements in which forward and backward disagree",
      layer.backward(ones).filter((g, i) => g !== y[i]).length,
      0,
    ),
    exactly(
      "elements that changed from one step to the next: some",
      flag(layer.forward(ones).some((v, i) => v !== y[i])),
      1,
    ),
  ];
}

/** E[L] is what training with dropout descends: its gradient, by central differences, is the expected gradient. */
export function expectedLossGradient(): Measure {
  const x = [0.4, -0.7, 1.1, 0.3];
  const expectedLoss = (v: Float64Array) => expectation({ n: 4, rate }, (mask) => lossOf(dropout(v, { rate, mask })));
  const { expected } = expectedGradient(x, gradientOf, { rate });
  return equals(
    "relative error of E[dL/dx] against central differences of E[L]",
    checkGradient(expectedLoss, x, expected).error,
    0,
    1e-7,
  );
}

export const source001Expectations: readonly Claim[] = [
  holds("S1-33", "11", "Without scaling E[y_i] = (1 - rate) x_i", () => [
    equals("E[y] over all 16 masks, rate 0.3, classic scaling", mean("classic", 0.3), times(0.7, X)),
  ]),
  holds("S1-34", "11", "With the scale E[y_i] = x_i", () => [
    equals("E[y] over all 16 masks, rate 0.3", mean("inverted", 0.3), X),
  ]),
  corrected(
    "S1-35",
    "11",
    "Forward and backward share the factor 1 / (1 - rate), so that E[dL/dx] = dL/dy",
    RIGHT_GRADIENT,
    gradientClaim,
  ),
  holds("S1-36", "12", "Inference changes nothing: y = x, and the gradient passes", evalMode),
  holds("S1-37", "13", "The chain of four formulas: training and test, forward and backward", fourFormulas),
  holds("S1-38", "13, point 1", "Dropout acts element by element; each is decided on its own", independence),
  corrected(
    "S1-39",
    "13, point 2",
    "The mask is drawn in the forward pass, fixed in the backward pass, and takes no part in the gradient",
    "It is fixed, and no gradient flows to it; but it multiplies the gradient",
    () => [
      ...oneMask(),
      differs(
        "gradients of elements 0 and 1, which two masks decide differently",
        dropoutBackward(DY, { rate, mask: MASK }).subarray(0, 2),
        dropoutBackward(DY, { rate, mask: [0, 1, 1, 0] }).subarray(0, 2),
      ),
    ],
  ),
  corrected(
    "S1-40",
    "13, points 3 to 5",
    "The factor keeps the expected output and the expected gradient",
    `It keeps the expected output. ${RIGHT_GRADIENT}`,
    () => [...gradientClaim(), equals("E[y]", mean("inverted", rate), X)],
  ),
  corrected(
    "S1-41",
    "13, memory card",
    "dL/dx_i = dL/dy_i * m_i / (1 - rate), which keeps the expected gradient",
    `The formula holds; its last line does not. ${RIGHT_GRADIENT}`,
    () => [...backward(), ...gradientClaim()],
  ),
  noted("S1-42", "end", "The derivation is complete"),
];
