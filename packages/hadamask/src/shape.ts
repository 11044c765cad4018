// Shapes, and which elements of an array share one draw. Knows no randomness and no noise.
//
// An array of shape [N, C, H, W] whose axes 2 and 3 are shared has N * C draws, counted in C order of the shape without the
// shared axes. Neighbouring axes of one kind are merged, so that every case becomes a few runs of contiguous elements.

import { checkIndex, checkLength, INDEX_LIMIT, typeError } from "./check.js";

export type Shape = readonly number[];

/** Which elements share a draw. */
export interface Placement {
  /** Elements. */
  readonly size: number;
  /** Draws: the product of the axes that are not shared. */
  readonly draws: number;
  /** Lengths of the merged axes, from the outermost: own, shared, own, shared, …; the first may be 1. */
  readonly groups: readonly number[];
}

/** Every element has a draw of its own. */
export function elementwise(n: number): Placement {
  return { size: n, draws: n, groups: [n] };
}

/** True where each element has its own draw, in the order of the elements. */
export const isElementwise = (placement: Placement): boolean => placement.groups.length === 1;

/** Checks that `shape` is a list of lengths, and that they make up the `n` elements of `name`. */
export function checkShape(where: string, shape: unknown, n: number, name = "x"): Shape {
  if (!Array.isArray(shape)) throw typeError(where, "shape", "an array of lengths", shape);
  let size = 1;
  shape.forEach((length, axis) => {
    size *= checkIndex(where, `shape[${axis}]`, length);
  });
  checkLength(where, name, n, size, `for shape [${shape.join(",")}]`);
  return shape;
}

/** Checks that `axes` is a list of whole numbers; whether a shape has them is known only later. */
export function checkAxisList(where: string, name: string, axes: unknown): readonly number[] {
  if (!Array.isArray(axes) || !axes.every((axis) => Number.isInteger(axis))) {
    throw typeError(where, name, "an array of whole numbers", axes, "for instance [2, 3]");
  }
  return axes;
}

/** Checks axes, which may be counted from the end (-1 is the last), and returns them from 0, ascending. */
export function checkAxes(where: string, name: string, axes: unknown, shape: Shape): number[] {
  const list = checkAxisList(where, name, axes);
  const rank = shape.length;
  if (!list.every((axis) => -rank <= axis && axis < rank)) {
    throw new RangeError(`${where}: ${name} [${list.join(",")}] are out of range for shape [${shape.join(",")}]`);
  }
  const ascending = list.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  if (new Set(ascending).size !== list.length) {
    throw new RangeError(`${where}: ${name} must be different axes, got [${list.join(",")}]`);
  }
  return ascending;
}

/** Merges a checked shape and its shared axes into alternating own and shared groups. Axes of length 1 fit either kind. */
export function placementOf(shape: Shape, sharedAxes: readonly number[]): Placement {
  const groups = [1];
  let draws = 1;
  shape.forEach((length, axis) => {
    const isShared = sharedAxes.includes(axis);
    if (!isShared) draws *= length;
    if (length === 1) return;
    const isLastShared = groups.length % 2 === 0;
    if (isShared === isLastShared) groups[groups.length - 1]! *= length;
    else groups.push(length);
  });
  const size = shape.reduce((product, length) => product * length, 1);
  return { size, draws, groups };
}

/** A contiguous run: elements xStart … xStart + length - 1 all take draw `drawStart`, or one each from there on. */
export type VisitRun = (xStart: number, length: number, drawStart: number, isShared: boolean) => void;

/** Calls `visit` for the runs that make up a placement, in the order of the elements. */
export function forEachRun(placement: Placement, visit: VisitRun): void {
  if (placement.size > 0) walk(placement.groups, 0, placement.size, placement.draws, 0, 0, visit);
}

/** One merged axis: `size` elements and `draws` draws lie under it, from `x` and `draw` on. */
function walk(
  groups: readonly number[],
  level: number,
  size: number,
  draws: number,
  x: number,
  draw: number,
  visit: VisitRun,
): void {
  const length = groups[level]!;
  const isShared = level % 2 === 1;
  if (level === groups.length - 1) {
    visit(x, length, draw, isShared);
    return;
  }
  const inner = size / length;
  const innerDraws = isShared ? draws : draws / length;
  for (let k = 0; k < length; k++) {
    walk(groups, level + 1, inner, innerDraws, x + k * inner, isShared ? draw : draw + k * innerDraws, visit);
  }
}

/** How the draws of one pass lie over an array: all under one key, or row by row under the keys of sample ids. */
export interface Layout {
  readonly whole: Placement;
  readonly rows: { readonly sampleIds: Float64Array; readonly each: Placement } | undefined;
}

export interface LayoutOptions {
  /** Lengths of the axes of `x`; needed with `sharedAxes`. */
  readonly shape?: Shape | undefined;
  /** Axes along which all elements share one draw; may be counted from the end. */
  readonly sharedAxes?: readonly number[] | undefined;
  /** One id for each row of the first axis: a row's draws depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number> | undefined;
}

/** Checks `options` against `n` elements. */
export function layoutOf(where: string, n: number, options: LayoutOptions): Layout {
  const { sharedAxes = [], sampleIds } = options;
  if (options.shape === undefined && options.sharedAxes !== undefined) {
    throw new TypeError(`${where}: sharedAxes goes with shape; pass { shape: [2, 3, 4] }, the lengths of the axes`);
  }
  const shape = options.shape === undefined ? undefined : checkShape(where, options.shape, n);
  const shared = shape === undefined ? [] : checkAxes(where, "sharedAxes", sharedAxes, shape);
  const whole = shape === undefined ? elementwise(n) : placementOf(shape, shared);
  if (sampleIds === undefined) return { whole, rows: undefined };
  const ids = checkSampleIds(where, sampleIds);
  const rowShape = checkRows(where, ids.length, n, shape);
  if (shared.includes(0)) {
    throw new TypeError(`${where}: axis 0 cannot be shared with sampleIds, which give each row draws of its own`);
  }
  const sharedInRow = shared.map((axis) => axis - 1);
  return { whole, rows: { sampleIds: ids, each: placementOf(rowShape, sharedInRow) } };
}

/** The shape of one row, where `rows` rows make up `n` elements. */
function checkRows(where: string, rows: number, n: number, shape: Shape | undefined): Shape {
  if (shape !== undefined) {
    if (rows !== shape[0]) {
      throw new RangeError(`${where}: sampleIds must have one id a row (${shape[0] ?? 0}), got ${rows}`);
    }
    return shape.slice(1);
  }
  if (!(rows === 0 ? n === 0 : n % rows === 0)) {
    throw new RangeError(`${where}: x must have the same number of elements for each of ${rows} sampleIds, got ${n}`);
  }
  return [rows === 0 ? 0 : n / rows];
}

function checkSampleIds(where: string, ids: ArrayLike<number>): Float64Array {
  if (typeof ids !== "object" || ids === null || typeof ids.length !== "number") {
    throw typeError(where, "sampleIds", "an array of whole numbers", ids);
  }
  return Float64Array.from(ids, (id, b) => checkIndex(where, `sampleIds[${b}]`, id, INDEX_LIMIT));
}
