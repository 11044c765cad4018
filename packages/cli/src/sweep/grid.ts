// From a request and its data to the cells of the grid: comparisons that differ in their settings. Trains nothing.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { OwnVariant } from "@hadamask/experiments";
import {
  type ComparisonSettings,
  checkRequest,
  type Dataset,
  goesWith,
  lacksRate,
  type ModelKind,
  modelEntry,
  settingsFor,
  type TrainRequest,
  UsageError,
} from "@hadamask/experiments/settings";
import { type Provenance, provenanceOf } from "../train/run-file.js";
import type { SweepRequest } from "./request.js";

/** One comparison: the same settings for all its variants and seeds. */
export interface Cell {
  readonly data: Dataset;
  readonly settings: ComparisonSettings;
  /** What its runs depend on, besides variant and seed. */
  readonly provenance: Omit<Provenance, "variant" | "seed">;
  /** Where its runs are saved, from the folder of the sweep: the same name wherever the cell stands in a grid. */
  readonly folder: string;
}

export interface Grid {
  readonly cells: readonly Cell[];
  /** Variants that were left out where the network does not take them, in words. */
  readonly leftOut: readonly string[];
}

/** @throws {UsageError} If the grid is empty or too large, or a cell makes no sense. */
export function gridOf(
  request: SweepRequest,
  datasets: readonly Dataset[],
  own: readonly OwnVariant[] = [],
  variantFiles: readonly string[] = [],
): Grid {
  const names = datasets.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`sweep: --data: two data sets are called ${twice}; rename one`);
  const byModel = request.model.map((model) => ({ model, ...variantsFor(request, model, own) }));
  const cells = datasets.flatMap((data) =>
    byModel.flatMap(({ model, variants }) =>
      product(request).map((values) => {
        const { hidden, activation, ...rest } = values;
        const asked = given({
          ...rest,
          firstSeed: request.firstSeed,
          validation: request.validation,
          noise: request.noise,
        });
        const train: TrainRequest = { seeds: request.seeds, ...asked, model, variants, hidden, activation };
        return cellOf(train, request.evaluate, data, own, variantFiles);
      }),
    ),
  );
  return { cells: unique(cells), leftOut: byModel.flatMap(({ leftOut }) => leftOut) };
}

function cellOf(
  train: TrainRequest,
  evaluate: number | undefined,
  data: Dataset,
  own: readonly OwnVariant[],
  variantFiles: readonly string[],
): Cell {
  checkRequest(train, own);
  const { epochs, ...chosen } = settingsFor(train, data);
  // Once, at the end, where nobody asks for more: a sweep has no learning curves.
  const settings = { ...chosen, epochs, evaluateEvery: Math.min(evaluate ?? epochs, epochs) };
  const provenance = provenanceOf(data, settings, variantFiles);
  return { data, settings, provenance, folder: join("cells", folderName(data, settings, provenance)) };
}

function folderName(data: Dataset, { model, hidden, trainRows }: ComparisonSettings, provenance: object): string {
  const sum = createHash("sha256").update(JSON.stringify(provenance)).digest("hex").slice(0, 8);
  const plain = data.name.replaceAll(/[^\w.-]+/g, "-").slice(0, 40);
  return `${plain}-${model}-${hidden.join("x").slice(0, 40)}-n${trainRows}-${sum}`;
}

/** Cells that a model or the data made alike are one: `--hidden` of a network that takes no other, for instance. */
const unique = (cells: readonly Cell[]): Cell[] => [...new Map(cells.map((cell) => [cell.folder, cell])).values()];

type Values = Pick<TrainRequest, "inputRate" | "trainSize" | "epochs" | "batchSize" | "learningRate"> & {
  readonly hidden: readonly number[] | undefined;
  readonly activation: TrainRequest["activation"];
};

/** An empty list leaves one place, where the value is chosen to fit. */
const orChosen = <T>(list: readonly T[]): readonly (T | undefined)[] => (list.length === 0 ? [undefined] : list);

/** Every combination, the first quantity changing slowest. */
function product(request: SweepRequest): Values[] {
  const axes = {
    hidden: orChosen(request.hidden),
    activation: orChosen(request.activation),
    trainSize: orChosen(request.trainSize),
    learningRate: orChosen(request.learningRate),
    inputRate: orChosen(request.inputRate),
    batchSize: orChosen(request.batchSize),
    epochs: orChosen(request.epochs),
  };
  let rows: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(axes)) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
    if (rows.length > MOST_CELLS) throw new UsageError(`sweep: the grid must have at most ${MOST_CELLS} settings`);
  }
  return rows as unknown as Values[]; // each row went through all axes
}

const MOST_CELLS = 100_000;

/** Without what is undefined: options that were not given are not there. (Object.fromEntries forgets types.) */
const given = <T extends object>(values: T): { [Name in keyof T]: Exclude<T[Name], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

/** The variants of one network: with all rates, and without those that it does not take but another one does. */
function variantsFor(
  { variants, rates, model: models }: SweepRequest,
  model: ModelKind,
  own: readonly OwnVariant[],
): { variants: readonly string[]; leftOut: readonly string[] } {
  const asked = variants.length === 0 ? modelEntry(model).variants : variants;
  const isElsewhere = (variant: string): boolean => models.some((other) => goesWith(variant, other, own));
  const leftOut = asked.filter((variant) => !goesWith(variant, model, own) && isElsewhere(variant));
  const kept = asked.filter((variant) => !leftOut.includes(variant));
  const full = kept.flatMap((variant) =>
    rates.length > 0 && lacksRate(variant, own) ? rates.map((rate) => `${variant}:${rate}`) : [variant],
  );
  if (rates.length > 0 && !kept.some((variant) => lacksRate(variant, own))) {
    throw new UsageError(
      "sweep: --rates goes with variants that are written without a rate (bernoulli, not bernoulli:0.5), " +
        `got ${kept.join(",")}`,
    );
  }
  return { variants: full, leftOut: leftOut.map((variant) => `${variant} with ${model}`) };
}
