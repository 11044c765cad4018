// lint: each rule with the network that it is for, one that it must not complain about, and its numbers.

import { AlphaDropout, Dropout, DropoutLSTM, DropoutRNN, gal, key, type LintInput, lint, split } from "hadamask";
import { describe, expect, test } from "vitest";

const [k1, k2] = split(key(1));
const dense = { layer: "Dense" } as const;
const relu = { layer: "ReLU" } as const;
const norm = { layer: "BatchNorm1d" } as const;
const rules = (network: readonly LintInput[]): string[] => lint(network).map(({ rule }) => rule);

test("finds nothing in a sound network", () => {
  const network = [
    dense,
    norm,
    relu,
    new Dropout({ rate: 0.2, key: k1! }),
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
        "Dropout (0) drops 50 % of the input; of two inputs that belong together both are seen 25 % of the " +
        "time; use at most 0.2",
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
    expect(lint([dense, new Dropout({ rate: 0.5, key: k1! }), norm])[0]!.message).toBe(
      "Dropout (1) stands before BatchNorm1d (2): for features of mean 0 and variance 1 in training it " +
        "measures variance 2, at prediction it is given 1 (ratio 0.5), so its output has standard deviation " +
        "0.7071 instead of 1; put dropout " +
        "behind the last batch normalisation",
    );
    expect(lint([dense, new Dropout({ rate: 0.5, key: k1! }), relu, dense, norm])[0]!.message).toBe(
      "Dropout (1) stands before BatchNorm1d (4): for features of mean 0 and variance 1 and weights of mean 0, " +
        "through ReLU, Dense, in training it measures variance 0.8408, at prediction it is given 0.3408 (ratio " +
        "0.4054), so its " +
        "output has standard deviation 0.6367 instead of 1; put dropout behind the last batch normalisation",
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

  test.each([
    ["inverted", 2.44140625, 1],
    ["classic", 0.8, 0.32768],
  ] as const)(
    "warns under %s scaling: the mean of training and prediction differ by keep^(1 - T)",
    (scaling, mean, at) => {
      const [finding] = lint([{ ...lstm(scaling).state, time: 5 }]);
      expect(finding!.numbers).toEqual({
        keep: 0.8,
        time: 5,
        mean: expect.closeTo(mean, 10),
        prediction: expect.closeTo(at, 10),
        factor: expect.closeTo(0.8 ** -4, 10),
      });
      // The layers do what it says: a linear chain of weight 1, its mask (kept with 0.8) for all of 5 steps.
      const chain = new DropoutRNN({
        inputs: 1,
        hidden: 1,
        weights: [0],
        recurrentWeights: [1],
        activation: "linear",
        dropout: gal({ input: { rate: 0 }, recurrent: { rate: 0.2 } }),
        scaling,
        key: k1!,
        mode: "eval",
      });
      const pass = { shape: [1, 5, 1], initial: { h: [1] } };
      expect(chain.forward([0, 0, 0, 0, 0], pass)[4]).toBeCloseTo(at, 12);
      const N = 4000;
      const many = chain.train().forward(new Float64Array(5 * N), {
        shape: [N, 5, 1],
        initial: { h: new Float64Array(N).fill(1) },
      });
      const kept = many.filter((_, i) => i % 5 === 4);
      const found = kept.reduce((sum, value) => sum + value, 0) / N;
      const deviation = Math.max(...kept) * Math.sqrt((0.8 * 0.2) / N);
      expect(Math.abs(found - mean)).toBeLessThan(6.2 * deviation); // 6.1 standard deviations: 1 in 1e9
    },
  );

  test("says what cures it", () => {
    expect(lint([{ ...lstm("classic").state, time: 5 }])[0]!.message).toBe(
      'DropoutLSTM (0) ties a mask (keep 0.8, scaling "classic") on the recurrent path: on a linear path over ' +
        'T = 5 steps the mean is 0.8 in training and 0.3277 at prediction; average passes of mode "sample" ' +
        "(Monte-Carlo), or predict " +
        "with no mask on that path and multiply by keep once, or take new masks each step, or dropout of the update",
    );
  });

  test("lets new masks each step pass", () => {
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
      'Dropout (1) scale at prediction ("classic") and Dropout (3) in training ("inverted"); exported to a ' +
      "runtime that " +
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
      "AlphaDropout (2) follows ReLU (1): it keeps mean and variance of inputs of mean 0 and variance 1, which " +
        "SELU gives; other means are multiplied by 0.4432 in training and by 1 at prediction; use SELU, or " +
        "Dropout",
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

describe("moments on the way to a batch normalisation", () => {
  const N = 400_000;
  // Standard normal numbers from their own generator, not from the library's.
  let seed = 12345;
  const uniform = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const normals = Float64Array.from(
    { length: N },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
  const variance = (x: Float64Array): number => {
    const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
    return x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  };

  test.each([
    ["ReLU", (x: number) => Math.max(0, x)],
    ["Tanh", Math.tanh],
    ["SiLU", (x: number) => x / (1 + Math.exp(-x))],
    ["LeakyReLU", (x: number) => (x > 0 ? x : 0.01 * x)],
  ] as const)("through %s are those of drawn numbers", (name, f) => {
    const layer = new Dropout({ rate: 0.5, key: k1! });
    const train = variance(layer.forward(normals).map(f));
    const evaluated = variance(normals.map(f));
    const [finding] = lint([dense, layer, { layer: name }, norm]);
    // A variance of 400,000 values with excess kurtosis up to 10: 6.1 deviations are 6.1 sqrt(12 / N) = 3.4 %.
    expect(Math.abs(finding!.numbers.trainVariance! / train - 1)).toBeLessThan(0.034);
    expect(Math.abs(finding!.numbers.evalVariance! / evaluated - 1)).toBeLessThan(0.034);
  });

  test("stop at what lint does not know, and at the next dropout", () => {
    expect(rules([dense, { layer: "Dropout", rate: 0.5 }, { layer: "LSTM" }, norm])).toEqual([]);
    expect(rules([dense, { layer: "Dropout", rate: 0.5 }, { layer: "Conv2d" }, norm])).toEqual([
      "dropout-before-batch-norm",
    ]);
    const two = lint([dense, { layer: "Dropout", rate: 0.5 }, dense, { layer: "Dropout", rate: 0.1 }, norm]);
    expect(two.map(({ at }) => at)).toEqual([[3, 4]]);
  });
});

describe("layers of TensorFlow.js", () => {
  const tfjsLayer = (name: string, config: object): LintInput => ({
    getClassName: () => name,
    getConfig: () => config,
  });

  test("two with one seed are found, and named", () => {
    const [finding] = lint([
      tfjsLayer("Dense", { name: "dense_1" }),
      tfjsLayer("HadamaskDropout", { name: "drop_1", rate: 0.5, key: [0, 7] }),
      tfjsLayer("HadamaskDropout", { name: "drop_2", rate: 0.5, key: [0, 7] }),
    ]);
    expect(finding!.message).toBe(
      "drop_1 (1) and drop_2 (2) have one key, so at every step element i of each is decided by the same number " +
        "(correlation 1); derive a key for each with split or foldIn",
    );
    expect(
      rules([
        tfjsLayer("Dense", {}),
        tfjsLayer("Dropout", { rate: 0.5 }),
        tfjsLayer("Activation", { activation: "relu" }),
        tfjsLayer("BatchNormalization", {}),
      ]),
    ).toEqual(["dropout-before-batch-norm"]);
  });
});

describe("single-epoch-language-model", () => {
  const network = [dense, { layer: "Dropout", rate: 0.1 }, dense];

  test("warns where a language model sees its data once, and there alone", () => {
    const [finding] = lint(network, { task: "language-model", epochs: 1 });
    expect(finding).toMatchObject({ rule: "single-epoch-language-model", at: [1], numbers: { epochs: 1 } });
    expect(finding!.message).toContain("early dropout too, made models worse (Liu, Bauer and Manning 2025)");
    expect(lint(network, { task: "language-model", epochs: 4 })).toEqual([]);
    expect(lint(network, { epochs: 1 })).toEqual([]);
    expect(lint([dense], { task: "language-model", epochs: 1 })).toEqual([]);
    expect(() => lint(network, { epoch: 1 } as never)).toThrow('lint: unknown option "epoch"; did you mean epochs?');
  });
});
