// lint: each rule with the network that it is for, one that it must not complain about, and its numbers.

import { AlphaDropout, Dropout, DropoutLSTM, gal, key, type LintInput, lint, split } from "hadamask";
import { describe, expect, test } from "vitest";

const [k1, k2] = split(key(1));
const dense = { layer: "Dense" } as const;
const relu = { layer: "ReLU" } as const;
const norm = { layer: "BatchNorm1d" } as const;
const rules = (network: readonly LintInput[]): string[] => lint(network).map(({ rule }) => rule);

test("finds nothing in a sound network", () => {
  const network = [
    new Dropout({ rate: 0.2, key: k1! }),
    dense,
    norm,
    relu,
    dense,
    relu,
    new Dropout({ rate: 0.5, key: k2! }),
    dense,
  ];
  expect(lint(network)).toEqual([]);
});

describe("input-rate", () => {
  test("warns of a first layer that drops more than 0.2", () => {
    const [finding] = lint([{ layer: "Dropout", rate: 0.5 }, dense]);
    expect(finding).toEqual({
      rule: "input-rate",
      severity: "warning",
      at: [0],
      message:
        "Dropout (0) drops 50 % of the input; of two inputs that belong together both are seen 25 % of the time; use at most 0.2",
      numbers: { rate: 0.5, bothKept: 0.25, limit: 0.2 },
    });
  });

  test("lets 0.2 pass, and looks at the items that are said to be the input", () => {
    expect(rules([{ layer: "Dropout", rate: 0.2 }, dense])).toEqual([]);
    expect(rules([{ layer: "Embedding" }, { layer: "Dropout", rate: 0.5, isInput: true }, dense])).toEqual([
      "input-rate",
    ]);
    expect(rules([dense, { layer: "Dropout", rate: 0.5 }])).toEqual([]);
  });
});

describe("dropout-before-batch-norm", () => {
  test.each([
    { rate: 0.1, features: undefined, train: 1.111111, ratio: 0.9 },
    { rate: 0.2, features: undefined, train: 1.25, ratio: 0.8 },
    { rate: 0.5, features: undefined, train: 2, ratio: 0.5 },
    { rate: 0.1, features: { mean: 1, variance: 1 }, train: 1.222222, ratio: 0.818182 },
    { rate: 0.5, features: { mean: 1, variance: 1 }, train: 3, ratio: 0.333333 },
    { rate: 0.5, features: { mean: 0.398942, variance: 0.340845 }, train: 0.840845, ratio: 0.40536 },
  ])("predicts variance $train in training and ratio $ratio at rate $rate", ({ rate, features, train, ratio }) => {
    const [finding] = lint([dense, { layer: "Dropout", rate, ...(features && { features }) }, norm]);
    expect(finding!.rule).toBe("dropout-before-batch-norm");
    expect(finding!.at).toEqual([1, 2]);
    expect(finding!.numbers.trainVariance).toBeCloseTo(train, 5);
    expect(finding!.numbers.ratio).toBeCloseTo(ratio, 5);
    expect(finding!.numbers.outputDeviation).toBeCloseTo(Math.sqrt(ratio), 5);
  });

  test("says it in a sentence", () => {
    expect(lint([dense, new Dropout({ rate: 0.5, key: k1! }), relu, norm])[0]!.message).toBe(
      "Dropout (1) stands before BatchNorm1d (3): for features of mean 0 and variance 1 in training it measures variance 2, " +
        "at prediction it is given 1 (ratio 0.5), so its output has standard deviation 0.7071 in place of 1; put dropout " +
        "behind the last batch normalisation",
    );
  });

  test("knows the names of other frameworks, and lets dropout behind the norm pass", () => {
    for (const layer of ["BatchNormalization", "BatchNorm2d", "batch_norm"]) {
      expect(rules([dense, { layer: "Dropout", rate: 0.5 }, { layer }])).toEqual(["dropout-before-batch-norm"]);
    }
    expect(rules([dense, norm, { layer: "Dropout", rate: 0.5 }])).toEqual([]);
    expect(rules([dense, { layer: "GaussianDropout", alpha: 1 }, norm])).toEqual(["dropout-before-batch-norm"]);
  });
});

