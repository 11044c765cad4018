// Source 000: forward and backward formulas of dropout, one example, one class, two derivations. Its p keeps: `keep`
// here.

import { Dropout, dropout, dropoutBackward, keepMask, key, unpackMask } from "hadamask";
import { numpyLegacy } from "hadamask/streams";
import { checkGradient, expectedGradient, expectedGradientOfSquare, expectedMoments } from "hadamask/theory";
import { pairCovariance } from "../independence.js";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";
import { meanBound, meanOf } from "../statistics.js";
import { allMasks, dot, flag, hadamard, norm, sum, throws, times } from "../vectors.js";

const { holds, corrected, noted, erratum, notedErratum } = rowsOf("000");

const X = [2, 4, 6];
const DY = [0.1, 0.2, 0.3];
const MASK = [1, 0, 1];
const keep = 0.5;

const kept = (n: number, seed: number, keepOf: number) => unpackMask(keepMask(n, { keep: keepOf, key: key(seed) }), n);

/** The source's backward pass multiplies by the mask that is stored, whatever the last forward pass was. */
const withStoredMask = (dY: readonly number[], stored: readonly number[]) => hadamard(dY, stored);

/**
 * NumPy's stream after seed 0, as the source's class draws it: the scaled mask of a training pass on three elements.
 */
const staleMask = () => times(1 / keep, unpackMask(numpyLegacy(0).keepMask(3, { keep }), 3));

function evalBackward(): Measure[] {
  const layer = new Dropout({ keep, key: key(0) });
  layer.forward(X);
  layer.eval();
  const y = layer.forward(X);
  const fresh = new Dropout({ keep, key: key(0) }).eval();
  fresh.forward(X);
  return [
    exactly("gradient after a forward pass in eval, on a layer that trained before", layer.backward(DY), DY),
    exactly("output in eval", y, X),
    exactly("gradient in eval on a fresh layer", fresh.backward(DY), DY),
    differs("the source's gradient in eval after a training pass (NumPy, seed 0)", DY, withStoredMask(DY, staleMask())),
  ];
}

function gradientOfExpectation(): Measure[] {
  const square = expectedGradient([3], (y) => times(2, y), { keep });
  const weights = [1, 2, -1];
  const target = 0.5;
  const linear = expectedGradient([1, 1, 2], (y) => times(dot(weights, y) - target, weights), { keep });
  const closed = expectedGradientOfSquare([1, 1, 2], weights, target, { keep });
  const cosine = dot(linear.expected, linear.clean) / (norm(linear.expected) * norm(linear.clean));
  return [
    equals("E[dL/dx] for L = y^2 at x = 3, keep 0.5: 2 x / keep", square.expected, 12),
    differs(
      "E[dL/dx] against the source's dL/dy, taken out of the expectation: E[dL/dy]",
      square.expected,
      square.upstream,
    ),
    differs("E[dL/dx] against the gradient without dropout", square.expected, square.clean),
    equals("E[dL/dx] against E[dL/dy] over the masks that keep the element", linear.expected, linear.upstreamWhereKept),
    equals("squared loss: E[dL/dx] = gradient without dropout + rate / keep * w^2 x", linear.expected, closed),
    equals("squared loss: the third component changes sign", linear.expected, [1.5, 5, 1.5]),
    equals("squared loss: cosine to the gradient without dropout", cosine, 0.7516, 5e-5),
    equals("a loss linear in y is the exception: E[dL/dx]", expectedGradient([3], () => [1], { keep }).expected, 1),
  ];
}

/** y and dx for all 8 masks, beside mask * x / keep and mask * dy / keep. */
function overAllMasks(values: readonly number[], run: (mask: number[]) => ArrayLike<number>): Measure[] {
  const masks = allMasks(values.length);
  return [
    exactly(
      `all ${masks.length} masks, in binary order`,
      masks.flatMap((mask) => Array.from(run(mask))),
      masks.flatMap((mask) => times(1 / keep, hadamard(mask, values))),
    ),
  ];
}

