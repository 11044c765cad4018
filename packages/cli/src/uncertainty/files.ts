// Predictions as files: JSON, CSV, or a NumPy record array, one row each, written as they come.

import { basename, extname } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import type { Prediction } from "@hadamask/onnx";
import { csvCell } from "../files/csv.js";
import { npyHeader } from "../files/npy.js";
import { createFileWhole, type FileInTheMaking } from "../files/write-file.js";
import { jsonText } from "../output/json.js";
import { type Field, fieldsOf } from "./fields.js";
import type { UncertaintyRequest } from "./request.js";

/** How rows are written. */
interface RowFormat {
  /**
   * What stands before the rows. `rows`: how many there are; `least`: bytes of the header that this one is written
   * over.
   */
  head(what: Told, fields: readonly Field[], rows: number, least?: number): string | Uint8Array;
  /** The rows of some fields, the first of which is row `first`. */
  rows(of: Written, first: number, ids?: readonly string[]): Iterable<string | Uint8Array>;
  readonly tail: string;
}

/** Columns, and how many rows they have. */
interface Written {
  readonly rows: number;
  readonly fields: readonly Field[];
}

/** What files say of the run. `hasIds`: whether the rows are called something. */
type Told = Pick<UncertaintyRequest, "model" | "samples" | "seed" | "table"> & { readonly hasIds?: boolean };

const FORMATS: Readonly<Record<string, RowFormat>> = {
  ".json": { head: jsonHead, rows: jsonRows, tail: "\n]}\n" },
  ".csv": { head: csvHead, rows: csvRows, tail: "" },
  ".npy": { head: npyHead, rows: npyRows, tail: "" },
};

/** A file of predictions that is filled as they come, under a temporary name until it is complete. */
export class RowFile {
  readonly path: string;
  readonly #format: RowFormat;
  #what: Told;
  #file: FileInTheMaking | undefined;
  #head: { readonly of: readonly Field[]; readonly rows: number; readonly size: number } | undefined;
  #written = 0;

  /** @throws {UsageError} If the name says no format that is known. */
  constructor(path: string, what: Told) {
    const format = FORMATS[extname(path).toLowerCase()];
    if (format === undefined)
      throw new UsageError(`uncertainty: --out must end in .json, .csv or .npy, got ${JSON.stringify(path)}`);
    if (what.table?.id !== undefined && format === FORMATS[".npy"])
      throw new UsageError(`uncertainty: --id goes with --out in .json or .csv, got ${JSON.stringify(path)}`);
    this.path = path;
    this.#format = format;
    this.#what = what;
  }

  /** Makes sure, before the work, that the file can be written. @throws {Failure} If it cannot. */
  open(): void {
    this.#file = createFileWhole(this.path);
  }

