// The statistics of a prediction as named columns, one row each: what files of rows hold. Knows no format.

import type { PositionPrediction, Prediction } from "@hadamask/onnx";

type Numbers = Float64Array | Float32Array | Int32Array;

/** A statistic with one or several numbers a row. */
export interface Field {
  /** As in the library. */
  readonly name: string;
  /** How many numbers a row has. */
  readonly size: number;
  readonly values: Numbers;
  readonly isError: boolean;
  /** Whether it has a number for every position of a row. */
  readonly isMap: boolean;
}

/** A statistic that is neither an error nor a map. */
export const fieldOf = (name: string, values: Numbers, size: number): Field => ({
  name,
  size,
  values,
  isError: false,
  isMap: false,
});

/** All statistics of a prediction, those of a row's uncertainty first. */
export function fieldsOf(prediction: Prediction): Field[] {
  const { rows } = prediction;
  const field = (name: string, values: Numbers, what: { isError?: boolean; isMap?: boolean } = {}): Field => ({
    name,
    size: values.length / rows,
    values,
    isError: what.isError ?? false,
    isMap: what.isMap ?? false,
  });
  if (prediction.kind === "positions") return mapFields(prediction, field);
  const isOfRows = ([, value]: [string, unknown]): boolean =>
    value instanceof Float64Array && value.length > 0 && value.length % rows === 0;
  const own = Object.entries(prediction)
    .filter(isOfRows)
    .filter(([name]) => name !== "sampleIds");
  const errors = Object.entries(prediction.standardError).filter(isOfRows);
  const quantiles =
    prediction.kind === "values"
      ? prediction.quantiles.map((values, l) => field(`quantile_${prediction.levels[l]}`, values))
      : [];
  const sums = (of: object, isError: boolean): Field[] =>
    Object.entries(of).map(([name, values]) => field(sumName(name), values as Float64Array, { isError }));
  const isLabels = prediction.kind === "labels";
  return [
    ...(prediction.kind === "classes" ? [field("predicted", prediction.predicted)] : []),
    field("samples", prediction.samples),
    ...(isLabels ? sums(prediction.sum, false) : []),
    ...own.map(([name, values]) => field(name, values as Float64Array)),
    ...quantiles,
    field("deterministic", prediction.deterministic.mean),
    ...(isLabels ? sums(prediction.standardError.sum, true) : []),
    ...errors.map(([name, values]) => field(name, values as Float64Array, { isError: true })),
  ];
}

const sumName = (name: string): string => `sum${name[0]!.toUpperCase()}${name.slice(1)}`;

const SCORES = ["mean", "max", "high"] as const;
const ENTROPIES = ["predictiveEntropy", "mutualInformation"] as const;
const MAPS = ["predicted", "maxProbability", "predictiveEntropy", "mutualInformation"] as const;

/** Each row's scores, then the maps themselves. */
function mapFields(
  { maps, samples, rows, deterministic }: PositionPrediction,
  field: (name: string, values: Numbers, what?: { isMap?: boolean }) => Field,
): Field[] {
  const scores = ENTROPIES.flatMap((entropy) =>
    SCORES.map((score) =>
      field(
        `${entropy}${score[0]!.toUpperCase()}${score.slice(1)}`,
        Float64Array.from(maps, (map) => map?.score[entropy][score] ?? Number.NaN),
      ),
    ),
  );
  const size = deterministic.predicted.length / rows;
  const whole = MAPS.map((name) => {
    const values = name === "predicted" ? new Int32Array(rows * size) : new Float32Array(rows * size);
    maps.forEach((map, row) => {
      if (map !== undefined) values.set(map[name], row * size);
    });
    return field(`${name}Map`, values, { isMap: true });
  });
  return [
    field("samples", samples),
    ...scores,
    ...whole,
    field("deterministicMap", deterministic.predicted, { isMap: true }),
  ];
}
