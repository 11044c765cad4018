// Where rows are in what goes in: on an axis of each input, nowhere in a constant one, or one input a row where the
// model knows no batch. Knows what the file declares, no values.

import { describe, nameList, shown } from "../check.js";
import { viewGraph } from "../graph/view.js";
import { type ModelProto, TYPE_NAMES, toNumber, type ValueInfoProto } from "../protobuf/types.js";

/** Where the rows of an input are: on an axis; "constant": the same for all rows; "none": the input is one row. */
export type RowPlace = number | "constant" | "none";

/** What the model declares of an input. */
export interface InputSpec {
  readonly name: string;
  readonly type: string;
  /** undefined for axes of any size; the whole is undefined where even the rank is open. */
  readonly dims: readonly (number | undefined)[] | undefined;
  readonly rows: RowPlace;
}

/** Axis of the rows for each input and output by name, for all of them alike, or "none": the model knows no batch. */
export type BatchAxis = number | "none" | Readonly<Record<string, number | "none">>;

export interface RowOptions {
  /** Inputs that are the same for all rows. */
  readonly constant: readonly string[];
  readonly batchAxis: BatchAxis | undefined;
  /** Rows of a run. */
  readonly batch: number | undefined;
}

/** How rows go through the model. */
export interface RowPlan {
  readonly specs: readonly InputSpec[];
  /** Rows that every run must have; undefined where it is free. 1 with `batch` 1, and where the model is one row. */
  readonly fixed: number | undefined;
  /** The axis of the rows in each output that was said; undefined: a run tells. */
  readonly outputs: ReadonlyMap<string, number | "none">;
}

/** @param asked The outputs that are asked for. */
export function planRows(
  where: string,
  model: ModelProto,
  masks: ReadonlySet<string>,
  asked: readonly string[],
  options: RowOptions,
): RowPlan {
  const view = viewGraph(model);
  const infos = (model.graph?.input ?? []).filter(({ name = "" }) => view.isInput(name) && !masks.has(name));
  const names = infos.map(({ name = "" }) => name);
  checkOptions(where, [...names, ...(model.graph?.output ?? []).map(({ name = "" }) => name)], names, options);
  const said = (name: string): number | "none" | undefined =>
    typeof options.batchAxis === "object" ? options.batchAxis[name] : options.batchAxis;
  const declared = infos.map((info): InputSpec => specOf(info, said(info.name ?? ""), options.constant));
  const isUnbatched =
    options.batchAxis === undefined &&
    knowsNoBatch(
      declared,
      asked.map((name) => view.info(name)),
    );
  const specs = isUnbatched
    ? declared.map((spec) => (spec.rows === "constant" ? spec : { ...spec, rows: "none" as const }))
    : declared;
  const outputs = new Map<string, number | "none">();
  for (const name of asked) {
    const axis = said(name) ?? namedAxis(dimsOf(view.info(name)));
    if (axis !== undefined) outputs.set(name, axis);
  }
  const isSingle = options.batch === 1 || specs.some(({ rows }) => rows === "none");
  return { specs, fixed: isSingle ? 1 : fixedRows(specs), outputs };
}

function checkOptions(where: string, all: readonly string[], inputs: readonly string[], options: RowOptions): void {
  const { constant, batchAxis } = options;
  const odd = constant.find((name) => !inputs.includes(name));
  if (odd !== undefined) {
    throw new RangeError(
      `${where}: constant must name inputs of the model (${nameList(inputs)}), got ${describe(odd)}`,
    );
  }
  const entries = typeof batchAxis === "object" && batchAxis !== null ? Object.entries(batchAxis) : [];
  for (const [name, axis] of batchAxis === undefined || entries.length > 0
    ? entries
    : [["batchAxis", batchAxis] as const]) {
    if (entries.length > 0 && !all.includes(name)) {
      throw new RangeError(
        `${where}: batchAxis must name inputs and outputs (${nameList(all)}), got ${describe(name)}`,
      );
    }
    if (axis !== "none" && !(Number.isInteger(axis) && (axis as number) >= 0 && (axis as number) < 64)) {
      throw new RangeError(`${where}: a batch axis must be a whole number in [0, 63] or "none", got ${describe(axis)}`);
    }
  }
}

interface Dim {
  readonly size: number | undefined;
  readonly name: string;
}

function dimsOf(info: ValueInfoProto | undefined): readonly Dim[] | undefined {
  const shape = info?.type?.tensorType?.shape;
  return shape
    ? (shape.dim ?? []).map(({ dimValue, dimParam }) => {
        const size = toNumber(dimValue);
        return { size: !dimParam && size > 0 ? size : undefined, name: dimParam ?? "" };
      })
    : undefined;
}

/** What people call the axis of the rows. */
const BATCH_NAMES = /^(batch(_?size)?|n|bs|rows?|samples?|batch_?dim)$/i;

/** The axis that is named as the rows are, if there is one such axis. */
function namedAxis(dims: readonly Dim[] | undefined): number | undefined {
  const named = (dims ?? []).flatMap(({ name }, axis) => (BATCH_NAMES.test(name) ? [axis] : []));
  return named.length === 1 ? named[0] : undefined;
}

function specOf(info: ValueInfoProto, said: number | "none" | undefined, constant: readonly string[]): InputSpec {
  const { name = "", type } = info;
  const dims = dimsOf(info);
  const rows: RowPlace = constant.includes(name) || dims?.length === 0 ? "constant" : (said ?? namedAxis(dims) ?? 0);
  const typeName = TYPE_NAMES[type?.tensorType?.elemType ?? 0] || "another type";
  return { name, type: typeName, dims: dims?.map(({ size }) => size), rows };
}

/** How many rows every run must have, by the sizes of the inputs. */
function fixedRows(specs: readonly InputSpec[]): number | undefined {
  for (const { rows, dims } of specs) {
    const size = typeof rows === "number" ? dims?.[rows] : undefined;
    if (size !== undefined) return size;
  }
  return undefined;
}

/**
 * Whether inputs and outputs of fixed sizes are single examples: what would be the number of rows in the inputs is no
 * size of the outputs. `[24] → [3]` is one row; `[5, 24] → [5, 3]` is five.
 */
function knowsNoBatch(specs: readonly InputSpec[], outputs: readonly (ValueInfoProto | undefined)[]): boolean {
  const own = specs.filter(({ rows }) => rows !== "constant");
  const rows = own[0]?.dims?.[0];
  if (
    rows === undefined ||
    rows === 1 ||
    own.some(({ dims, rows: axis }) => axis !== 0 || dims?.includes(undefined) !== false)
  ) {
    return false;
  }
  const isVector = own.every(({ dims }) => dims?.length === 1);
  return outputs.every((info) => {
    const dims = dimsOf(info);
    if (dims === undefined) return isVector;
    return dims.every(({ size }) => size !== undefined && size !== rows);
  });
}

/** A spec in words: "[rows,64]". */
export function shapeText({ dims, rows }: InputSpec): string {
  return (dims ?? []).map((size, axis) => (axis === rows ? "rows" : (size ?? "any"))).join(",");
}

export const shownName = ({ name }: InputSpec): string => shown(name);
