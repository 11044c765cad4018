// Arrays of NumPy as rows for training: .npy with the answers in a column or in a file of their own, .npz with both.

import { existsSync } from "node:fs";
import {
  type ColumnCode,
  encodeCell,
  featuresOf,
  type Table,
  UsageError,
  widthOf,
} from "@hadamask/experiments/settings";
import type { TableAsked } from "./csv-table.js";
import { DataError } from "./data-error.js";
import { allDigitsLost } from "./digits.js";
import { isNpy, type NpyArray, readNpy } from "./npy.js";
import { listedNames, type NAMES, nameAmong, readAllNpz } from "./npz.js";
import { readBytes } from "./read.js";
import { tableNotes } from "./table-notes.js";
import { targetOf } from "./target.js";
import { isZip } from "./zip.js";

/** What arrays hold, as a data set has it. */
export interface ArrayData {
  readonly table: Table;
  readonly test?: Table;
  readonly featureCount: number;
  /** None where values are predicted. */
  readonly classes: readonly string[];
  readonly labelName: string;
  /** Absent where rows are pictures. */
  readonly columns?: readonly ColumnCode[];
  readonly image?: { readonly height: number; readonly width: number };
  /** Pixels are bytes of 0 to 255. */
  readonly areBytes: boolean;
  readonly notes: readonly string[];
}

/** Features and answers of some rows. */
interface Part {
  readonly x: NpyArray;
  readonly y: NpyArray;
}

interface Parts {
  readonly train: Part;
  readonly test?: Part;
  readonly labelName: string;
}

const ROWS_LOOKED_AT = 200;

/** Whether a file is one of NumPy's. */
export const isArrayFile = (head: Uint8Array): boolean => isNpy(head) || isZip(head);

/**
 * @param label The number of a column, a .npy file, or a name in an .npz archive; the last column by default.
 * @throws {DataError | UsageError} If there are no answers, or arrays do not fit each other.
 */
export function readArrays(path: string, label: string | undefined, asked: TableAsked): ArrayData {
  const stray = (["columns", "ignore", "id", "heading", "encoding", "categories"] as const).find(
    (name) => asked[name] !== undefined,
  );
  if (stray !== undefined) throw new UsageError(`train: --${stray} goes with data in CSV`);
  const bytes = readBytes(path);
  const { train, test, labelName } = isZip(bytes)
    ? partsOfArchive(path, readAllNpz(path, bytes), label)
    : partsOfArray(path, readNpy(path, bytes), label);
  const image = imageOf(train.x);
  const areBytes = image !== undefined && train.x.values instanceof Uint8Array;
  const codes = codesOf(train.x, asked, image !== undefined);
  const [table, testTable] = [train, ...(test ? [test] : [])].map((part) => featuresIn(path, part.x, codes, areBytes));
  const texts = [train, ...(test ? [test] : [])].flatMap(({ y }) => Array.from(y.values, String));
  const task = { task: asked.task ?? "auto", name: labelName, isComma: false, mayDrop: false } as const;
  const { answers, note } = targetOf(path, texts, task);
  const labels = answers.kind === "classes" ? answers.labels : answers.values;
  const rows = train.x.shape[0]!;
  const pool: Table = { rows, features: table!, labels: labels.slice(0, rows) };
  const classes = answers.kind === "classes" ? answers.classes : undefined;
  return {
    table: pool,
    ...(testTable && { test: { rows: test!.x.shape[0]!, features: testTable, labels: labels.slice(rows) } }),
    featureCount: featuresOf(codes),
    classes: classes ?? [],
    labelName,
    ...(image === undefined ? { columns: codes } : { image }),
    areBytes,
    notes: [
      ...(note === undefined ? [] : [note]),
      ...(image === undefined ? tableNotes(pool, codes, classes, digitsIn(train.x, codes)) : []),
    ],
  };
}

function partsOfArchive(path: string, arrays: Map<string, NpyArray>, label: string | undefined): Parts {
  const all = listedNames([...arrays.keys()]);
  const find = (part: keyof typeof NAMES, names: readonly string[] = [...arrays.keys()]): NpyArray | undefined =>
    arrays.get(nameAmong(path, names, part) ?? "");
  if (label !== undefined && !arrays.has(label))
    throw new UsageError(`train: --label must name an array of ${path} (${all}), got ${JSON.stringify(label)}`);
  const [trainX, trainY] = label === undefined ? [find("trainX"), find("trainY")] : [];
  if (trainX !== undefined && trainY !== undefined) {
    const train = fitting(path, { x: trainX, y: trainY });
    const [testX, testY] = [find("testX"), find("testY")];
    if ((testX === undefined) !== (testY === undefined))
      throw new DataError(`${path}: must have both of the test rows and their answers, got ${all}`);
    const test = testX && testY && fitting(path, { x: testX, y: testY }, trainX);
    return { train, ...(test && { test }), labelName: "y" };
  }
  const y = label === undefined ? find("y") : arrays.get(label);
  const others = [...arrays.keys()].filter((name) => arrays.get(name) !== y);
  const x = find("x", others) ?? (others.length === 1 ? arrays.get(others[0]!) : undefined);
  if (x === undefined || y === undefined)
    throw new DataError(
      `${path}: must have arrays x and y, or x_train, y_train, x_test and y_test, got ${all}; ` +
        "name the answers with --label",
    );
  return { train: fitting(path, { x, y }), labelName: label ?? "y" };
}

