// One split of one set, as the authors of the benchmark ran it: choose rate and precision on validation rows, train
// again on all training rows, test once. Knows no file; every number depends on the data, the set, the settings and
// the number of the split.

import { foldIn, type Key, key } from "hadamask";
import { fit, type RegressionNetwork, type RegressionRows } from "./fit.js";
import { type Scores, scorePasses, type Triple } from "./passes.js";
import type { RegressionSet } from "./sets.js";
import { publishedSplits } from "./splits.js";

/** Inputs in C order, and targets, as the file has them. */
export interface RegressionTable {
  readonly columns: number;
  readonly inputs: Float64Array;
  readonly targets: Float64Array;
}

/** What may be chosen otherwise than the authors did. */
export interface ProtocolSettings {
  /** Times the set's epochs. The authors' files say 100, their paper 10. */
  readonly epochsFactor: number;
  /**
   * "full": a network for every pair of rate and precision. "rates": one for each rate, with the middle precision in
   * its weight decay; its passes are judged by all precisions.
   */
  readonly grid: "full" | "rates";
  readonly passes: number;
  /** Passes on validation rows; the authors made as many as at the end. */
  readonly validationPasses: number;
  /**
   * In which unit the precision goes into the weight decay: that of the target, as the authors have it, or that of
   * the standardised target, which the loss is in.
   */
  readonly decayUnit: "target" | "standardised";
  readonly seed: number;
}

export interface GridPoint {
  readonly rate: number;
  readonly precision: number;
  /** Mean over the validation rows. */
  readonly logLikelihood: number;
}

export interface SplitResult {
  readonly set: string;
  readonly split: number;
  readonly trainRows: number;
  readonly testRows: number;
  readonly grid: readonly GridPoint[];
  readonly rate: number;
  readonly precision: number;
  readonly rmse: Triple;
  readonly logLikelihood: Triple;
}

/** The share of a split's training rows to choose by. */
const FIT_SHARE = 0.8;
const LENGTH_SCALE = 0.01;
const BATCH_SIZE = 128;
const LEARNING_RATE = 0.001;

/**
 * Chooses rate and precision of a split on validation rows, trains again on all training rows, and tests.
 *
 * @param onFit Called with the number of networks trained, in parts of one, of how many.
 * @example
 * ```ts
 * import { REGRESSION_SETS, runSplit } from "@hadamask/experiments/reproduce";
 * const inputs = Float64Array.from({ length: 40 }, (_, i) => Math.sin(12.9898 * i));
 * const targets = Float64Array.from({ length: 40 }, (_, i) => 2 * inputs[i]!);
 * const set = { ...REGRESSION_SETS[0]!, epochs: 2, rates: [0.05], precisions: [1] };
 * const settings = { epochsFactor: 1, passes: 50, validationPasses: 50, seed: 1 };
 * const table = { columns: 1, inputs, targets };
 * const { trainRows, testRows } = runSplit(table, set, 0, { ...settings, grid: "full", decayUnit: "target" });
 * console.log(trainRows, testRows); // 36 4
 * ```
 */
export function runSplit(
  table: RegressionTable,
  set: RegressionSet,
  split: number,
  settings: ProtocolSettings,
  onFit: (done: number, of: number) => void = () => {},
): SplitResult {
  const { train, test } = publishedSplits(table.targets.length, split + 1)[split]!;
  const [chooseKey, testKey] = keysOf(settings.seed, set.name, split);
  const fitRows = Math.floor(FIT_SHARE * train.length);
  const networks = set.rates.length * (settings.grid === "full" ? set.precisions.length : 1);
  let trained = 0;
  const job = (fitted: Uint32Array, judged: Uint32Array, passes: number, from: Key): Job => ({
    ...{ table, set, settings, passes, fitted, judged, key: from },
    onEpoch: (share) => onFit(trained + share, networks + 1),
  });
  const choice = job(train.subarray(0, fitRows), train.subarray(fitRows), settings.validationPasses, chooseKey);
  const grid: GridPoint[] = [];
  for (const rate of set.rates) {
    for (const group of groupsOf(set.precisions, settings.grid)) {
      const { logLikelihood } = trainAndScore(choice, rate, group);
      group.judged.forEach((precision, p) => {
        grid.push({ rate, precision, logLikelihood: logLikelihood[p]!.mean });
      });
      trained++;
    }
  }
  const best = grid.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
  const { rate, precision } = best;
  const final = trainAndScore(job(train, test, settings.passes, testKey), rate, {
    decay: precision,
    judged: [precision],
  });
  return {
    ...{ set: set.name, split, trainRows: train.length, testRows: test.length, grid, rate, precision },
    ...{ rmse: final.rmse, logLikelihood: final.logLikelihood[0]! },
  };
}