describe("tied-recurrent-masks", () => {
  const lstm = (scaling: "inverted" | "classic") =>
    new DropoutLSTM({
      inputs: 1,
      hidden: 1,
      weights: [1, 1, 1, 1],
      recurrentWeights: [1, 1, 1, 1],
      dropout: gal({ input: { rate: 0.2 }, recurrent: { rate: 0.2 } }),
      scaling,
      key: k1!,
    });

  test("warns with the mean that the chain grows to: keep^(1 - T)", () => {
    const [finding] = lint([{ ...lstm("inverted").state, time: 5 }]);
    expect(finding!.numbers).toEqual({ keep: 0.8, time: 5, mean: expect.closeTo(2.4414, 4) });
    expect(finding!.message).toBe(
      "DropoutLSTM (0) ties a mask on the recurrent path and divides by keep 0.8 at each step: on a linear path the mean " +
        'grows to keep^(1 - T) = 2.441 after T = 5 steps; use scaling "classic", new masks each step, or dropout of the update',
    );
  });

  test("lets classic scaling and new masks each step pass", () => {
    expect(rules([lstm("classic")])).toEqual([]);
    expect(rules([{ layer: "DropoutLSTM", dropout: { recurrent: { rate: 0.5 } } }])).toEqual([]);
  });
});

test("mixed-scaling: names both kinds, and the factor that a runtime without dropout would miss", () => {
  const [finding] = lint([
    dense,
    new Dropout({ rate: 0.5, scaling: "classic", key: k1! }),
    dense,
    new Dropout({ rate: 0.5, key: k2! }),
  ]);
  expect(finding).toEqual({
    rule: "mixed-scaling",
    severity: "warning",
    at: [1, 3],
    message:
      'Dropout (1) scale at prediction ("classic") and Dropout (3) in training ("inverted"); exported to a runtime that ' +
      "leaves dropout out, the activations come out 2 times too large; choose one",
    numbers: { factor: 2 },
  });
});

test("rate-0-or-1: nothing and everything", () => {
  const found = lint([dense, { layer: "Dropout", rate: 0 }, { layer: "Dropout", rate: 1, label: "last" }]);
  expect(found.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
    "warning: Dropout (1) has rate 0 and drops nothing: leave it out",
    "error: last (2) has rate 1 and drops everything: what follows sees only zeros",
  ]);
});

describe("shared-key", () => {
  test("two layers with one key have one mask", () => {
    const [finding] = lint([dense, new Dropout({ rate: 0.5, key: k1! }), dense, new Dropout({ rate: 0.5, key: k1! })]);
    expect(finding).toMatchObject({ rule: "shared-key", severity: "error", at: [1, 3], numbers: { correlation: 1 } });
  });

  test("with two rates the masks are nested: correlation by the rates", () => {
    // keep 0.5 within keep 0.8: (0.5 - 0.4) / sqrt(0.25 * 0.16) = 0.5
    const [finding] = lint([dense, new Dropout({ keep: 0.5, key: k1! }), dense, new Dropout({ keep: 0.8, key: k1! })]);
    expect(finding!.numbers.correlation).toBeCloseTo(0.5, 12);
  });
});

test("what is no network is refused by place", () => {
  expect(() => lint({} as never)).toThrowError("lint: network must be an array of layers, got Object");
  expect(() => lint([dense, 7 as never])).toThrowError('lint: network[1] must be a layer or { layer: "Dense" }, got 7');
  expect(() => lint([{ layer: "Dropout", rate: 2 }])).toThrowError(
    "lint: network[0]: rate must be in [0, 1], got 2; pass 0.02 for 2 %",
  );
});

describe("alpha-without-selu", () => {
  test("warns of alpha dropout behind another activation, with the factor of the mean", () => {
    const [finding] = lint([dense, relu, new AlphaDropout({ rate: 0.5, key: k1! }), dense]);
    expect(finding).toMatchObject({ rule: "alpha-without-selu", severity: "warning", at: [1, 2] });
    expect(finding!.numbers.meanFactor).toBeCloseTo(0.4432024473, 9);
    expect(finding!.message).toBe(
      "AlphaDropout (2) follows ReLU (1): it keeps mean and variance of inputs of mean 0 and variance 1, which SELU gives; other " +
        "means are multiplied by 0.4432 in training and by 1 at prediction; use SELU, or Dropout",
    );
  });

  test("lets SELU pass, and alpha dropout with nothing known before it, or at rate 0", () => {
    const alpha = { layer: "AlphaDropout", rate: 0.1 };
    expect(rules([dense, { layer: "SELU" }, alpha])).toEqual([]);
    expect(rules([dense, alpha])).toEqual([]);
    expect(rules([relu, dense, alpha])).toEqual([]);
    expect(rules([dense, relu, { layer: "Flatten" }, alpha])).toEqual(["alpha-without-selu"]);
    expect(rules([dense, relu, { ...alpha, rate: 0 }])).toEqual(["rate-0-or-1"]);
    expect(rules([dense, relu, { layer: "FeatureAlphaDropout", rate: 0.1 }])).toEqual(["alpha-without-selu"]);
  });
});
