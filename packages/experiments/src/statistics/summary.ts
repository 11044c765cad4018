// From finished runs to the numbers that are printed and drawn.

import type { Dataset } from "../data/dataset.js";
import { reliabilityBins } from "../metrics.js";
import { modelEntry } from "../models/spec.js";
import type { Comparison, ComparisonResult, FirstLayer, PairedSummary, VariantSummary } from "../result.js";
import type { TrainedRun } from "../training/run.js";
import type { ComparisonSettings } from "../training/settings.js";
import { fittedRows } from "../training/stopping.js";
import { type OwnEntry, readVariant } from "../variants/spec.js";
import { classesOf } from "./class-measures.js";
import { meanOf } from "./estimate.js";
import { describeComparison } from "./findings.js";
import { calibrationFloor } from "./floor.js";
import { summariseLearned } from "./learned.js";
import { type Measured, measureRuns } from "./measure-runs.js";
import { targetSummary } from "./target-summary.js";
import { valueFit } from "./value-fit.js";
import { coverageFloor } from "./value-floor.js";
import { valuesOf } from "./value-measures.js";

/** What a comparison was, besides its runs. */
export interface Context {
  readonly data: Dataset;
  readonly settings: ComparisonSettings;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Variants beside those that have a name here. */
  readonly own?: readonly OwnEntry[];
}

/** @param runs Ordered by variant, then seed. */
export function summarise(runs: readonly TrainedRun[], context: Context): ComparisonResult {
  const { settings } = context;
  const byVariant = settings.variants.map((variant) => runs.filter((run) => run.variant === variant));
  const comparison = compareRuns(byVariant, context);
  return {
    comparison,
    curves: runs.map(({ variant, seed, trainLoss, epochs, testNll, testError }) => ({
      variant,
      seed,
      trainLoss,
      epochs,
      testNll,
      testError,
    })),
    ...(context.data.target === undefined
      ? { reliability: byVariant.map(reliabilityOf) }
      : { reliability: [], values: byVariant.map(valueFit) }),
    // runs of a sweep are without weights
    firstLayers: byVariant.filter(([run]) => run!.weights.length > 0).map(([run]) => firstLayerOf(run!, context)),
    findings: describeComparison(comparison),
    seconds: runs.reduce((sum, run) => sum + run.seconds, 0),
  };
}

const reliabilityOf = (runs: readonly TrainedRun[]): ComparisonResult["reliability"][number] => ({
  variant: runs[0]!.variant,
  bins: reliabilityBins(runs.map(classesOf)),
});

function compareRuns(byVariant: readonly TrainedRun[][], context: Context): Comparison {
  const { data, settings, command, versions } = context;
  const fitted = fittedRows(settings);
  const found = Object.entries(measureRuns(byVariant, settings.design, fitted)) as [string, Measured][];
  // Object.fromEntries forgets the names: those of measureRuns, of which these three are always there.
  const named = <V>(take: (measured: Measured) => V): Record<"testError" | "nll" | "ece", V> =>
    Object.fromEntries(found.map(([name, measure]) => [name, take(measure)])) as never;
  const variants = byVariant.map(
    (ofVariant, v): VariantSummary => ({
      name: settings.variants[v]!,
      title: readVariant(settings.variants[v]!, settings.inputRate, settings.model, context.own).title,
      ...named(({ measures }) => measures[v]!),
      eceFloor:
        data.target === undefined
          ? calibrationFloor(ofVariant.map(classesOf), data.classes.length)
          : coverageFloor(ofVariant.map(valuesOf)),
      trainError: trainErrorOf(ofVariant),
      secondsPerEpoch: meanOf(ofVariant.map((run) => run.secondsPerEpoch)),
      ...epochsOf(ofVariant, settings.epochs),
      ...learnedBy(ofVariant, fitted),
    }),
  );
  const paired = settings.variants.slice(1).map(
    (variant, i): PairedSummary => ({
      variant,
      against: settings.variants[0]!,
      ...named(({ differences }) => differences[i]!),
    }),
  );
  return {
    data: describeData(context, byVariant[0]![0]!),
    model: describeModel(settings),
    command,
    versions,
    variants,
    paired,
  };
}

function learnedBy(runs: readonly TrainedRun[], trainRows: number): Pick<VariantSummary, "learned"> {
  const learned = summariseLearned(runs, trainRows);
  return learned === undefined ? {} : { learned };
}

/** Training rows are not a sample: a network is asked about the very rows that it was trained on. */
function trainErrorOf(runs: readonly TrainedRun[]): VariantSummary["trainError"] {
  const perSeed = runs.map(({ trainError }) => trainError);
  return { mean: meanOf(perSeed), perSeed };
}

/** Of variants that were stopped before the end. */
function epochsOf(runs: readonly TrainedRun[], most: number): Pick<VariantSummary, "epochs"> {
  const epochs = runs.map(({ trainLoss }) => trainLoss.length);
  return epochs.some((count) => count < most) ? { epochs } : {};
}

function describeData({ data, settings }: Context, run: TrainedRun): Comparison["data"] {
  const target = targetSummary(data);
  return {
    name: data.name,
    description: data.description,
    trainRows: settings.trainRows,
    testRows: run.predictions.nll.length,
    rows: data.pool.rows,
    features: data.featureCount,
    classes: data.classes,
    ...(target && { target }),
    ...(data.notes && { notes: data.notes }),
    ...(data.image === undefined ? {} : { image: data.image }),
    split: settings.design,
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
  ...(settings.maxNorm !== undefined && { maxNorm: settings.maxNorm }),
  seeds: settings.seeds,
  ...(settings.noise && { noise: settings.noise }),
});

/** Units shown of a first layer. */
const MOST_UNITS = 64;

/** The incoming weights of the first units of a run, as they are now or at its end. */
export function firstLayerOf(
  { variant, seed, weights }: Pick<TrainedRun, "variant" | "seed" | "weights">,
  { data, settings }: Pick<Context, "data" | "settings">,
): FirstLayer {
  const { shape, values } = weights[0]!;
  const [features, outputs] = shape as [number, number];
  const image = modelEntry(settings.model).unitImage(data.image);
  const units = Array.from({ length: Math.min(outputs, MOST_UNITS) }, (_, unit) =>
    Array.from({ length: features }, (_, feature) => values[feature * outputs + unit]!),
  );
  return { variant, seed, features, units, ...(image === undefined ? {} : { image }) };
}
