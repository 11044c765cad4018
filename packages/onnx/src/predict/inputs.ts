// What is to be predicted: one or several inputs whose first axis counts rows, and how a run gets any choice of rows.

import { describe, list } from "../check.js";
import { viewGraph } from "../graph/view.js";
import { type ModelProto, toNumber } from "../protobuf/types.js";
import { ARRAYS, makeTensor, type Ort, type OrtTensor, type TensorData, TYPE_NAMES } from "./ort.js";

/** A tensor as its values and shape: a tensor of the runtime is one, too. */
export interface InputTensor {
  readonly data: TensorData | readonly number[];
  readonly dims: readonly number[];
}

/** Values for the inputs of a model, by name. An array alone is enough where the model fixes all axes but the first. */
export type Inputs = Readonly<Record<string, InputTensor | TensorData | readonly number[]>>;

/** What the model declares of an input. */
export interface InputSpec {
  readonly name: string;
  readonly type: string;
  /** undefined for axes of any size; the whole is undefined where even the rank is open. */
  readonly dims: readonly (number | undefined)[] | undefined;
  /** Whether its first axis counts rows. Scalars and the inputs named in `constant` are the same for all rows. */
  readonly hasRows: boolean;
}

/** What a model wants to be fed, apart from masks. */
export function inputSpecs(model: ModelProto, masks: ReadonlySet<string>, constant: readonly string[]): InputSpec[] {
  const view = viewGraph(model);
  const inputs = (model.graph?.input ?? []).filter(({ name = "" }) => view.isInput(name) && !masks.has(name));
  return inputs.map(({ name = "", type }) => {
    const tensor = type?.tensorType;
    const dims = tensor?.shape
      ? (tensor.shape.dim ?? []).map(({ dimValue, dimParam }) =>
          dimParam ? undefined : toNumber(dimValue) || undefined,
        )
      : undefined;
    const typeName = TYPE_NAMES[tensor?.elemType ?? 0] || "another type";
    return { name, type: typeName, dims, hasRows: dims?.length !== 0 && !constant.includes(name) };
  });
}

/** How many rows every run must have; undefined where it is free. */
export function fixedRows(specs: readonly InputSpec[]): number | undefined {
  return specs.find((spec) => spec.hasRows && spec.dims?.[0] !== undefined)?.dims?.[0];
}

interface Column {
  readonly spec: InputSpec;
  readonly data: TensorData;
  readonly dims: readonly number[];
  /** Values in a row. */
  readonly size: number;
}

/** Checked inputs. */
export class RowTable {
  readonly rows: number;
  /** Equal for inputs that differ in nothing but the number of rows. */
  readonly signature: string;
  readonly #columns: readonly Column[];
  readonly #ort: Ort;

  constructor(where: string, ort: Ort, specs: readonly InputSpec[], inputs: Inputs) {
    if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs) || ArrayBuffer.isView(inputs)) {
      const names = specs.map(({ name }) => name).join(", ");
      throw new TypeError(`${where}: inputs must be an object with the values of ${names}, got ${describe(inputs)}`);
    }
    const unknown = Object.keys(inputs).filter((name) => !specs.some((spec) => spec.name === name));
    if (unknown.length > 0) {
      throw new RangeError(
        `${where}: inputs must be named as in the model (${list(specs.map(({ name }) => name))}), got ${list(unknown)}`,
      );
    }
    this.#ort = ort;
    this.#columns = specs.map((spec) => readColumn(where, spec, inputs[spec.name]));
    const counted = this.#columns.filter(({ spec }) => spec.hasRows);
    this.rows = counted[0]?.dims[0] ?? 1;
    const odd = counted.find(({ dims }) => dims[0] !== this.rows);
    if (odd !== undefined) {
      const first = counted[0]!.spec.name;
      throw new RangeError(`${where}: ${odd.spec.name} must have ${this.rows} rows like ${first}, got ${odd.dims[0]}`);
    }
    this.signature = this.#columns.map(({ spec, dims }) => (spec.hasRows ? dims.slice(1) : dims).join("x")).join(" ");
  }

  /**
   * Feeds for a run over the given rows, in their order; a row may come several times. `names`: of these inputs only.
   */
  feeds(rows: ArrayLike<number>, names?: readonly string[]): Record<string, OrtTensor> {
    let isAll = rows.length === this.rows;
    for (let i = 0; isAll && i < rows.length; i++) isAll = rows[i] === i;
    const feeds: Record<string, OrtTensor> = {};
    for (const { spec, data, dims, size } of this.#columns) {
      if (names !== undefined && !names.includes(spec.name)) continue;
      const isWhole = isAll || !spec.hasRows;
      const values = isWhole ? data : gather(data, rows, size);
      feeds[spec.name] = makeTensor(this.#ort, spec.type, values, isWhole ? dims : [rows.length, ...dims.slice(1)]);
    }
    return feeds;
  }
}

