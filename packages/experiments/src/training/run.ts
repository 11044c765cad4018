// One run: one variant, one seed, trained from the first weight to the last epoch and tested after each. A pure
// function of the data, the settings, the variant and the seed: the same numbers on every thread, in every order.
// (But for its two timings.)

import { epochOrder, runKeys } from "../chance.js";
import type { Dataset } from "../data/dataset.js";
import { emptyPredictions, errorRate, meanNllOf, median, type Predictions, scoreLogits } from "../metrics.js";
import { buildModel } from "../models/build.js";
import type { Model, WeightArray } from "../models/model.js";
import { activate } from "../variants/activate.js";
import type { LearnedNoise } from "../variants/active.js";
import { readVariant } from "../variants/spec.js";
import { Batches } from "./batches.js";
import { Network } from "./network.js";
import type { RunSettings } from "./settings.js";
import { type Rows, splitRows } from "./split.js";
import { shareOfStep } from "./step-share.js";

/** All that is kept of a run. What the network learned is complete: a model file can be made from it. */
export interface TrainedRun {
  readonly variant: string;
  readonly seed: number;
  /** Entry e is of epoch e + 1: the mean loss over its batches with noise on, then the test rows after it. */
  readonly trainLoss: readonly number[];
  readonly testNll: readonly number[];
  readonly testError: readonly number[];
  /** Of the test rows after the last epoch. */
  readonly predictions: Predictions;
  readonly trainError: number;
  /** Of the whole run. */
  readonly seconds: number;
  /** Median over the epochs, training only. */
  readonly secondsPerEpoch: number;
  readonly dropoutShareOfStep: number;
  /** Absent where the noise learns nothing. */
  readonly learned?: LearnedNoise;
  /**
   * The arrays of each layer, from the inputs on (in an MLP weights [inputs, outputs] and biases): those of
   * prediction, without noise.
   */
  readonly weights: readonly WeightArray[];
}

/** @param onEpoch Called after each epoch with how many are done. */
export function trainRun(
  data: Dataset,
  settings: RunSettings,
  variantName: string,
  seed: number,
  onEpoch: (done: number) => void = () => {},
): TrainedRun {
  const begun = performance.now();
  const keys = runKeys(seed);
  const rows = splitRows(data, keys.split, settings.trainRows);
  const model = modelOf(data, settings);
  const batches = new Batches(rows.train, settings.batchSize, model.classes);
  const steps = settings.epochs * batches.perEpoch;
  const variant = activate(readVariant(variantName, settings.inputRate, settings.model), model, keys.dropout, steps);
  const network = new Network(model, variant, keys.weights);

  const curves = { trainLoss: [] as number[], testNll: [] as number[], testError: [] as number[] };
  const seconds: number[] = [];
  let predictions = emptyPredictions(0);
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    const start = performance.now();
    const order = epochOrder(keys, epoch, rows.train.count);
    const penaltyWeight = Math.min(1, epoch / (WARM_UP * settings.epochs)) / rows.train.count;
    const rates = { learningRate: settings.learningRate, penaltyWeight };
    curves.trainLoss.push(trainEpoch(network, batches, order, epoch, rates));
    seconds.push((performance.now() - start) / 1000);
    predictions = predictRows(network, rows.test, model.classes);
    curves.testNll.push(meanNllOf(predictions));
    curves.testError.push(errorRate(predictions));
    onEpoch(epoch + 1);
  }
  const learned = network.learned();
  const trainError = errorRate(predictRows(network, rows.train, model.classes));
  const weights = network.takeWeights();
  return {
    variant: variantName,
    seed,
    ...curves,
    predictions,
    trainError,
    seconds: (performance.now() - begun) / 1000,
    secondsPerEpoch: median(seconds),
    dropoutShareOfStep: Object.keys(variant.hooks).length === 0 ? 0 : shareOfStep(model, variant, batches),
    ...(variant.summary && { learned: variant.summary(learned, weights) }),
    weights: variant.deployed?.(learned, weights) ?? weights,
  };
}

const modelOf = (data: Dataset, { model, hidden, activation }: RunSettings): Model =>
  buildModel(model, {
    features: data.featureCount,
    classes: data.classes.length,
    hidden,
    activation,
    ...(data.image === undefined ? {} : { image: data.image }),
  });

/**
 * The share of the epochs over which the weight of the penalty grows from 0 to 1 / (training rows). At once it would
 * put all weights into noise before they have learned a thing (Molchanov et al. 2017, section 4.3).
 */
const WARM_UP = 0.5;

interface Rates {
  readonly learningRate: number;
  readonly penaltyWeight: number;
}

function trainEpoch(network: Network, batches: Batches, order: Uint32Array, epoch: number, rates: Rates): number {
  const { learningRate, penaltyWeight } = rates;
  let loss = 0;
  for (let b = 0; b < batches.perEpoch; b++) {
    const t = epoch * batches.perEpoch + b;
    loss += network.train(t, batches.take(order, b), learningRate, penaltyWeight) / batches.perEpoch;
  }
  return loss;
}

/** Rows predicted at a time: large enough to be fast, small enough for the memory of a picture data set. */
const PREDICTED_AT_ONCE = 1000;

function predictRows(network: Network, rows: Rows, classes: number): Predictions {
  const predictions = emptyPredictions(rows.count);
  for (let start = 0; start < rows.count; start += PREDICTED_AT_ONCE) {
    const n = Math.min(PREDICTED_AT_ONCE, rows.count - start);
    const chosen = Array.from({ length: n }, (_, i) => start + i);
    const inputs = new Float32Array(n * rows.featureCount);
    rows.readInputs(chosen, inputs);
    scoreLogits(predictions, start, network.predict(inputs, n), chosen.map(rows.label), classes);
  }
  return predictions;
}
