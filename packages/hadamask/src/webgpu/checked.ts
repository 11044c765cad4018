// The arguments of calls, checked and put into the terms in which dispatches are planned.

import { checkIndex, checkKeep, checkKey, checkOffset, rangeError, typeError } from "../check.js";
import { type Layout, layoutOf } from "../placement/shape.js";
import { threshold } from "../random/threshold.js";
import { HALF_MAX, roundToHalf } from "../special/half.js";
import type { Key, Scaling } from "../types.js";
import type { GpuLayout } from "./calls.js";
import type { GpuArray, GpuEncoder } from "./device.js";
import type { Dispatch, Engine } from "./engine.js";
import { laidOutDispatches } from "./laid-out.js";
import { givenDispatches, maskWords } from "./mask-words.js";
import type { Arrays, Effect } from "./masked.js";
import { bytesPerElement, checkApart, checkRegion, type Region } from "./regions.js";
import type { Dtype, ElementType } from "./wgsl/elements.js";

/** The longest array, in elements. */
const MOST = 2 ** 31;

/** A call of any kind. */
export interface AnyCall extends GpuLayout {
  readonly out: GpuArray;
  readonly length: number;
  readonly x?: GpuArray;
  readonly dy?: GpuArray;
  readonly encoder?: GpuEncoder;
  readonly dtype?: Dtype;
  readonly rate?: number;
  readonly keep?: number;
  readonly key?: Key;
  readonly offset?: number;
  readonly mask?: GpuArray;
  readonly scaling?: Scaling;
}

export const checkArrayLength = (where: string, length: unknown): number =>
  checkIndex(where, "length", length, MOST + 1);

function checkDtype(where: string, value: unknown): Dtype {
  if (value === "float32" || value === "float16") return value;
  throw rangeError(where, "dtype", '"float32" or "float16"', value);
}

/**
 * The arrays of a call whose input, if it has one, is called `input`; of type `own`, where that is not to be chosen.
 */
export function checkArrays(where: string, call: AnyCall, input: "x" | "dy" | undefined, own?: ElementType): Arrays {
  if (typeof call !== "object" || call === null) throw typeError(where, "call", "an object { out, length, … }", call);
  const n = checkArrayLength(where, call.length);
  const dtype = own ?? checkDtype(where, call.dtype ?? "float32");
  const byteLength = n * bytesPerElement(dtype);
  const out = checkRegion(where, "out", call.out, byteLength);
  const x = input && checkRegion(where, input, call[input]!, byteLength);
  if (x !== undefined) checkApart(where, x, out, byteLength);
  return { x, out, n, dtype };
}

/** Where draws come from. */
export function checkDraws(where: string, call: AnyCall, draws: number): { key: Key; offset: number } {
  const key = checkKey(where, call.key);
  return { key, offset: checkOffset(where, call.offset, draws) };
}

/** Decisions for the elements of a call. */
export type Decisions = { readonly keep: number; readonly layout: Layout } & (
  | { readonly key: Key; readonly offset: number; readonly mask?: undefined }
  | { readonly mask: Region }
);

export function checkDecisions(where: string, call: AnyCall, n: number): Decisions {
  const keep = checkKeep(where, call);
  const { key, mask, offset, sampleIds } = call;
  if (key !== undefined && mask !== undefined) throw new TypeError(`${where}: pass either key or mask, not both`);
  if (mask !== undefined && (offset !== undefined || sampleIds !== undefined)) {
    const other = offset === undefined ? "sampleIds" : "offset";
    throw new TypeError(`${where}: ${other} goes with key; a mask given by hand begins at the first element`);
  }
  if (sampleIds !== undefined && offset !== undefined) {
    throw new TypeError(`${where}: pass either offset or sampleIds; the row of an id begins at draw 0`);
  }
  const layout = layoutOf(where, n, call);
  const { draws } = layout.whole;
  if (mask !== undefined) return { keep, layout, mask: checkRegion(where, "mask", mask, 4 * maskWords(draws)) };
  return { keep, layout, ...checkDraws(where, call, draws) };
}

/** What kept elements are multiplied by, as their type holds it. */
export function scaleOf(where: string, { dtype }: AnyCall, keep: number, scaling: Scaling): number {
  if (scaling === "classic" || keep === 0) return 1;
  if (dtype !== "float16") return Math.fround(1 / keep);
  const scale = roundToHalf(1 / keep);
  if (scale > HALF_MAX) {
    throw rangeError(where, "keep", `at least 1 / ${HALF_MAX} for float16`, keep, 'pass scaling "classic"');
  }
  return scale;
}

export function decisionDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  decisions: Decisions,
): Dispatch[] {
  const { keep, layout } = decisions;
  if (decisions.mask !== undefined) {
    const { draws, axes } = layout.whole;
    return givenDispatches(engine, where, arrays, effect, decisions.mask, draws, axes);
  }
  const { key, offset } = decisions;
  return laidOutDispatches(engine, where, arrays, effect, { key, offset, T: threshold(keep) }, layout);
}
