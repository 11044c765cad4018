// The reference numbers of test/vectors/uncertainty.json, made with scikit-learn, SciPy and NumPy.

import { readFileSync } from "node:fs";

export const vectors = JSON.parse(readFileSync(new URL("../../vectors/uncertainty.json", import.meta.url), "utf8")) as {
  scores: {
    classes: number;
    probabilities: number[];
    labels: number[];
    bins: number;
    nll: number;
    brier: number;
    accuracy: number;
    ece: number;
    adaptiveEce: number;
    squared: number;
    classwise: number;
    temperature: number;
    nllAtTemperature: number;
  };
  auroc: { strange: number[]; familiar: number[]; value: number; standardError: number };
  passes: {
    probabilities: number[];
    mean: number[];
    variance: number[];
    predictiveEntropy: number;
    expectedEntropy: number;
    variationRatio: number;
  };
  labels: {
    probabilities: number[];
    mean: number[];
    variance: number[];
    predictiveEntropy: number[];
    expectedEntropy: number[];
    sumOfMutualInformation: number[];
  };
  positions: {
    logits: number[];
    probabilities: number[];
    predictiveEntropy: number[][];
    mutualInformation: number[][];
    predicted: number[][];
    entropyScores: [number, number, number][];
    informationScores: [number, number, number][];
  };
  scalings: {
    probabilities: number[];
    labels: number[];
    slope: number;
    intercept: number;
    isotonic: number[];
    penalty: number;
    vector: number[];
  };
  regression: {
    mean: number[];
    variance: number[];
    targets: number[];
    rmse: number;
    nll: number;
    inside90: number;
    interval: [number, number];
    t: [number, number];
  };
  beta: [number, number, number, number][];
  quantiles: { sample: number[]; rows: [number, number, number][] };
  incompleteBeta: [number, number, number, number][];
};
