// Predictions as files: JSON, CSV, or a NumPy record array, one row each.

import { basename, extname } from "node:path";
import type { Prediction } from "@hadamask/onnx";
import { npyHeader } from "../output/npy.js";
import { UsageError } from "../usage.js";
import type { UncertaintyResult } from "./request.js";

/** A statistic with one or several numbers a row. */
interface Field {
  /** As in the library. */
  readonly name: string;
  /** How many numbers a row has. */
  readonly size: number;
  readonly values: Float64Array | Int32Array;
  readonly isError: boolean;
}

type Writer = (result: UncertaintyResult) => Iterable<string | Uint8Array>;

const WRITERS: Readonly<Record<string, Writer>> = { ".json": json, ".csv": csv, ".npy": npy };

/** The writer for a file's name. @throws {UsageError} If there is none. */
export function writerFor(path: string): Writer {
  const writer = WRITERS[extname(path).toLowerCase()];
  if (writer === undefined)
    throw new UsageError(`uncertainty: --out must end in .json, .csv or .npy, got ${JSON.stringify(path)}`);
  return writer;
}

/** All statistics of a prediction, those of a row's uncertainty first. */
function fieldsOf(prediction: Prediction): Field[] {
  const rows = prediction.rows;
  const isOfRows = ([, value]: [string, unknown]): boolean =>
    value instanceof Float64Array && value.length > 0 && value.length % rows === 0;
  const field = (name: string, values: Float64Array | Int32Array, isError = false): Field => ({
    name,
    size: values.length / rows,
    values,
    isError,
  });
  const own = Object.entries(prediction)
    .filter(isOfRows)
    .filter(([name]) => name !== "sampleIds");
  const errors = Object.entries(prediction.standardError).filter(isOfRows);
  const quantiles =
    prediction.kind === "values"
      ? prediction.quantiles.map((values, l) => field(`quantile_${prediction.levels[l]}`, values))
      : [];
  return [
    ...(prediction.kind === "classes" ? [field("predicted", prediction.predicted)] : []),
    field("samples", prediction.samples),
    ...own.map(([name, values]) => field(name, values as Float64Array)),
    ...quantiles,
    field("deterministic", prediction.deterministic.mean),
    ...errors.map(([name, values]) => field(name, values as Float64Array, true)),
  ];
}

/** A row's numbers: one by itself, several as a list. */
const numbersOf = ({ size, values }: Field, row: number): number | number[] =>
  size === 1 ? values[row]! : Array.from(values.subarray(row * size, (row + 1) * size));

function* json({ request, prediction }: UncertaintyResult): Generator<string> {
  const fields = fieldsOf(prediction);
  // Probabilities and values are lists, whatever their number, so that readers need no second case.
  const isList = ({ name }: Field): boolean => ["mean", "variance", "deterministic"].includes(name);
  const entries = (row: number, isError: boolean): [string, number | number[]][] =>
    fields
      .filter((field) => field.isError === isError)
      .map((field) => [field.name, isList(field) ? [numbersOf(field, row)].flat() : numbersOf(field, row)]);
  const head = { model: basename(request.model), samples: request.samples, seed: Number(request.seed) };
  yield `${JSON.stringify(head).slice(0, -1)},"rows":[`;
  for (let row = 0; row < prediction.rows; row++) {
    const object = {
      ...Object.fromEntries(entries(row, false)),
      standardError: Object.fromEntries(entries(row, true)),
    };
    yield `${row === 0 ? "" : ","}\n${JSON.stringify(object)}`;
  }
  yield "\n]}\n";
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columnName = ({ name, isError }: Field): string => `${snake(name)}${isError ? "_se" : ""}`;

function* csv({ prediction }: UncertaintyResult): Generator<string> {
  const fields = fieldsOf(prediction);
  const headings = fields.flatMap((field) =>
    field.size === 1 ? [columnName(field)] : Array.from({ length: field.size }, (_, c) => `${columnName(field)}_${c}`),
  );
  yield `row,${headings.join(",")}\n`;
  for (let row = 0; row < prediction.rows; row++) {
    yield `${row + 1},${fields.flatMap((field) => numbersOf(field, row)).join(",")}\n`;
  }
}

/** `numpy.load(file)["mutual_information"]`. */
function* npy({ prediction }: UncertaintyResult): Generator<Uint8Array> {
  const fields = fieldsOf(prediction);
  const descr = fields.map(
    (field) =>
      `('${columnName(field)}', '${field.values instanceof Int32Array ? "<i4" : "<f8"}'${field.size === 1 ? "" : `, (${field.size},)`})`,
  );
  yield npyHeader(`[${descr.join(", ")}]`, [prediction.rows]);
  const width = fields.reduce((sum, { size, values }) => sum + size * values.BYTES_PER_ELEMENT, 0);
  const bytes = new Uint8Array(width);
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < prediction.rows; row++) {
    let at = 0;
    for (const { size, values } of fields) {
      for (let i = row * size; i < (row + 1) * size; i++, at += values.BYTES_PER_ELEMENT) {
        if (values instanceof Int32Array) view.setInt32(at, values[i]!, true);
        else view.setFloat64(at, values[i]!, true);
      }
    }
    yield bytes.slice();
  }
}
