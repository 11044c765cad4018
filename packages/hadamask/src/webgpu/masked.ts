// Which dispatches draw decisions and apply them where each element has a draw of its own: one for an array that fits
// into a binding. Trusts its callers.

import { thresholdBits } from "../random/threshold.js";
import type { Key } from "../types.js";
import type { Dispatch, Engine } from "./engine.js";
import { pieceLength, piecesOf } from "./pieces.js";
import { advanced, bind, bytesPerElement, type Region } from "./regions.js";
import { BLOCK, type Source, spanOf } from "./wgsl/decisions.js";
import { type Access, type Change, type ElementType, unitElements } from "./wgsl/elements.js";
import { maskedProgram } from "./wgsl/masked.js";
import type { Parameters } from "./wgsl/parameters.js";

/** What becomes of kept and of dropped elements; numbers are rounded to the element type already. */
export interface Effect {
  readonly change: Change;
  readonly factor?: number;
  readonly addend?: number;
  readonly dropped?: number;
}

/** `n` elements, from one place to another or made from nothing. */
export interface Arrays {
  readonly x: Region | undefined;
  readonly out: Region;
  readonly n: number;
  readonly dtype: ElementType;
}

/** Decisions of the stream: draw `offset` and those after it, each kept if its integer is below T. */
export interface Draws {
  readonly key: Key;
  /** From 0 to 2^53; at either end nothing is drawn. */
  readonly T: number;
  readonly offset: number;
}

/** Rows with a key each; draws begin at 0 in every row. */
export interface Rows {
  readonly keys: readonly Key[];
  readonly T: number;
  /** Elements of one. */
  readonly length: number;
}

/** What programs are told of the decisions that they draw. */
export const drawParameters = ({ key, T, offset }: Draws): Parameters => ({
  key,
  threshold: T,
  lastPlane: thresholdBits(T).length - 1,
  firstDraw: offset,
  drawsPerBlock: BLOCK,
});

/** Tells the code of one kind of access from that of another. */
export const accessName = ({ dtype, isWide, input }: Access): string =>
  `${dtype} ${isWide ? "wide" : "narrow"} ${input}`;

/** `count` elements of both arrays from number `start` on. */
export function partOf({ x, out, dtype }: Arrays, start: number, count: number): Arrays {
  const bytes = start * bytesPerElement(dtype);
  return { x: x && advanced(x, bytes), out: advanced(out, bytes), n: count, dtype };
}

interface Job {
  readonly source: Source;
  readonly rowLength: number;
  readonly parameters: Parameters;
  readonly rowKeys?: readonly Key[];
}

function dispatch(engine: Engine, where: string, arrays: Arrays, effect: Effect, job: Job): Dispatch {
  const { source, rowLength, parameters, rowKeys } = job;
  const { change, ...numbers } = effect;
  const bound = bind(where, arrays, rowLength, engine.device.limits.maxStorageBufferBindingSize);
  const { access } = bound;
  const span = spanOf(parameters.firstDraw ?? 0);
  const rows = rowKeys?.length ?? 1;
  const rowGroups = Math.ceil(rowLength / span);
  const keys = rowKeys && engine.upload(Uint32Array.from(rowKeys.flat()));
  return {
    name: `dropout ${change} ${source} ${accessName(access)}`,
    code: () => maskedProgram(access, change, source),
    parameters: {
      ...parameters,
      ...numbers,
      length: rowLength,
      span,
      rows,
      rowGroups,
      rowStride: rowLength / unitElements(access),
      xStart: bound.xStart,
      outStart: bound.outStart,
    },
    bindings: { 1: bound.x, 2: bound.out, 3: keys && { buffer: keys, offset: 0, size: keys.size } },
    groups: rows * rowGroups,
  };
}

/** The same decision for all. */
export function constantDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  isKept: boolean,
): Dispatch[] {
  const { x, out, n, dtype } = arrays;
  if (isKept && effect.change === "keep" && x?.buffer === out.buffer && x.byteOffset === out.byteOffset) return [];
  const given = isKept ? arrays : { ...arrays, x: undefined };
  const change: Effect = isKept ? effect : { change: "fill" };
  const source = isKept ? "all" : "none";
  return piecesOf(n, pieceLength(dtype, engine.device.limits.maxStorageBufferBindingSize)).map(({ start, count }) =>
    dispatch(engine, where, partOf(given, start, count), change, { source, rowLength: count, parameters: {} }),
  );
}

/** One key for all elements. */
export function elementDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  draws: Draws,
): Dispatch[] {
  const length = pieceLength(arrays.dtype, engine.device.limits.maxStorageBufferBindingSize);
  return piecesOf(arrays.n, length).map(({ start, count }) =>
    dispatch(engine, where, partOf(arrays, start, count), effect, {
      source: "one",
      rowLength: count,
      parameters: drawParameters({ ...draws, offset: draws.offset + start }),
    }),
  );
}

/** A key for each row. Rows are not split; one that is too long for a binding goes by itself. */
export function rowDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  { keys, T, length }: Rows,
): Dispatch[] {
  const most = pieceLength(arrays.dtype, engine.device.limits.maxStorageBufferBindingSize);
  if (length > most) {
    return keys.flatMap((key, row) =>
      elementDispatches(engine, where, partOf(arrays, row * length, length), effect, { key, T, offset: 0 }),
    );
  }
  return piecesOf(keys.length, Math.floor(most / length)).map(({ start, count }) =>
    dispatch(engine, where, partOf(arrays, start * length, count * length), effect, {
      source: "rows",
      rowLength: length,
      parameters: drawParameters({ key: keys[0]!, T, offset: 0 }),
      rowKeys: keys.slice(start, start + count),
    }),
  );
}
