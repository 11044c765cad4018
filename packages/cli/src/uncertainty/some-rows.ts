// Predictions cut and put together by rows. Knows of a prediction only that its arrays have as many numbers for every
// row, and that maps are one entry a row.

import type { PositionPrediction, Prediction } from "@hadamask/onnx";

type Values = Float64Array | Float32Array | Int32Array;

const isValues = (value: unknown): value is Values =>
  value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;

type Maps = PositionPrediction["maps"];

/** Without the maps, whose arrays are one row's; they are handled by themselves. */
function withoutMaps<P extends object>(prediction: P): { readonly rest: P; readonly maps: Maps | undefined } {
  if (!("maps" in prediction)) return { rest: prediction, maps: undefined };
  const { maps, ...rest } = prediction as P & { readonly maps: Maps };
  return { rest: rest as unknown as P, maps };
}

/** Some rows of a prediction, in the order they are named. */
export function pickRows<P extends Prediction>(prediction: P, rows: readonly number[]): P {
  const { rest, maps } = withoutMaps(prediction);
  return {
    ...(mapArrays(rest, (values) => pick(values, Int32Array.from(rows), values.length / prediction.rows)) as P),
    rows: rows.length,
    ...(maps && { maps: rows.map((row) => maps[row]) }),
  };
}

/** All rows of predictions of one kind, one after the other. */
export function joinRows<P extends { readonly rows: number }>(parts: readonly P[]): P {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const split = parts.map((part) => withoutMaps(part));
  const maps = split[0]?.maps && split.flatMap((part) => part.maps ?? []);
  return { ...(joinArrays(split.map(({ rest }) => rest)) as P), rows, ...(maps && { maps }) };
}

/** Some rows of rows x `size` numbers. */
export function pick<A extends Values>(values: A, rows: Int32Array, size: number): A {
  const out = new (values.constructor as new (n: number) => A)(rows.length * size);
  rows.forEach((row, i) => {
    out.set(values.subarray(row * size, (row + 1) * size), i * size);
  });
  return out;
}

/** A copy with every array of values, however deep, replaced. */
function mapArrays(value: unknown, change: (values: Values) => Values): unknown {
  if (isValues(value)) return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapArrays(entry, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, mapArrays(entry, change)]));
}

/** Objects of one shape as one: their arrays of values follow each other, all else is that of the first. */
function joinArrays(parts: readonly unknown[]): unknown {
  const [first] = parts;
  if (isValues(first)) return concatenate(parts as readonly Values[]);
  if (Array.isArray(first)) return first.map((_, i) => joinArrays(parts.map((part) => (part as unknown[])[i])));
  if (typeof first !== "object" || first === null) return first;
  const entryOf = (name: string) => joinArrays(parts.map((part) => (part as Record<string, unknown>)[name]));
  return Object.fromEntries(Object.keys(first).map((name) => [name, entryOf(name)]));
}

function concatenate(parts: readonly Values[]): Values {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new (parts[0]!.constructor as new (n: number) => Values)(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
