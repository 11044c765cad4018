// The least certain rows as cells of text, for each kind of answer. Knows no terminal and no page.

import { type Column, table } from "../output/table.js";
import type { UncertaintyResult } from "./request.js";
import { leastCertain, rankedBy } from "./rows.js";

/** Rows that are shown. */
export const SHOWN = 10;

/** Values of a row that are shown. */
const VALUES = 4;

const right = (title: string): Column => ({ title, align: "right" });
const withError = (value: number, error: number): string => `${value.toFixed(3)} ± ${error.toFixed(3)}`;

export function rowHeading(result: UncertaintyResult): string {
  const { prediction } = result;
  if (prediction.kind === "classes") return "Least certain rows";
  if (prediction.kind === "values" && prediction.values === 1) return "Rows with the largest variance";
  return `Least certain rows, by ${rankedBy(prediction)}`;
}

export function rowTable(result: UncertaintyResult): string {
  const { numbers, ids } = result;
  const rows = leastCertain(result, SHOWN);
  const { columns, cells } = ownColumns(result);
  return table(
    [right("row"), ...(ids ? [{ title: "id" }] : []), ...columns],
    rows.map((row) => [String(numbers[row]! + 1), ...(ids ? [ids[row]!] : []), ...cells(row)]),
  );
}

interface OwnColumns {
  readonly columns: readonly Column[];
  cells(row: number): string[];
}

function ownColumns(result: UncertaintyResult): OwnColumns {
  const { kind } = result.prediction;
  if (kind === "values") return valueColumns(result.prediction);
  if (kind === "labels") return labelColumns(result.prediction, result.classNames);
  if (kind === "positions") return positionColumns(result.prediction);
  return classColumns(result.prediction, result);
}

type Of<K> = Extract<UncertaintyResult["prediction"], { readonly kind: K }>;

function classColumns(
  { predicted, maxProbability, predictiveEntropy, mutualInformation, standardError }: Of<"classes">,
  { labels, classNames }: UncertaintyResult,
): OwnColumns {
  return {
    columns: [
      ...(labels ? [{ title: "right" }] : []),
      { title: "predicted" },
      right("probability"),
      right("entropy"),
      right("mutual information"),
    ],
    cells: (row) => [
      ...(labels ? [classNames[labels[row]!]!] : []),
      classNames[predicted[row]!]!,
      withError(maxProbability[row]!, standardError.maxProbability[row]!),
      withError(predictiveEntropy[row]!, standardError.predictiveEntropy[row]!),
      withError(mutualInformation[row]!, standardError.mutualInformation[row]!),
    ],
  };
}

/** The labels that are likelier than not, and the sums over all labels. */
function labelColumns({ labels, mean, sum, standardError }: Of<"labels">, names: readonly string[]): OwnColumns {
  const there = (row: number): string => {
    const found = names.filter((_, l) => mean[row * labels + l]! > 0.5);
    return found.length > VALUES ? `${found.slice(0, VALUES).join(", ")}, …` : found.join(", ") || "none";
  };
  return {
    columns: [{ title: "labels" }, right("entropy"), right("mutual information")],
    cells: (row) => [
      there(row),
      withError(sum.predictiveEntropy[row]!, standardError.sum.predictiveEntropy[row]!),
      withError(sum.mutualInformation[row]!, standardError.sum.mutualInformation[row]!),
    ],
  };
}

function positionColumns({ maps }: Of<"positions">): OwnColumns {
  return {
    columns: [
      right("mean entropy"),
      right("95th percentile"),
      right("largest"),
      right("mean mutual information"),
      right("95th percentile"),
      right("largest"),
    ],
    cells: (row) => {
      const score = maps[row]?.score;
      if (score === undefined) return ["", "", "", "", "", ""];
      return [score.predictiveEntropy, score.mutualInformation].flatMap(({ mean, high, max }) =>
        [mean, high, max].map((value) => value.toFixed(3)),
      );
    },
  };
}

function valueColumns({ values, mean, variance, aleatoric, standardError }: Of<"values">): OwnColumns {
  const shown = Math.min(values, VALUES);
  const each = Array.from({ length: shown }, (_, v) => v);
  const of = (title: string, v: number): Column => right(values === 1 ? title : `${title} ${v + 1}`);
  return {
    columns: each.flatMap((v) => [
      of("mean", v),
      right("± se"),
      of(aleatoric === undefined ? "standard deviation" : "of the passes", v),
      ...(aleatoric === undefined ? [] : [of("of noise", v)]),
    ]),
    cells: (row) =>
      each.flatMap((v) => [
        mean[row * values + v]!.toPrecision(4),
        standardError.mean[row * values + v]!.toPrecision(2),
        Math.sqrt(variance[row * values + v]!).toPrecision(3),
        ...(aleatoric === undefined ? [] : [Math.sqrt(aleatoric[row * values + v]!).toPrecision(3)]),
      ]),
  };
}
