// How rows of files go into the inputs of a model. In files rows always come first; here they are put on the axis where
// the model wants them.

import { existsSync } from "node:fs";
import { UsageError } from "@hadamask/experiments/settings";
import type { InputInfo, Inputs, InputTensor } from "@hadamask/onnx";
import { isNumber } from "../data/cells.js";
import { DataError } from "../data/data-error.js";
import { isNpy, type NpyArray, readNpy } from "../data/npy.js";
import { readNpz } from "../data/npz.js";
import { readBytes } from "../data/read.js";
import type { RowData } from "../data/row-source.js";
import { sizeOf } from "../data/size.js";
import { isZip } from "../data/zip.js";
import { fittingLayout } from "./layout.js";
import type { LoadedModel } from "./model.js";
import type { NamedText, UncertaintyRequest } from "./request.js";

/** Rows as the model's inputs want them, with a way to take some. */
export interface ModelRows {
  readonly rows: number;
  readonly name: string;
  /** Of one row of the main input. */
  readonly dims: readonly number[];
  readonly values: Float32Array | Float64Array | Uint8Array;
  /** Inputs that are the same for all rows. */
  readonly constant: readonly string[];
  /**
   * What is fed for rows with these values of the main input. `at`: which rows of the other inputs go with them: from
   * this one on, or these.
   */
  inputs(values: ArrayLike<number>, at?: number | ArrayLike<number>): Inputs;
}

type Asked = Pick<UncertaintyRequest, "mainInput" | "inputs" | "constants" | "batchAxis">;
type Numbers = Float32Array | Float64Array | Uint8Array;

/** Where the rows of an input are: what was said, or what the model declares. */
function rowAxis({ name, rows }: InputInfo, { batchAxis }: Asked): InputInfo["rows"] {
  return (typeof batchAxis === "object" ? batchAxis[name] : batchAxis) ?? rows;
}

/** The shape of one row, as the model declares it. */
export function rowShape(input: InputInfo, asked: Asked): readonly (number | string)[] | undefined {
  const axis = rowAxis(input, asked);
  return input.shape?.filter((_, i) => i !== axis);
}

/** Ratios and training modes are scalars, which the library sets; it says so where it cannot. */
const isSetting = ({ type, shape }: InputInfo): boolean =>
  shape?.length === 0 || (type === "bool" && (shape?.length ?? 0) <= 1);

/**
 * The input that the data are for: the one that was named, or the first without a file or constant.
 *
 * @throws {DataError | UsageError} If there is none, or others get nothing.
 */
export function mainInput({ path, inspection }: LoadedModel, asked: Asked): InputInfo {
  const { inputs } = inspection;
  const given = [...(asked.inputs ?? []), ...(asked.constants ?? [])].map(({ name }) => name);
  const names = inputs.map(({ name }) => name).join(", ") || "none";
  const stray = given.find((name) => !inputs.some((input) => input.name === name));
  if (stray !== undefined) {
    const option = asked.inputs?.some(({ name }) => name === stray) ? "--input" : "--constant";
    throw new UsageError(`uncertainty: ${option} must name an input of ${path} (${names}), got ${stray}`);
  }
  const open = inputs.filter((input) => !given.includes(input.name) && !isSetting(input));
  const main = asked.mainInput === undefined ? open[0] : inputs.find(({ name }) => name === asked.mainInput);
  if (main === undefined && inputs.length === 0)
    throw new UsageError(`uncertainty: ${path} has no input, so there is nothing that data could be for`);
  if (main === undefined)
    throw new UsageError(
      `uncertainty: the data must be for an input of ${path} that has no file of its own, got ${names}`,
    );
  const left = open.filter(({ name }) => name !== main.name).map(({ name }) => name);
  if (left.length === 0) return main;
  throw new DataError(
    `${path}: must have one input, got ${names}; pass ` +
      `${left.map((name) => `--input ${name}=FILE.npy`).join(" ")}, or --constant for what is the same for all rows`,
  );
}

/** @throws {DataError | UsageError} If inputs lack, or the rows have another size than the model takes. */
export function rowsFor(model: LoadedModel, data: RowData, asked: Asked): ModelRows {
  const main = mainInput(model, asked);
  const dims = rowDims(model.path, data, main, rowShape(main, asked));
  const rows = data.dims[0]!;
  const infoOf = (name: string): InputInfo => model.inspection.inputs.find((input) => input.name === name)!;
  const others = (asked.inputs ?? []).map((file) => {
    const array = readArray("--input", file);
    if (array.shape[0] !== rows)
      throw new DataError(
        `${file.text}: must have ${rows} rows like ${data.path}, got ${array.shape[0] ?? "a number"}`,
      );
    return { info: infoOf(file.name), array };
  });
  const constants = (asked.constants ?? []).map((text) => [text.name, constantOf(infoOf(text.name), text)] as const);
  return {
    rows,
    name: main.name,
    dims,
    values: data.values,
    constant: constants.map(([name]) => name),
    inputs(values, at = 0) {
      const count = values.length / sizeOf(dims);
      const numberOf = (i: number): number => (typeof at === "number" ? at + i : at[i]!);
      const further = others.map(({ info, array }) => {
        const own = array.shape.slice(1);
        const picked = pickRows(array.values, sizeOf(own), count, numberOf);
        return [info.name, onAxis(picked, count, own, info, asked)] as const;
      });
      return {
        [main.name]: onAxis(values, count, dims, main, asked),
        ...Object.fromEntries(further),
        ...Object.fromEntries(constants),
      };
    },
  };
}

