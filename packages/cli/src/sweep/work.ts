// What a run costs, so that a grid of small and large runs tells well how long it will still take. Knows no clock.

import {
  type ComparisonSettings,
  type Dataset,
  fittedRows,
  type ModelKind,
  testRowCount,
} from "@hadamask/experiments/settings";
import type { PlannedRun } from "./plan.js";

/** Milliseconds on one core of an AMD EPYC with jax-js 0.1.25. Only how they compare to each other matters. */
const COST = {
  /** To compile the step of a run. */
  run: 700,
  /** Calls of a step, whatever its size. */
  step: 2,
  /** A multiplication forward and those backward that go with it, and one forward alone. */
  trained: 7e-7,
  asked: 2.4e-7,
} as const;

/** The work of a run, in milliseconds of a machine that is not this one. */
export function workOf({ cell: { data, settings }, seed }: PlannedRun): number {
  const { epochs, batchSize, evaluateEvery } = settings;
  const fitted = fittedRows(settings);
  const steps = epochs * Math.max(1, Math.floor(fitted / batchSize));
  const products = productsOf(data, settings);
  const asked = settings.trainRows + Math.ceil(epochs / evaluateEvery) * testRowCount(data, settings.design, seed);
  return COST.run + steps * (COST.step + COST.trained * products * batchSize) + COST.asked * products * asked;
}

/** Multiplications that one row takes in a network. */
function productsOf(data: Dataset, { model, hidden }: Pick<ComparisonSettings, "model" | "hidden">): number {
  const outputs = Math.max(2, data.classes.length);
  const { featureCount, image = { height: 1, width: featureCount } } = data;
  const chain = (from: number, sizes: readonly number[]): number =>
    sizes.reduce((sum, size, i) => sum + size * (sizes[i - 1] ?? from), 0);
  const cell = (gates: number): number => {
    const units = hidden[0]!;
    return image.height * gates * units * (image.width + units) + units * outputs;
  };
  const by: Readonly<Record<ModelKind, () => number>> = {
    mlp: () => chain(featureCount, [...hidden, outputs]),
    residual: () => chain(featureCount, [...hidden, outputs]),
    gru: () => cell(3),
    lstm: () => cell(4),
    cnn: () => hidden.reduce((sum, maps, i) => sum + 9 * maps * (hidden[i - 1] ?? 1) * (featureCount / 4 ** i), 0),
  };
  return by[model]();
}