function gather(data: TensorData, rows: ArrayLike<number>, size: number): TensorData {
  if (Array.isArray(data)) return Array.from(rows, (row) => data.slice(row * size, (row + 1) * size)).flat();
  const source = data as Float32Array;
  const out = new (source.constructor as Float32ArrayConstructor)(rows.length * size);
  for (let i = 0; i < rows.length; i++) out.set(source.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  return out;
}

function readColumn(where: string, spec: InputSpec, value: Inputs[string] | undefined): Column {
  const { name } = spec;
  if (value === undefined) throw new TypeError(`${where}: input ${name} is missing; the model needs it`);
  const isTensor = typeof value === "object" && "dims" in value && "data" in value;
  const raw = isTensor ? value.data : value;
  const data = convert(where, spec, raw);
  const dims = isTensor ? value.dims.map(Number) : impliedDims(where, spec, data.length);
  const elements = dims.reduce((product, size) => product * size, 1);
  if (!(elements === data.length)) {
    throw new RangeError(
      `${where}: ${name} must have ${elements} values for shape [${dims.join(",")}], got ${data.length}`,
    );
  }
  checkDims(where, spec, dims);
  return { spec, data, dims, size: spec.hasRows ? elements / Math.max(1, dims[0]!) : elements };
}

/** The shape of an array that came without one: as many rows as fit. */
function impliedDims(where: string, { name, dims, hasRows }: InputSpec, length: number): readonly number[] {
  const rest = hasRows ? dims?.slice(1) : dims;
  if (rest === undefined || rest.includes(undefined)) {
    throw new TypeError(`${where}: the shape of ${name} is missing; pass { ${name}: { data, dims } }`);
  }
  const size = (rest as number[]).reduce((product, axis) => product * axis, 1);
  if (!hasRows) return rest as number[];
  if (length % size !== 0) {
    throw new RangeError(`${where}: ${name} must have a multiple of ${size} values, one row each, got ${length}`);
  }
  return [length / size, ...(rest as number[])];
}

function checkDims(where: string, { name, dims, hasRows }: InputSpec, given: readonly number[]): void {
  if (hasRows && !(given.length > 0 && given[0]! > 0)) {
    throw new RangeError(`${where}: ${name} must have at least one row, got shape [${given.join(",")}]`);
  }
  if (dims === undefined) return;
  const isFit =
    dims.length === given.length &&
    dims.every((size, axis) => (hasRows && axis === 0) || size === undefined || size === given[axis]);
  if (isFit) return;
  const rule = dims.map((size, axis) => (hasRows && axis === 0 ? "rows" : (size ?? "any"))).join(",");
  throw new RangeError(`${where}: ${name} must have shape [${rule}], got [${given.join(",")}]`);
}

/**
 * Values in the array class that the runtime takes for a type. Plain arrays and the other float width are converted,
 * nothing else.
 */
function convert(where: string, { name, type }: InputSpec, raw: unknown): TensorData {
  if (type === "string" && Array.isArray(raw)) return raw as string[];
  const Target = ARRAYS[type];
  if (Target === undefined) throw new TypeError(`${where}: ${name} must have a type that can be fed, got ${type}`);
  if (raw instanceof Target) return raw;
  const isFloatTarget = type === "float32" || type === "float64";
  const isNumbers = Array.isArray(raw) && raw.every((value) => typeof value === "number");
  const isBig = Target === BigInt64Array || Target === BigUint64Array;
  if (isNumbers && isBig)
    return (Target as BigInt64ArrayConstructor).from((raw as number[]).map((value) => BigInt(value)));
  if (
    (isNumbers && type !== "float16") ||
    (isFloatTarget && (raw instanceof Float32Array || raw instanceof Float64Array))
  ) {
    return (Target as Float32ArrayConstructor).from(raw as number[]);
  }
  throw new TypeError(`${where}: ${name} must be ${type} (${Target.name}), got ${describe(raw)}`);
}
