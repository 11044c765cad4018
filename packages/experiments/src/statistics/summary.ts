// From finished runs to the numbers that are printed and drawn.

import type { Dataset } from "../data/dataset.js";
import { binOf, CALIBRATION_BINS, calibrationError, median, type Predictions, reliabilityBins } from "../metrics.js";
import { modelEntry } from "../models/spec.js";
import type {
  Comparison,
  ComparisonResult,
  Difference,
  FirstLayer,
  Measure,
  PairedSummary,
  VariantSummary,
} from "../result.js";
import type { TrainedRun } from "../training/run.js";
import type { ComparisonSettings } from "../training/settings.js";
import { readVariant } from "../variants/spec.js";
import { bootstrap, type Sampled } from "./bootstrap.js";
import { describeComparison } from "./findings.js";
import { summariseLearned } from "./learned.js";

/** What a comparison was, besides its runs. */
export interface Context {
  readonly data: Dataset;
  readonly settings: ComparisonSettings;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** @param runs Ordered by variant, then seed. */
export function summarise(runs: readonly TrainedRun[], context: Context): ComparisonResult {
  const { settings } = context;
  const byVariant = settings.variants.map((variant) => runs.filter((run) => run.variant === variant));
  const comparison = compareRuns(byVariant, context);
  return {
    comparison,
    curves: runs.map(({ variant, seed, trainLoss, testNll, testError }) => ({
      variant,
      seed,
      trainLoss,
      testNll,
      testError,
    })),
    reliability: byVariant.map((ofVariant) => ({
      variant: ofVariant[0]!.variant,
      bins: reliabilityBins(ofVariant.map((run) => run.predictions)),
    })),
    firstLayers: byVariant.map((ofVariant) => firstLayerOf(ofVariant[0]!, context)),
    findings: describeComparison(comparison),
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
  };
}

function compareRuns(byVariant: readonly TrainedRun[][], context: Context): Comparison {
  const { data, settings, command, versions } = context;
  const measured = {
    testError: measureAll(byVariant, data, 1, errorOf),
    nll: measureAll(byVariant, data, Number.POSITIVE_INFINITY, nllOf),
    ece: measureAll(byVariant, data, 1, calibrationOf),
    trainError: measureAll(byVariant, data, 1, trainErrorOf),
  };
  const variants = byVariant.map(
    (ofVariant, v): VariantSummary => ({
      name: settings.variants[v]!,
      title: readVariant(settings.variants[v]!, settings.inputRate, settings.model).title,
      testError: measured.testError.measures[v]!,
      nll: measured.nll.measures[v]!,
      ece: measured.ece.measures[v]!,
      trainError: measured.trainError.measures[v]!,
      secondsPerEpoch: median(ofVariant.map((run) => run.secondsPerEpoch)),
      dropoutShareOfStep: median(ofVariant.map((run) => run.dropoutShareOfStep)),
      ...learnedBy(ofVariant, settings.trainRows),
    }),
  );
  const paired = settings.variants.slice(1).map(
    (variant, i): PairedSummary => ({
      variant,
      against: settings.variants[0]!,
      testError: measured.testError.differences[i]!,
      nll: measured.nll.differences[i]!,
      ece: measured.ece.differences[i]!,
    }),
  );
  return { data: describeData(context), model: describeModel(settings), command, versions, variants, paired };
}

function learnedBy(runs: readonly TrainedRun[], trainRows: number): Pick<VariantSummary, "learned"> {
  const learned = summariseLearned(runs, trainRows);
  return learned === undefined ? {} : { learned };
}

function describeData({ data, settings }: Context): Comparison["data"] {
  return {
    name: data.name,
    description: data.description,
    trainRows: settings.trainRows,
    testRows: data.test?.rows ?? data.pool.rows - settings.trainRows,
    features: data.featureCount,
    classes: data.classes,
    ...(data.image === undefined ? {} : { image: data.image }),
    split: data.test === undefined ? "each seed draws its own" : "given",
  };
}

const describeModel = (settings: ComparisonSettings): Comparison["model"] => ({
  kind: settings.model,
  hidden: settings.hidden,
  activation: settings.activation,
  optimiser: "adam",
  learningRate: settings.learningRate,
  batchSize: settings.batchSize,
  epochs: settings.epochs,
  seeds: settings.seeds,
});

interface Measured {
  readonly measures: readonly Measure[];
  readonly differences: readonly Difference[];
}

/** `most` is what a measure can be; none can be negative. Intervals end where measures and their differences do. */
function measureAll(
  byVariant: readonly TrainedRun[][],
  data: Dataset,
  most: number,
  sample: (run: TrainedRun) => Sampled,
): Measured {
  const within = ([low, high]: readonly [number, number], least: number): [number, number] => [
    Math.max(low, least),
    Math.min(high, most),
  ];
  const sampled = byVariant.map((ofVariant) => ofVariant.map(sample));
  const found = bootstrap({ runs: sampled, hasSharedRows: data.test !== undefined });
  return {
    measures: found.means.map((mean, v) => ({
      mean,
      ci95: within(found.intervals[v]!, 0),
      perSeed: sampled[v]!.map((run) => run.measure()),
    })),
    differences: found.differences.map((mean, i) => ({ mean, ci95: within(found.differenceIntervals[i]!, -most) })),
  };
}

/** The mean of one number per row. */
function meanOfRows(values: Float64Array): Sampled {
  const total = (rows: Uint32Array): number => {
    let sum = 0;
    for (const row of rows) sum += values[row]!;
    return sum / rows.length;
  };
  const all = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { rows: values.length, measure: (rows) => (rows === undefined ? all : total(rows)) };
}

const errorOf = ({ predictions }: TrainedRun): Sampled =>
  meanOfRows(Float64Array.from(predictions.label, (label, i) => (label === predictions.predicted[i] ? 0 : 1)));

const nllOf = ({ predictions }: TrainedRun): Sampled => meanOfRows(Float64Array.from(predictions.nll));

/** Training rows are not drawn again: a network is asked about the very rows that it was trained on. */
const trainErrorOf = ({ trainError, predictions }: TrainedRun): Sampled => ({
  rows: predictions.label.length,
  measure: () => trainError,
});

function calibrationOf({ predictions }: TrainedRun): Sampled {
  const all = calibrationError(reliabilityBins([predictions]));
  const { bins, gaps } = calibrationGaps(predictions);
  const measure = (rows: Uint32Array): number => {
    const sums = new Float64Array(CALIBRATION_BINS);
    for (const row of rows) sums[bins[row]!]! += gaps[row]!;
    return sums.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows.length;
  };
  return { rows: bins.length, measure: (rows) => (rows === undefined ? all : measure(rows)) };
}

/** Each row's bin, and its confidence less 1 if it was right: summed over a bin, rows times the bin's gap. */
function calibrationGaps({ label, predicted, confidence }: Predictions): { bins: Uint8Array; gaps: Float64Array } {
  return {
    bins: Uint8Array.from(confidence, binOf),
    gaps: Float64Array.from(confidence, (value, i) => value - (label[i] === predicted[i] ? 1 : 0)),
  };
}

/** Units shown of a first layer. */
const MOST_UNITS = 64;

function firstLayerOf({ variant, seed, weights }: TrainedRun, { data, settings }: Context): FirstLayer {
  const { shape, values } = weights[0]!;
  const [features, outputs] = shape as [number, number];
  const image = modelEntry(settings.model).unitImage(data.image);
  const units = Array.from({ length: Math.min(outputs, MOST_UNITS) }, (_, unit) =>
    Array.from({ length: features }, (_, feature) => values[feature * outputs + unit]!),
  );
  return { variant, seed, features, units, ...(image === undefined ? {} : { image }) };
}