  /**
   * Writes the rows of a prediction, and what else is known of them (`more`). `rows`: how many there will be in all.
   *
   * @throws {Error} If the file cannot be written.
   */
  add(prediction: Prediction, rows: number, ids?: readonly string[], more: readonly Field[] = []): void {
    const fields = [...fieldsOf(prediction), ...more];
    this.#file ??= createFileWhole(this.path);
    if (this.#head === undefined) {
      this.#what = { ...this.#what, hasIds: ids !== undefined };
      const head = this.#format.head(this.#what, fields, rows);
      this.#head = { of: fields, rows, size: head.length };
      this.#file.write(head);
    }
    for (const piece of inLargerPieces(this.#format.rows({ rows: prediction.rows, fields }, this.#written, ids)))
      this.#file.write(piece);
    this.#written += prediction.rows;
  }

  /**
   * Gives the file its name. Where fewer rows came than were announced, a header that tells their number is put
   * right.
   */
  finish(): void {
    if (this.#file === undefined || this.#head === undefined) return;
    const { of, rows, size } = this.#head;
    const head = this.#format.head(this.#what, of, this.#written, size);
    this.#file.write(this.#format.tail);
    if (rows !== this.#written && head instanceof Uint8Array) this.#file.rewriteStart(head);
    this.#file.commit();
    this.#file = undefined;
  }

  /** Removes what was written, if it was not finished. */
  discard(): void {
    this.#file?.discard();
    this.#file = undefined;
  }
}

/** Lines put together, so that not each of them is a call of the system. */
function* inLargerPieces(pieces: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  let text = "";
  for (const piece of pieces) {
    if (typeof piece !== "string") yield piece;
    else text += piece;
    if (text.length < 2 ** 16) continue;
    yield text;
    text = "";
  }
  if (text !== "") yield text;
}

/** A row's numbers: one by itself, several as a list. */
const numbersOf = ({ size, values }: Field, row: number): number | number[] =>
  size === 1 ? values[row]! : Array.from(values.subarray(row * size, (row + 1) * size));

function jsonHead({ model, samples, seed }: Told): string {
  const head = {
    model: basename(model),
    samples,
    seed: Number.isSafeInteger(Number(seed)) ? Number(seed) : String(seed),
  };
  return `${JSON.stringify(head).slice(0, -1)},"rows":[`;
}

function* jsonRows({ fields, rows }: Written, first: number, ids?: readonly string[]): Generator<string> {
  // Probabilities and values are lists, whatever their number, so that readers need no second case.
  const isList = ({ name }: Field): boolean => ["mean", "variance", "deterministic"].includes(name);
  const entries = (row: number, isError: boolean): [string, number | number[]][] =>
    fields
      .filter((field) => field.isError === isError)
      .map((field) => [field.name, isList(field) ? [numbersOf(field, row)].flat() : numbersOf(field, row)]);
  for (let row = 0; row < rows; row++) {
    const object = {
      ...(ids && { id: ids[row]! }),
      ...Object.fromEntries(entries(row, false)),
      standardError: Object.fromEntries(entries(row, true)),
    };
    yield `${first + row === 0 ? "" : ","}\n${jsonText(object)}`;
  }
}

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const columnName = ({ name, isError }: Field): string => `${snake(name)}${isError ? "_se" : ""}`;

/** Maps are too wide for a table: .json and .npy have them. */
const tableFields = (fields: readonly Field[]): Field[] => fields.filter(({ isMap }) => !isMap);

function csvHead({ hasIds }: Told, fields: readonly Field[]): string {
  const headings = tableFields(fields).flatMap((field) =>
    field.size === 1 ? [columnName(field)] : Array.from({ length: field.size }, (_, c) => `${columnName(field)}_${c}`),
  );
  return `row,${hasIds ? "id," : ""}${headings.join(",")}\n`;
}

function* csvRows({ fields, rows }: Written, first: number, ids?: readonly string[]): Generator<string> {
  const shown = tableFields(fields);
  for (let row = 0; row < rows; row++) {
    const id = ids === undefined ? "" : `${csvCell(ids[row]!)},`;
    yield `${first + row + 1},${id}${shown.flatMap((field) => numbersOf(field, row)).join(",")}\n`;
  }
}

/** `numpy.load(file)["mutual_information"]`. */
function npyHead(_: Told, fields: readonly Field[], rows: number, least?: number): Uint8Array {
  const typeOf = ({ values }: Field): string =>
    values instanceof Int32Array ? "<i4" : values instanceof Float32Array ? "<f4" : "<f8";
  const descr = fields.map(
    (field) => `('${columnName(field)}', '${typeOf(field)}'${field.size === 1 ? "" : `, (${field.size},)`})`,
  );
  return npyHeader(`[${descr.join(", ")}]`, [rows], least);
}

function* npyRows({ fields, rows }: Written): Generator<Uint8Array> {
  const width = fields.reduce((sum, { size, values }) => sum + size * values.BYTES_PER_ELEMENT, 0);
  const bytes = new Uint8Array(width * rows);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (const { size, values } of fields) {
      for (let i = row * size; i < (row + 1) * size; i++, at += values.BYTES_PER_ELEMENT) {
        if (values instanceof Int32Array) view.setInt32(at, values[i]!, true);
        else if (values instanceof Float32Array) view.setFloat32(at, values[i]!, true);
        else view.setFloat64(at, values[i]!, true);
      }
    }
  }
  yield bytes;
}