export const source000: readonly Claim[] = [
  noted(
    "S0-01",
    "opening line",
    "The formulas and how to apply them are the difficulty; hadamask explain walks through both",
  ),
  holds(
    "S0-02",
    "forward, training",
    "The mask holds independent draws from {0, 1} that are 1 with probability keep",
    () => {
      const n = 2 ** 16;
      return [0.5, 0.7].flatMap((k) => {
        const bits = kept(n, 2, k);
        const bound = meanBound(k * (1 - k), Math.max(k, 1 - k), n);
        return [
          equals(`share kept of ${n} elements, keep ${k}`, meanOf(bits), k, bound),
          pairCovariance(`two of ${n} decisions, keep ${k}`, k, bits),
        ];
      });
    },
  ),
  holds("S0-03", "forward, training", "Training output is mask * x / keep", () =>
    overAllMasks(X, (mask) => dropout(X, { keep, mask })),
  ),
  holds("S0-04", "forward, test", "Test output is x", () => [
    exactly("output in eval, without any key", dropout(X, { keep, mode: "eval" }), X),
  ]),
  holds("S0-05", "symbols", "x is a vector or a matrix; keep is usually 0.5 or 0.7", () => {
    const matrix = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const options = { keep: 0.7, key: key(5) };
    const flat = dropout(matrix.flat(), options);
    const rows = matrix.flatMap((row, i) => [...dropout(row, { ...options, offset: 3 * i })]);
    return [exactly("a 2 x 3 matrix at once, and row by row", rows, flat)];
  }),
  holds(
    "S0-06",
    "backward, training",
    "Training gradient is mask * dL/dy / keep, with the mask of the forward pass",
    () => {
      const layer = new Dropout({ keep, key: key(6) });
      const x = Array.from({ length: 32 }, (_, i) => i - 15.5);
      const loss = (v: Float64Array) => sum(Array.from(layer.forward(v, { step: 0 }), (y) => y ** 2));
      const dx = layer.backward(times(2, layer.forward(x, { step: 0 })));
      return [
        ...overAllMasks(DY, (mask) => dropoutBackward(DY, { keep, mask })),
        equals(
          "relative error of the layer's gradient against central differences",
          checkGradient(loss, x, dx).error,
          0,
          1e-7,
        ),
        atLeast("kept elements among the 32 of that check", sum(unpackMask(layer.mask!, 32)), 1),
      ];
    },
  ),
  holds("S0-07", "backward, test", "Test gradient is dL/dy", () => [
    exactly("gradient in eval", dropoutBackward(DY, { keep, mode: "eval" }), DY),
  ]),
  holds("S0-08", "core-role table", "Training masks at random; test uses all units and its output is stable", () => {
    const variances = (mode: "train" | "eval") =>
      expectedMoments({ n: 3, keep }, (mask) =>
        mode === "eval" ? dropout(X, { keep, mode }) : dropout(X, { keep, mask }),
      ).covariance.filter((_, i) => i % 4 === 0);
    return [
      equals("variances in training: x^2 at keep 0.5", variances("train"), [4, 16, 36]),
      exactly("variances in eval", variances("eval"), [0, 0, 0]),
    ];
  }),
  holds("S0-09", "example, forward", "x = [2, 4, 6], keep 0.5, mask [1, 0, 1] gives [4, 0, 12]", () => [
    exactly("y", dropout(X, { keep, mask: MASK }), [4, 0, 12]),
  ]),
  holds("S0-10", "example, backward", "dL/dy = [0.1, 0.2, 0.3] gives [0.2, 0, 0.6]", () => [
    exactly("dx", dropoutBackward(DY, { keep, mask: MASK }), [0.2, 0, 0.6]),
  ]),
  holds("S0-11", "code", "A layer object holds keep and, before a first pass, no mask", () => {
    const layer = new Dropout({ keep, key: key(0) });
    return [exactly("keep, and whether the mask is undefined", [layer.keep, flag(layer.mask === undefined)], [0.5, 1])];
  }),
  holds("S0-12", "code", "Training draws (uniform < keep) / keep and multiplies by it", () => {
    const seeds = [1, 5, 7, 9, 12, 17];
    const isExample = (seed: number) => unpackMask(numpyLegacy(seed).keepMask(3, { keep }), 3).join() === MASK.join();
    const u = numpyLegacy(1).uniforms(3);
    return [
      exactly(
        "NumPy's rand(3) < 0.5 gives the example's mask for these of the seeds 0 to 17",
        Array.from({ length: 18 }, (_, seed) => seed).filter(isExample),
        seeds,
      ),
      exactly(
        "seed 1: the scaled mask",
        dropout([1, 1, 1], { keep, mask: Array.from(u, (v) => flag(v < keep)) }),
        [2, 0, 2],
      ),
    ];
  }),
  corrected(
    "S0-13",
    "code",
    "forward(x, training=False) returns x and leaves the stored mask as it is",
    "Return x and remember that the pass was in eval, so that backward knows",
    evalBackward,
  ),
  corrected(
    "S0-14",
    "code",
    "backward returns dY times the stored mask",
    "The gradient belongs to the last forward pass: dY after eval, mask * dY / keep after training",
    evalBackward,
  ),
  holds("S0-15", "derivation", "E[y] = x in training", () => [
    equals(
      "E[y] over all 8 masks, keep 0.5",
      expectedMoments({ n: 3, keep }, (mask) => dropout(X, { keep, mask })).mean,
      X,
    ),
    equals(
      "E[y] over all 8 masks, keep 0.7",
      expectedMoments({ n: 3, keep: 0.7 }, (mask) => dropout(X, { keep: 0.7, mask })).mean,
      X,
    ),
  ]),
  corrected(
    "S0-16",
    "derivation",
    "E[dL/dx] = dL/dy",
    "dL/dy depends on the mask unless L is linear in y: E[dL/dx_i] = E[dL/dy_i | i kept], the gradient of E[L]",
    gradientOfExpectation,
  ),

  erratum(
    "E-000-1",
    "A",
    "code",
    "backward after a forward pass at test time multiplies by the stored mask (or fails on a fresh layer)",
    "After eval the gradient is dY, whatever was drawn before",
    evalBackward,
  ),
  erratum(
    "E-000-2",
    "B",
    "derivation",
    "E[dL/dx] = dL/dy, as the reason for the factor in the gradient",
    "The factor is the chain rule for a given mask; E[dL/dx] is the gradient of E[L], which equals the clean " +
      "gradient only for L linear in y",
    gradientOfExpectation,
  ),
  erratum(
    "E-000-3",
    "C",
    "backward, test",
    "At test time the gradient is that of an ordinary fully connected layer",
    "It is that of the identity: dL/dy unchanged; a fully connected layer multiplies by W transposed",
    () => {
      const rows = [
        [1, -1, 2],
        [0, 3, 1],
        [2, 0, -1],
      ];
      const throughWeights = rows[0]!.map((_, j) =>
        dot(
          rows.map((row) => row[j]!),
          DY,
        ),
      );
      const dx = dropoutBackward(DY, { keep, mode: "eval" });
      return [exactly("gradient in eval", dx, DY), differs("W' dL/dy of a fully connected layer", dx, throughWeights)];
    },
  ),
  erratum(
    "E-000-4",
    "C",
    "code",
    "keep 0 divides the mask by 0; the range is not checked",
    "keep 0 gives zeros, forward and back; values outside [0, 1] and NaN are refused",
    () => {
      const scaledMask = X.map(() => 0 / 0);
      const y = dropout(X, { keep: 0, key: key(0) });
      return [
        exactly("output at keep 0", y, [0, 0, 0]),
        exactly("gradient at keep 0", dropoutBackward(DY, { keep: 0, key: key(0) }), [0, 0, 0]),
        differs("the source's output at keep 0: x * (0 / 0)", y, hadamard(X, scaledMask)),
        exactly(
          "refused: keep 1.2, -0.1 and NaN",
          [1.2, -0.1, Number.NaN].map((k) =>
            throws(() => dropout(X, { keep: k, key: key(0) }), "keep must be in [0, 1]"),
          ),
          [1, 1, 1],
        ),
      ];
    },
  ),
  notedErratum(
    "E-000-5",
    "C",
    "last formula",
    "The display formula ends in a blank line",
    "A blank line inside display mathematics is an error in TeX; remove it",
  ),
];
