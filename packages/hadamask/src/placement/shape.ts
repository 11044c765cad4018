// Shapes, and which elements of an array share one draw. Knows no randomness and no noise.
//
// An array of shape [N, C, H, W] whose axes 2 and 3 are shared has N * C draws, counted in C order of the shape
// without the shared axes. Neighbouring axes of one kind are merged, so that every case becomes a few runs of
// contiguous elements.

import { checkIndex, checkLength, INDEX_LIMIT, shownShape, typeError } from "../check.js";

export type Shape = readonly number[];

/** Which elements share a draw. */
export interface Placement {
  /** Elements. */
  readonly size: number;
  /** Draws: the product of the axes that are not shared. */
  readonly draws: number;
  /** From the outermost: own, shared, own, shared, …; the first may be of length 1. */
  readonly axes: readonly MergedAxis[];
}

/** Neighbouring axes of one kind, as one. */
export interface MergedAxis {
  readonly length: number;
  /** Whether all steps along it share their draws. */
  readonly isShared: boolean;
  /** Elements in one step along it. */
  readonly elements: number;
  /** Draws from one step to the next: 0 where they are shared. */
  readonly draws: number;
}

/** Every element has a draw of its own. */
function elementwise(n: number): Placement {
  return { size: n, draws: n, axes: [{ length: n, isShared: false, elements: 1, draws: 1 }] };
}

/** True where each element has its own draw, in the order of the elements. */
export const isElementwise = (placement: Placement): boolean => placement.axes.length === 1;

/** Checks that `shape` is a list of lengths, and that they make up the `n` elements of `name`. */
export function checkShape(where: string, shape: unknown, n: number, name = "x"): Shape {
  if (!Array.isArray(shape)) throw typeError(where, "shape", "an array of lengths", shape);
  let size = 1;
  // Not forEach, which passes over what a sparse array lacks.
  for (let axis = 0; axis < shape.length; axis++) size *= checkIndex(where, `shape[${axis}]`, shape[axis]);
  checkLength(where, name, n, size, `for shape ${shownShape(shape)}`);
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
function checkAxes(where: string, name: string, axes: unknown, shape: Shape): number[] {
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

/**
 * Merges a checked shape and its shared axes into alternating own and shared axes. Axes of length 1 fit either kind.
 */
export function placementOf(shape: Shape, sharedAxes: readonly number[]): Placement {
  const lengths = [1];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const isLastShared = lengths.length % 2 === 0;
    if (sharedAxes.includes(axis) === isLastShared) lengths[lengths.length - 1]! *= length;
    else lengths.push(length);
  });
  let size = 1;
  let draws = 1;
  const axes: MergedAxis[] = [];
  for (let a = lengths.length - 1; a >= 0; a--) {
    const length = lengths[a]!;
    const isShared = a % 2 === 1;
    axes.unshift({ length, isShared, elements: size, draws: isShared ? 0 : draws });
    size *= length;
    if (!isShared) draws *= length;
  }
  return { size, draws, axes };
}

/** A contiguous run: elements xStart … xStart + length - 1 all take draw `drawStart`, or one each from there on. */
export type VisitRun = (xStart: number, length: number, drawStart: number, isShared: boolean) => void;

/** Calls `visit` for the runs that make up a placement, in the order of the elements. */
export function forEachRun(placement: Placement, visit: VisitRun): void {
  if (placement.size > 0) walk(placement.axes, 0, 0, 0, visit);
}

/** Axis `level` and those inside it, from element `x` and draw `draw` on. */
function walk(axes: readonly MergedAxis[], level: number, x: number, draw: number, visit: VisitRun): void {
  const { length, isShared, elements, draws } = axes[level]!;
  if (level === axes.length - 1) {
    visit(x, length, draw, isShared);
    return;
  }
  for (let k = 0; k < length; k++) walk(axes, level + 1, x + k * elements, draw + k * draws, visit);
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