/** The precision of a network's weight decay, and those by which its passes are judged. */
interface Precisions {
  readonly decay: number;
  readonly judged: readonly number[];
}

function groupsOf(precisions: readonly number[], grid: ProtocolSettings["grid"]): Precisions[] {
  if (grid === "full") return precisions.map((precision) => ({ decay: precision, judged: [precision] }));
  return [{ decay: precisions[Math.floor(precisions.length / 2)]!, judged: precisions }];
}

interface Job {
  readonly table: RegressionTable;
  readonly set: RegressionSet;
  readonly settings: ProtocolSettings;
  readonly fitted: Uint32Array;
  readonly judged: Uint32Array;
  readonly passes: number;
  /** The same for all of a grid, which is compared under common random numbers. */
  readonly key: Key;
  onEpoch(share: number): void;
}

function trainAndScore(job: Job, rate: number, { decay: precision, judged }: Precisions): Scores {
  const { table, set, settings, fitted, key: from } = job;
  const scaling = scalingOf(table, fitted);
  const epochs = set.epochs * settings.epochsFactor;
  const unit = settings.decayUnit === "target" ? 1 : scaling.deviation ** 2;
  const decay = 2 * weightDecay(rate, fitted.length, precision * unit);
  const options = { hidden: set.hidden, epochs, batchSize: BATCH_SIZE, learningRate: LEARNING_RATE, rate, decay };
  const onEpoch = (done: number): void => job.onEpoch(done / epochs);
  const network: RegressionNetwork = fit(standardised(table, fitted, scaling), options, foldIn(from, 0), { onEpoch });
  const targets = Float64Array.from(job.judged, (row) => table.targets[row]!);
  return scorePasses(
    network,
    standardised(table, job.judged, scaling),
    targets,
    { rate, passes: job.passes, factor: scaling.deviation, shift: scaling.mean, precisions: judged },
    foldIn(from, 1),
  );
}

/**
 * The factor λ of the penalty λ |W|² in the loss: l² (1 - rate) / (2 N τ), l = 0.01.
 *
 * @example
 * ```ts
 * import { weightDecay } from "@hadamask/experiments/reproduce";
 * console.log(weightDecay(0.5, 100, 0.25)); // 0.000001
 * ```
 * @see Gal and Ghahramani, ICML 2016, equation 7.
 */
export const weightDecay = (rate: number, rows: number, precision: number): number =>
  (LENGTH_SCALE ** 2 * (1 - rate)) / (2 * rows * precision);

/** Keys of the choice and of the test. A set's come from its name, so that other sets change nothing. */
function keysOf(seed: number, name: string, split: number): readonly [Key, Key] {
  const ofSet = [...new TextEncoder().encode(name)].reduce((from, byte) => foldIn(from, byte), key(seed));
  const ofSplit = foldIn(ofSet, 256 + split);
  return [foldIn(ofSplit, 0), foldIn(ofSplit, 1)];
}

interface Scaling {
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and standard deviation (of the rows, not of a sample) of each column; 1 where a column is constant. */
function scalingOf({ columns, inputs, targets }: RegressionTable, rows: Uint32Array): Scaling {
  const moments = (value: (row: number) => number): readonly [mean: number, deviation: number] => {
    let [sum, squares] = [0, 0];
    for (const row of rows) sum += value(row);
    const mean = sum / rows.length;
    for (const row of rows) squares += (value(row) - mean) ** 2;
    return [mean, Math.sqrt(squares / rows.length) || 1];
  };
  const ofColumns = Array.from({ length: columns }, (_, j) => moments((row) => inputs[row * columns + j]!));
  const [mean, deviation] = moments((row) => targets[row]!);
  return {
    means: Float64Array.from(ofColumns, ([m]) => m),
    deviations: Float64Array.from(ofColumns, ([, s]) => s),
    mean,
    deviation,
  };
}

function standardised(table: RegressionTable, rows: Uint32Array, scaling: Scaling): RegressionRows {
  const { columns, inputs, targets } = table;
  const x = new Float32Array(rows.length * columns);
  const y = new Float32Array(rows.length);
  rows.forEach((row, r) => {
    for (let j = 0; j < columns; j++) {
      x[r * columns + j] = (inputs[row * columns + j]! - scaling.means[j]!) / scaling.deviations[j]!;
    }
    y[r] = (targets[row]! - scaling.mean) / scaling.deviation;
  });
  return { columns, x, y };
}
