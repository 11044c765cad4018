// A model file and how rows of a data file go into it.

import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, relative } from "node:path";
import { isRefusal } from "@hadamask/experiments/settings";
import {
  type ExternalFile,
  externalFiles,
  type Inputs,
  type Inspection,
  inspect,
  type ModelNotes,
  readModel,
  readNotes,
} from "@hadamask/onnx";
import type { RowData } from "../data/model-inputs.js";
import { DataError, readWhole } from "../data/read.js";
import { isSystemError, reasonOf } from "../files/reasons.js";

/** A model that was read and looked through. */
export interface LoadedModel {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly inspection: Inspection;
  readonly notes: ModelNotes;
  readonly externalData: Readonly<Record<string, Uint8Array>>;
}

/** @throws {DataError} If the file cannot be read or is no model that is understood. */
export function loadModel(path: string): LoadedModel {
  const bytes = readFile(path);
  try {
    const model = readModel(bytes);
    const files = externalFiles(model).map((file) => [file.location, readBeside(path, file)] as const);
    return {
      path,
      bytes,
      inspection: inspect(model),
      notes: readNotes(model),
      externalData: Object.fromEntries(files),
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new DataError(`${path}: ${error.message.replace(/^[\w.]+: /, "")}`, { cause: error });
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readWhole(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const large = { ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB; save the weights as external data" };
    throw new DataError(`cannot read ${path}: ${reasonOf(error, large)}`, { cause: error });
  }
}

/** A file that a model names may only be in the model's own folder or under it. */
function readBeside(path: string, { location, bytes }: ExternalFile): Uint8Array {
  const inside = normalize(location);
  if (isAbsolute(inside) || inside.startsWith("..")) {
    throw new DataError(`${path}: external data must be in the folder of the model, got ${JSON.stringify(location)}`);
  }
  const file = join(dirname(path), inside);
  const [folder, real] = [dirname(path), file].map(realPath);
  if (folder !== undefined && real !== undefined) {
    if (relative(folder, real).startsWith(".."))
      throw new DataError(`${path}: external data must be in the folder of the model, got a link out of it, ${file}`);
    if (!statSync(real).isFile()) throw new DataError(`${path}: external data must be in a file, and ${file} is none`);
  }
  const found = readFile(file);
  if (found.length >= bytes) return found;
  throw new DataError(`${path}: the weights in ${file} need ${bytes} bytes, got ${found.length}`);
}

/** Without links; undefined where there is no such file. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Rows as the model's input wants them, with a way to take some. */
export interface ModelRows {
  readonly rows: number;
  readonly name: string;
  /** Of one row. */
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  inputs(values: ArrayLike<number>): Inputs;
}

/** @throws {DataError} If the model takes several inputs, or the rows have another size than it takes. */
export function rowsFor({ path, inspection }: LoadedModel, data: RowData): ModelRows {
  const [input, second] = inspection.inputs;
  if (input === undefined || second !== undefined) {
    const names = inspection.inputs.map(({ name }) => name).join(", ") || "none";
    throw new DataError(
      `${path}: must have one input, got ${names}; use monteCarlo of @hadamask/onnx for such a model`,
    );
  }
  const { name, type, shape } = input;
  const dims = rowDims(path, data, name, shape);
  return {
    rows: data.dims[0]!,
    name,
    dims,
    values: data.values,
    inputs(values) {
      const size = dims.reduce((product, axis) => product * axis, 1);
      return { [name]: { data: converted(values, type), dims: [values.length / size, ...dims] } };
    },
  };
}

function rowDims(
  path: string,
  data: RowData,
  name: string,
  shape: readonly (number | string)[] | undefined,
): readonly number[] {
  const given = data.dims.slice(1);
  const size = given.reduce((product, axis) => product * axis, 1);
  const wanted = shape?.slice(1);
  if (wanted === undefined) return given;
  const isFixed = wanted.every((axis) => typeof axis === "number");
  const fits =
    wanted.length === given.length && wanted.every((axis, i) => typeof axis === "string" || axis === given[i]);
  if (fits) return given;
  const product = isFixed ? (wanted as number[]).reduce((a, b) => a * b, 1) : undefined;
  if (product === size) return wanted as number[];
  const takes = `input ${name} of ${path} takes ${product === undefined ? "" : `${product}, `}shape [rows,${wanted.join(",")}]`;
  const advice = product === size - 1 ? "; name the column of right answers with --labels" : "";
  throw new DataError(`${data.path}: has ${size} values a row, but ${takes}${advice}`);
}

/** Floats of the right width; whole numbers as plain ones, which become integers of the model's type. */
function converted(values: ArrayLike<number>, type: string): Float32Array | Float64Array | Uint8Array | number[] {
  if (type === "float64") return Float64Array.from(values);
  if (type === "float32") return Float32Array.from(values);
  return Array.from(values);
}