function partsOfArray(path: string, array: NpyArray, label: string | undefined): Parts {
  const { shape, values } = array;
  if (label !== undefined && !/^\d+$/.test(label)) {
    if (!existsSync(label))
      throw new UsageError(
        `train: --label must be a column of ${path} by its number, or a .npy file, got ${JSON.stringify(label)}`,
      );
    const bytes = readBytes(label);
    if (!isNpy(bytes)) throw new DataError(`${label}: must be .npy, as the rows are`);
    return { train: fitting(path, { x: array, y: readNpy(label, bytes) }), labelName: "y" };
  }
  const [rows, columns] = shape;
  if (shape.length !== 2 || columns! < 2)
    throw new DataError(
      `${path}: must have rows of two columns or more, got shape (${shape.join(", ")}); ` +
        "name a file of answers with --label FILE.npy",
    );
  const at = label === undefined ? columns! - 1 : Number(label) - 1;
  if (!(at >= 0 && at < columns!))
    throw new UsageError(`train: --label must be a number from 1 to ${columns}, got ${label}`);
  const pick = (isAnswer: boolean): Float64Array =>
    Float64Array.from(values).filter((_, i) => (i % columns! === at) === isAnswer);
  const x = { shape: [rows!, columns! - 1], values: pick(false) };
  return { train: { x, y: { shape: [rows!], values: pick(true) } }, labelName: `column ${at + 1}` };
}

/** @throws {DataError} If there is not one answer a row. */
function fitting(path: string, { x, y }: Part, like?: NpyArray): Part {
  const [rows] = x.shape;
  const single = y.shape.slice(1).every((size) => size === 1);
  if (x.shape.length < 2 || rows === 0)
    throw new DataError(`${path}: the features must have rows and columns, got shape (${x.shape.join(", ")})`);
  if (y.shape[0] !== rows || !single)
    throw new DataError(`${path}: must have one answer for each of ${rows} rows, got shape (${y.shape.join(", ")})`);
  const large = y.values.findIndex((value) => Number.isFinite(value) && Math.abs(value) > Number.MAX_SAFE_INTEGER);
  if (large >= 0 && Number.isInteger(y.values[large]))
    throw new DataError(
      `${path}: row ${large + 1}: the answer must be at most 2^53, got ${y.values[large]}; ` +
        "give the classes small numbers",
    );
  if (like !== undefined && x.shape.slice(1).join() !== like.shape.slice(1).join())
    throw new DataError(
      `${path}: test rows must be of shape (${like.shape.slice(1).join(", ")}), got (${x.shape.slice(1).join(", ")})`,
    );
  return { x, y };
}

/** Rows of two axes are pictures, and of three if one of them is a single channel. */
function imageOf({ shape }: NpyArray): ArrayData["image"] {
  const sizes = shape.slice(1);
  if (sizes.length === 2) return { height: sizes[0]!, width: sizes[1]! };
  if (sizes.length !== 3) return undefined;
  if (sizes[2] === 1) return { height: sizes[0]!, width: sizes[1]! };
  return sizes[0] === 1 ? { height: sizes[1]!, width: sizes[2]! } : undefined;
}

/** What is lost of each column. */
function digitsIn({ values, shape }: NpyArray, codes: readonly ColumnCode[]): Map<string, string> {
  if (!(values instanceof Float64Array)) return new Map();
  const rows = Math.min(shape[0]!, ROWS_LOOKED_AT);
  const column = (c: number): number[] => Array.from({ length: rows }, (_, row) => values[row * codes.length + c]!);
  return allDigitsLost(codes.map(({ name }, c) => [name, column(c)] as const));
}

/** Every feature is a number; in a table one may be missing (NaN). */
function codesOf({ shape, values }: NpyArray, { missing }: TableAsked, isImage: boolean): ColumnCode[] {
  const size = shape.slice(1).reduce((product, axis) => product * axis, 1);
  const holes = new Set<number>();
  if (!isImage && !(values instanceof Uint8Array)) {
    values.forEach((value, i) => {
      if (Number.isNaN(value)) holes.add(i % size);
    });
  }
  if (missing === "drop" && holes.size > 0)
    throw new UsageError("train: --missing drop goes with data in CSV; take mean or indicator");
  const rule = missing === "indicator" ? "indicator" : "mean";
  return Array.from({ length: size }, (_, c) => ({
    kind: "number",
    name: `column ${c + 1}`,
    ...(holes.has(c) && { missing: rule }),
  }));
}

/** @throws {DataError} At the first value that is not a number of 32 bits. */
function featuresIn(
  path: string,
  { shape, values }: NpyArray,
  codes: readonly ColumnCode[],
  areBytes: boolean,
): Float32Array | Uint8Array {
  if (areBytes) return values as Uint8Array;
  const [rows, size, width] = [shape[0]!, codes.length, featuresOf(codes)];
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (let c = 0; c < size; c++) {
      const code = codes[c]!;
      const value = values[row * size + c]!;
      const isHole = code.missing !== undefined && Number.isNaN(value);
      if (!isHole && !(Math.abs(value) < LARGEST))
        throw new DataError(
          `${path}: row ${row + 1}, column ${c + 1}: must be a finite number of 32 bits, got ${value}`,
        );
      encodeCell(code, isHole ? undefined : value, out, at);
      at += widthOf(code);
    }
  }
  return out;
}

/** The largest finite number of 32 bits. */
const LARGEST = 3.4028235677973366e38;
