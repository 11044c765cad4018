// A trained network as files for others: an ONNX model, the rows that it was not trained on as a CSV file beside it,
// and what its columns became.

import { MOST_LOG_VARIANCE, type Split, splitRows, type TrainedRun } from "@hadamask/experiments";
import { type ComparisonSettings, type Dataset, readVariant } from "@hadamask/experiments/settings";
import { exportMlp, type TargetDescription } from "@hadamask/onnx/mlp";
import { writeFileWhole } from "../files/write-file.js";
import { columnsPath, columnsText, csvOf, labelName, rowsPath } from "./test-rows.js";
import { versions } from "./versions.js";

/** What was written. */
export interface Exported {
  readonly model: string;
  /** The held-out rows; undefined where the data come with test rows of their own. */
  readonly rows: string | undefined;
  /** The column with the right answers there. */
  readonly label: string;
  /** The column with what rows are called there, where there is one. */
  readonly id: string | undefined;
  /** Of which run. */
  readonly variant: string;
  readonly seed: number;
}

/**
 * Writes the network of the last variant and the first seed. It takes features as they stand in the data: their
 * scaling is in the graph, and so is a Dropout node wherever training dropped.
 */
export function exportRun(
  path: string,
  data: Dataset,
  settings: ComparisonSettings,
  runs: readonly TrainedRun[],
): Exported {
  const [variant, seed] = [settings.variants.at(-1)!, settings.seeds[0]!];
  const run = runs.find((candidate) => candidate.variant === variant && candidate.seed === seed)!;
  const split = splitRows(data, settings, seed);
  writeFileWhole(path, modelOf(data, settings, run, split));
  const label = labelName(data);
  const id = data.ids?.name;
  if (data.columns !== undefined) writeFileWhole(columnsPath(path), columnsText(data));
  if (split.heldOut === undefined) return { model: path, rows: undefined, label, id, variant, seed };
  const rows = rowsPath(path);
  writeFileWhole(rows, csvOf(data, split.heldOut));
  return { model: path, rows, label, id, variant, seed };
}

function modelOf(data: Dataset, settings: ComparisonSettings, run: TrainedRun, split: Split): Uint8Array {
  const { scaling, targetScaling } = split;
  const { kind, rate, inputRate, title } = readVariant(run.variant, settings.inputRate, settings.model);
  const isDropout = kind === "bernoulli"; // ONNX has a node for this noise alone; the weights are those of prediction
  const layers = Array.from({ length: run.weights.length / 2 }, (_, i) => ({
    weights: run.weights[2 * i]!.values,
    biases: run.weights[2 * i + 1]!.values,
  }));
  return exportMlp({
    layers,
    activation: settings.activation,
    normalisation: scaling,
    inputRate: isDropout ? inputRate : 0,
    hiddenRate: isDropout ? rate : 0,
    ...(targetScaling === undefined
      ? { classes: data.classes }
      : { target: { ...data.target!, ...targetScaling, noise: noiseOf(settings, run) } }),
    ...(data.columns && {
      columns: data.columns,
      fillMissing: data.columns.some(({ missing }) => missing !== undefined),
    }),
    name: `${data.name} ${run.variant}`,
    description: `Trained by hadamask on ${settings.trainRows} rows of ${data.name}, seed ${run.seed}: ${title}.`,
    producerVersion: versions().hadamask ?? "",
    ...(data.image === undefined ? {} : { image: data.image }),
  });
}

/** Of a value that is predicted: learned, or what is left of the training rows. */
const noiseOf = ({ noise }: ComparisonSettings, { predictions }: TrainedRun): TargetDescription["noise"] =>
  noise === "learned" || !("deviation" in predictions)
    ? { mostLogVariance: MOST_LOG_VARIANCE }
    : { deviation: predictions.deviation[0]! };
