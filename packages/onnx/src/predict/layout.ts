// How a site's decisions lie in the tensor they multiply: found by looking at the tensor's shape for one row and for
// two.

import { isShared, type Share } from "../places/placement.js";
import { sizeOf } from "../size.js";

/** Where the rows of a run are in a site's tensor. */
export interface SiteLayout {
  /** Shape for one row. */
  readonly dims: readonly number[];
  /** The axis along which rows lie; undefined where the tensor is the same for all rows, as weights are. */
  readonly rowAxis: number | undefined;
  /** Entries of the row axis that belong to one row: the heads, where batch and heads were merged into one axis. */
  readonly perRow: number;
  /** Whether the entries of a row are neighbours ("row by row") or every so many apart ("interleaved"). */
  readonly order: "row by row" | "interleaved";
  /** Whether a run is one row, and the tensor that row's. */
  readonly isOne?: boolean;
}

/**
 * Reads the layout off two shapes of a tensor, for `rows` rows and for twice as many.
 * Returns undefined where more than the size of one axis changes, which no batch explains.
 */
export function layoutFrom(one: readonly number[], two: readonly number[], rows: number): SiteLayout | undefined {
  const grown = one.flatMap((size, axis) => (two[axis] === size ? [] : [axis]));
  if (one.length !== two.length || grown.length > 1) return undefined;
  const rowAxis = grown[0];
  if (rowAxis === undefined) return { dims: one, rowAxis, perRow: 1, order: "row by row" };
  if (two[rowAxis] !== 2 * one[rowAxis]! || one[rowAxis]! % rows !== 0) return undefined;
  return withRows(one, rowAxis, rows);
}

/**
 * For a model whose number of rows is fixed there is only one shape to look at: the first axis that the rows divide
 * is theirs.
 */
export function layoutFromFixed(dims: readonly number[], rows: number, isShared: boolean): SiteLayout {
  const rowAxis = dims.findIndex((size) => size % rows === 0);
  if (isShared || rowAxis < 0) return { dims, rowAxis: undefined, perRow: 1, order: "row by row" };
  return withRows(dims, rowAxis, rows);
}

/** For runs of one row: the whole tensor is the row's, unless it holds weights. */
export function layoutOfOne(dims: readonly number[], isShared: boolean): SiteLayout {
  return { dims, rowAxis: undefined, perRow: 1, order: "row by row", isOne: !isShared };
}

function withRows(dims: readonly number[], rowAxis: number, rows: number): SiteLayout {
  const perRow = dims[rowAxis]! / rows;
  return { dims: dims.map((size, axis) => (axis === rowAxis ? perRow : size)), rowAxis, perRow, order: "row by row" };
}

/** The decisions of a site in one run. */
export interface MaskShape {
  /** Shape of the multipliers for so many rows. */
  dims(rows: number): number[];
  /** Decisions of one row, numbered in C order of the row's own tensor without the shared axes. */
  readonly perRow: number;
  /** A row's decisions lie in `pieces` runs of `length`: piece i of row r begins at i * rows * length + r * length. */
  readonly pieces: number;
  readonly length: number;
  /** Whether all rows have the same decisions, by their nature or because the row axis is shared. */
  readonly isRowless: boolean;
}

/** Shape of the multipliers of a site under a way of sharing. */
export function maskShape(layout: SiteLayout, share: Share): MaskShape {
  const { dims, rowAxis, order, isOne = false } = layout;
  const sizes = dims.map((size, axis) => (isShared(share, axis) ? 1 : size));
  const perRow = sizeOf(sizes);
  if (rowAxis === undefined || isShared(share, rowAxis)) {
    return { dims: () => [...sizes], perRow, pieces: 1, length: perRow, isRowless: !isOne };
  }
  // Everything before the row axis repeats; interleaved entries of the row axis are pieces of their own.
  const split = order === "interleaved" ? rowAxis + 1 : rowAxis;
  const pieces = sizeOf(sizes.slice(0, split));
  return {
    dims: (rows) => sizes.map((size, axis) => (axis === rowAxis ? size * rows : size)),
    perRow,
    pieces,
    length: perRow / pieces,
    isRowless: false,
  };
}
