// A made-up comparison with the shapes and sizes of a real one, for tests of figures and the report. Its numbers mean
// nothing.

import type { ComparisonResult, Measure, VariantSummary } from "../../src/result.js";

const SEEDS = [0, 1, 2, 3, 4];
const EPOCHS = 60;
const IMAGE = { height: 8, width: 8 };

const VARIANTS = [
  { name: "none", title: "no dropout", error: 0.031, nll: 0.12, ece: 0.014 },
  { name: "bernoulli:0.5", title: "Bernoulli dropout, input 0.1, hidden 0.5", error: 0.026, nll: 0.09, ece: 0.008 },
];

/** A wave that looks like noise and is the same everywhere. */
const wobble = (i: number): number => Math.sin(12.9898 * i) * 0.5;

function measure(centre: number, start: number): Measure {
  const perSeed = SEEDS.map((seed) => centre * (1 + 0.15 * wobble(start + seed)));
  return { mean: perSeed.reduce((a, b) => a + b) / perSeed.length, ci95: [centre * 0.86, centre * 1.15], perSeed };
}

const summary = (variant: (typeof VARIANTS)[number], v: number): VariantSummary => ({
  name: variant.name,
  title: variant.title,
  testError: measure(variant.error, 10 * v),
  nll: measure(variant.nll, 10 * v + 3),
  ece: measure(variant.ece, 10 * v + 6),
  trainError: measure(v === 0 ? 0 : 0.0004, 5),
  secondsPerEpoch: 0.21 + 0.02 * v,
});

const curve = (end: number, seed: number, drift: number): number[] =>
  Array.from(
    { length: EPOCHS },
    (_, e) => (end + 1.6 * Math.exp(-e / 3) + drift * e) * (1 + 0.5 * wobble(seed) + 0.08 * wobble(seed * 100 + e)),
  );

function bins(overconfidence: number) {
  return Array.from({ length: 15 }, (_, b) => {
    const confidence = (b + 0.6) / 15;
    const count = b < 3 ? 0 : Math.round(3 * 1.7 ** (b - 3));
    const accuracy = Math.max(0, confidence - overconfidence * (1 - confidence) + 0.02 * wobble(b));
    return { lower: b / 15, upper: (b + 1) / 15, count, confidence: count && confidence, accuracy: count && accuracy };
  });
}

/** As `hadamask train` would hand it to the report. */
export function sampleResult(): ComparisonResult {
  return {
    comparison: {
      data: {
        name: "optdigits",
        description: "Handwritten digits, 8 by 8 pixels.",
        trainRows: 1000,
        testRows: 797,
        features: IMAGE.height * IMAGE.width,
        classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        image: IMAGE,
        rows: 1797,
        split: "folds",
      },
      model: {
        kind: "mlp",
        hidden: [256, 256],
        activation: "relu",
        optimiser: "adam",
        learningRate: 0.001,
        batchSize: 64,
        epochs: EPOCHS,
        seeds: SEEDS,
      },
      command: "hadamask train --data optdigits --variants none,bernoulli:0.5 --seeds 5",
      versions: {
        hadamask: "0.1.0",
        "@jax-js/jax": "0.1.25",
        node: "20.19.0",
        cpu: "a processor",
        platform: "linux x64",
      },
      variants: VARIANTS.map(summary),
      paired: [
        {
          variant: "bernoulli:0.5",
          against: "none",
          testError: { mean: -0.005, ci95: [-0.011, 0.001], p: 0.1 },
          nll: { mean: -0.03, ci95: [-0.041, -0.018], p: 0.001 },
          ece: { mean: -0.006, ci95: [-0.009, -0.003], p: 0.002 },
        },
      ],
    },
    curves: VARIANTS.flatMap(({ name, error, nll }, v) =>
      SEEDS.map((seed) => ({
        variant: name,
        seed,
        epochs: Array.from({ length: EPOCHS }, (_, e) => e + 1),
        trainLoss: curve(v === 0 ? 0.004 : 0.11, seed + 7 * v, 0),
        testNll: curve(nll, seed + 13 * v, v === 0 ? 0.0006 : 0),
        testError: curve(error, seed + 29 * v, 0).map((value) => value * 0.9),
      })),
    ),
    reliability: VARIANTS.map(({ name }, v) => ({ variant: name, bins: bins(v === 0 ? 0.4 : 0.1) })),
    firstLayers: VARIANTS.map(({ name }, v) => ({
      variant: name,
      seed: 0,
      features: 64,
      image: IMAGE,
      units: Array.from({ length: 32 }, (_, u) =>
        Array.from(
          { length: 64 },
          (_, i) => 0.2 * (1 - 0.3 * v) * Math.sin((i % 8) * (u % 5) * 0.3 + Math.floor(i / 8) * (u % 7) * 0.2),
        ),
      ),
    })),
    findings: [
      "Dropout lowered the test error from 3.1 % to 2.6 %, a difference of 0.5 points (95 % interval -1.1 to " +
        "0.1), which chance could explain.",
      "The negative log-likelihood fell from 0.12 to 0.09 nats (95 % interval of the difference -0.041 to " +
        "-0.018): the probabilities are better.",
    ],
    seconds: 151.2,
  };
}
