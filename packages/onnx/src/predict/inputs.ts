// What is to be predicted: the values of all inputs, and how a run gets any choice of rows.

import { describe, nameList, shown } from "../check.js";
import { sizeOf } from "../size.js";
import { convertInput } from "./convert.js";
import { makeTensor, type Ort, type OrtTensor, type TensorData } from "./ort.js";
import { type InputSpec, shapeText, shownName } from "./rows.js";

/** A tensor as its values and shape: a tensor of the runtime is one, too. */
export interface InputTensor {
  readonly data: TensorData | readonly number[] | ArrayBufferView;
  readonly dims: readonly number[];
}

/** Values for the inputs of a model, by name. An array alone is enough where the model fixes all axes but the rows'. */
export type Inputs = Readonly<Record<string, InputTensor | TensorData | readonly number[] | ArrayBufferView>>;

interface Column {
  readonly spec: InputSpec;
  readonly data: TensorData;
  /** Shape of all rows; of one row where the input is one. */
  readonly dims: readonly number[];
  readonly rows: number | undefined;
}

/** Checked inputs. */
export class RowTable {
  readonly rows: number;
  /** Equal for inputs that differ in nothing but the number of rows. */
  readonly signature: string;
  readonly #columns: readonly Column[];
  readonly #ort: Ort;