function pickRows(values: Numbers, size: number, count: number, numberOf: (i: number) => number): Numbers {
  const out = new (values.constructor as Float64ArrayConstructor)(count * size);
  for (let i = 0; i < count; i++) out.set(values.subarray(numberOf(i) * size, (numberOf(i) + 1) * size), i * size);
  return out;
}

/** Rows first, as the tensor that the model takes. */
function onAxis(
  values: ArrayLike<number>,
  rows: number,
  dims: readonly number[],
  input: InputInfo,
  asked: Asked,
): InputTensor {
  const axis = rowAxis(input, asked);
  if (typeof axis !== "number" || axis === 0) return { data: converted(values, input), dims: [rows, ...dims] };
  const [outer, inner] = [sizeOf(dims.slice(0, axis)), sizeOf(dims.slice(axis))];
  const moved = new Float64Array(values.length);
  for (let row = 0, from = 0; row < rows; row++) {
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) moved[(o * rows + row) * inner + i] = values[from++]!;
    }
  }
  return { data: converted(moved, input), dims: [...dims.slice(0, axis), rows, ...dims.slice(axis)] };
}

function readArray(option: string, { name, text }: NamedText): NpyArray {
  const bytes = readBytes(text);
  if (isZip(bytes)) return readNpz(text, bytes, name);
  if (!isNpy(bytes)) throw new UsageError(`uncertainty: ${option} ${name} must be an .npy file, got ${text}`);
  return readNpy(text, bytes);
}

/** A number for all elements, or a file. */
function constantOf(info: InputInfo, text: NamedText): InputTensor {
  const isValue = isNumber(text.text) || text.text === "true" || text.text === "false";
  if (!isValue) {
    if (!existsSync(text.text))
      throw new UsageError(
        `uncertainty: --constant ${info.name} must be a number, true, false or an .npy file, got ${text.text}`,
      );
    const { shape, values } = readArray("--constant", text);
    return { data: converted(values, info), dims: shape };
  }
  const value = isNumber(text.text) ? Number(text.text) : text.text === "true" ? 1 : 0;
  const shape = info.shape ?? [];
  const free = shape.find((size) => typeof size === "string");
  if (free !== undefined)
    throw new UsageError(
      `uncertainty: --constant ${info.name} must be a file, since axis ${free} of its shape [${shape.join(",")}] ` +
        `is free, got ${text.text}`,
    );
  const dims = shape as readonly number[];
  return { data: converted(new Float64Array(sizeOf(dims)).fill(value), info), dims };
}

/** Where rows lie flat in a file, they take the model's shape; axes in another order are not another shape. */
function rowDims(
  path: string,
  data: RowData,
  { name }: InputInfo,
  wanted: readonly (number | string)[] | undefined,
): readonly number[] {
  const given = data.dims.slice(1);
  const size = sizeOf(given);
  if (wanted === undefined) return given;
  const isFixed = wanted.every((axis) => typeof axis === "number");
  const fits =
    wanted.length === given.length && wanted.every((axis, i) => typeof axis === "string" || axis === given[i]);
  if (fits) return given;
  const product = isFixed ? sizeOf(wanted as number[]) : undefined;
  const long = (dims: readonly (number | string)[]): string => dims.filter((axis) => axis !== 1).join();
  if (product === size && (given.length === 1 || long(given) === long(wanted))) return wanted as number[];
  const shape = product === size ? `, got [rows,${given.join(",")}]` : "";
  const takes =
    `input ${name} of ${path} takes ${product === undefined ? "" : `${product}, `}shape ` +
    `[rows,${wanted.join(",")}]${shape}`;
  const layout = fittingLayout(wanted, given);
  const advice =
    layout !== undefined
      ? `; if the data are ${layout === "nhwc" ? "height x width x channels" : "channels x height x width"}, pass ` +
        `--layout ${layout}`
      : product === size - 1
        ? "; name the column of right answers with --labels"
        : "";
  throw new DataError(`${data.path}: has ${size} values a row, but ${takes}${advice}`);
}

/** From this on a number is infinite in a type of so few bits. */
const TOO_LARGE: Readonly<Record<string, number>> = { float32: 3.4028235677973366e38, float16: 65520 };

/**
 * Floats of the right width; whole numbers as plain ones, which become integers of the model's type.
 *
 * @throws {DataError} If a value is too large for the model's type.
 */
function converted(values: ArrayLike<number>, { name, type }: InputInfo): Float32Array | Float64Array | number[] {
  if (type === "float64") return Float64Array.from(values);
  const most = TOO_LARGE[type];
  if (most === undefined) return Array.from(values);
  const floats = Float32Array.from(values);
  const odd = floats.findIndex((_, i) => Math.abs(values[i]!) >= most && Number.isFinite(values[i]));
  if (odd < 0) return floats;
  throw new DataError(`input ${name} takes numbers of type ${type}, which ends before ${values[odd]}; scale the data`);
}