  /** @param settings Inputs that are set for the user: what is given for them is not needed. */
  constructor(
    where: string,
    ort: Ort,
    specs: readonly InputSpec[],
    inputs: Inputs,
    settings: ReadonlySet<string> = new Set(),
  ) {
    if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs) || ArrayBuffer.isView(inputs)) {
      const names = specs.map(shownName).join(", ");
      throw new TypeError(`${where}: inputs must be an object with the values of ${names}, got ${describe(inputs)}`);
    }
    const unknown = Object.keys(inputs).filter(
      (name) => !settings.has(name) && !specs.some((spec) => spec.name === name),
    );
    if (unknown.length > 0) {
      throw new RangeError(
        `${where}: inputs must be named as in the model (${nameList(specs.map(({ name }) => name))}), got ` +
          `${nameList(unknown)}`,
      );
    }
    this.#ort = ort;
    this.#columns = specs.map((spec) =>
      readColumn(where, spec, Object.hasOwn(inputs, spec.name) ? inputs[spec.name] : undefined),
    );
    const counted = this.#columns.filter(({ rows }) => rows !== undefined);
    this.rows = counted[0]?.rows ?? 1;
    const odd = counted.find(({ rows }) => rows !== this.rows);
    if (odd !== undefined) {
      const first = shownName(counted[0]!.spec);
      throw new RangeError(
        `${where}: ${shownName(odd.spec)} must have ${this.rows} rows like ${first}, got ${odd.rows}`,
      );
    }
    this.signature = this.#columns.map(signatureOf).join(" ");
  }

  /** Bytes that one row takes in the inputs. */
  get rowBytes(): number {
    return this.#columns.reduce((sum, { data, rows }) => {
      const bytes = ArrayBuffer.isView(data) ? data.byteLength : 8 * data.length;
      return sum + (rows === undefined ? 0 : bytes / Math.max(1, rows));
    }, 0);
  }

  /**
   * Feeds for a run over the given rows, in their order; a row may come several times. `names`: of these inputs only.
   */
  feeds(rows: ArrayLike<number>, names?: readonly string[]): Record<string, OrtTensor> {
    let isAll = rows.length === this.rows;
    for (let i = 0; isAll && i < rows.length; i++) isAll = rows[i] === i;
    const feeds: Record<string, OrtTensor> = {};
    for (const { spec, data, dims } of this.#columns) {
      if (names !== undefined && !names.includes(spec.name)) continue;
      if (spec.rows === "none") {
        const size = sizeOf(dims);
        feeds[spec.name] = makeTensor(this.#ort, spec.type, slice(data, rows[0]! * size, size), dims);
      } else if (spec.rows === "constant" || isAll) feeds[spec.name] = makeTensor(this.#ort, spec.type, data, dims);
      else {
        const own = dims.map((size, axis) => (axis === spec.rows ? rows.length : size));
        feeds[spec.name] = makeTensor(this.#ort, spec.type, gather(data, dims, spec.rows, rows), own);
      }
    }
    return feeds;
  }
}

function signatureOf({ spec, dims }: Column): string {
  return dims.filter((_, axis) => axis !== spec.rows).join("x");
}

function slice(data: TensorData, start: number, length: number): TensorData {
  return Array.isArray(data)
    ? data.slice(start, start + length)
    : (data as Float32Array).subarray(start, start + length);
}

/** The entries `rows` of an axis. */
function gather(data: TensorData, dims: readonly number[], axis: number, rows: ArrayLike<number>): TensorData {
  const outer = sizeOf(dims.slice(0, axis));
  const inner = sizeOf(dims.slice(axis + 1));
  const size = dims[axis]!;
  if (Array.isArray(data)) {
    const pieces = Array.from({ length: outer }, (_, o) =>
      Array.from(rows, (row) => data.slice((o * size + row) * inner, (o * size + row + 1) * inner)),
    );
    return pieces.flat(2);
  }
  const source = data as Float32Array;
  const out = new (source.constructor as Float32ArrayConstructor)(outer * rows.length * inner);
  for (let o = 0, at = 0; o < outer; o++) {
    for (let i = 0; i < rows.length; i++, at += inner) {
      const from = (o * size + rows[i]!) * inner;
      out.set(source.subarray(from, from + inner), at);
    }
  }
  return out;
}

function readColumn(where: string, spec: InputSpec, value: Inputs[string] | undefined): Column {
  if (value === undefined) throw new TypeError(`${where}: input ${shownName(spec)} is missing; the model needs it`);
  const isTensor = typeof value === "object" && "dims" in value && "data" in value;
  const data = convertInput(where, spec.name, spec.type, isTensor ? value.data : value);
  const dims = isTensor ? value.dims.map(Number) : impliedDims(where, spec, data.length);
  const elements = sizeOf(dims);
  if (!(elements === data.length)) {
    throw new RangeError(
      `${where}: ${shownName(spec)} must have ${elements} values for shape [${dims.join(",")}], got ${data.length}`,
    );
  }
  return spec.rows === "none" ? examples(where, spec, data, dims) : batch(where, spec, data, dims);
}

/** The shape of an array that came without one: as many rows as fit. */
function impliedDims(where: string, spec: InputSpec, length: number): readonly number[] {
  const { dims, rows } = spec;
  const rest = dims?.filter((_, axis) => axis !== rows);
  if (dims === undefined || rest === undefined || rest.includes(undefined)) {
    const name = shownName(spec);
    throw new TypeError(`${where}: the shape of ${name} is missing; pass { ${name}: { data, dims } }`);
  }
  if (rows === "constant") return dims as number[];
  const size = sizeOf(rest as number[]);
  if (length % size !== 0) {
    throw new RangeError(
      `${where}: ${shownName(spec)} must have a multiple of ${size} values, one row each, got ${length}`,
    );
  }
  const count = length / size;
  return rows === "none"
    ? [count, ...(dims as number[])]
    : dims.map((axisSize, axis) => (axis === rows ? count : axisSize!));
}

/** An input with its rows on an axis, or without any. */
function batch(where: string, spec: InputSpec, data: TensorData, dims: readonly number[]): Column {
  const { rows } = spec;
  const count = rows === "constant" ? undefined : dims[rows as number];
  if (rows !== "constant" && !(count !== undefined && count > 0)) {
    throw new RangeError(`${where}: ${shownName(spec)} must have at least one row, got shape [${dims.join(",")}]`);
  }
  checkDims(where, spec, dims, (axis) => axis === rows);
  return { spec, data, dims, rows: count };
}

/** An input that is one row: several of them lie one behind the other. */
function examples(where: string, spec: InputSpec, data: TensorData, given: readonly number[]): Column {
  const rank = spec.dims?.length ?? given.length - 1;
  const isStack = given.length === rank + 1;
  const dims = isStack ? given.slice(1) : given;
  checkDims(where, spec, dims, () => false);
  const count = isStack ? given[0]! : 1;
  if (!(count > 0)) {
    throw new RangeError(`${where}: ${shownName(spec)} must have at least one row, got shape [${given.join(",")}]`);
  }
  return { spec, data, dims, rows: count };
}

function checkDims(where: string, spec: InputSpec, given: readonly number[], isRows: (axis: number) => boolean): void {
  const { dims } = spec;
  if (dims === undefined) return;
  const isFit =
    dims.length === given.length &&
    dims.every((size, axis) => isRows(axis) || size === undefined || size === given[axis]);
  if (isFit) return;
  const turned = [...dims].sort().join() === [...given].sort().join() || isTransposed(dims, given);
  const advice = turned ? "; its axes seem to be in another order" : "";
  throw new RangeError(
    `${where}: ${shown(spec.name)} must have shape [${shapeText(spec)}], got [${given.join(",")}]${advice}`,
  );
}

/** Whether the sizes are the same with the channels first and last. */
function isTransposed(dims: readonly (number | undefined)[], given: readonly number[]): boolean {
  if (dims.length !== given.length || dims.length < 3) return false;
  const fits = (order: readonly number[]): boolean =>
    order.every((from, axis) => axis === 0 || dims[axis] === undefined || dims[axis] === given[from]);
  const last = dims.length - 1;
  const axes = Array.from({ length: last - 1 }, (_, i) => i + 1);
  return fits([0, last, ...axes]) || fits([0, ...axes.map((axis) => axis + 1), 1]);
}
