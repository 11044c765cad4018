// Decisions that repeat: along axes that share a draw, in groups of neighbours, and from a period on.

import { sizeOf } from "../check.js";
import type { Shape } from "../placement/shape.js";

/** A repeat that chance explains with less than this probability is reported. */
const FALSE_ALARM = 1e-9;

export interface Repeats {
  /** Axes along which all decisions are one: the axes of a shared draw. Those of length 1 do not count. */
  readonly sharedAxes: readonly number[];
  /** Neighbours (in C order) that always decide alike come in groups of so many; 1 if they do not. */
  readonly group: number;
  /** The decisions start again after so many; undefined if they do not. */
  readonly period: number | undefined;
}

/** @param keep The share kept, for how likely a repeat is by chance. */
export function findRepeats(bits: Uint8Array, shape: Shape, keep: number): Repeats {
  const sharedAxes = shape.flatMap((_, axis) => (isShared(bits, shape, axis, keep) ? [axis] : []));
  return { sharedAxes, group: groupOf(bits, keep), period: periodOf(bits, keep) };
}

/** The decisions with the shared axes taken out: one for each draw, in C order. */
export function drawsOf(bits: Uint8Array, shape: Shape, sharedAxes: readonly number[]): Uint8Array {
  if (sharedAxes.length === 0) return bits;
  const strides = stridesOf(shape);
  const draws: number[] = [];
  for (let i = 0; i < bits.length; i++) {
    if (sharedAxes.every((axis) => Math.floor(i / strides[axis]!) % shape[axis]! === 0)) draws.push(bits[i]!);
  }
  return Uint8Array.from(draws);
}

const stridesOf = (shape: Shape): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** Whether `agreements` pairs of independent decisions could all agree by chance. */
const isChance = (agreements: number, keep: number): boolean =>
  agreements * Math.log(keep ** 2 + (1 - keep) ** 2) > Math.log(FALSE_ALARM);

function isShared(bits: Uint8Array, shape: Shape, axis: number, keep: number): boolean {
  const stride = stridesOf(shape)[axis]!;
  const length = shape[axis]!;
  if (length < 2) return false;
  for (let i = 0; i < bits.length; i++) {
    if (Math.floor(i / stride) % length > 0 && bits[i] !== bits[i - stride]) return false;
  }
  return !isChance(bits.length - bits.length / length, keep);
}

/** The largest g such that the decisions g k, …, g k + g - 1 are alike for every k. */
function groupOf(bits: Uint8Array, keep: number): number {
  // A change at place i leaves only groups whose size divides i.
  let group = 0;
  for (let i = 1; i < bits.length && group !== 1; i++) if (bits[i] !== bits[i - 1]) group = gcd(group, i);
  if (group < 2) return 1;
  return isChance(bits.length - Math.ceil(bits.length / group), keep) ? 1 : group;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** The smallest period: the length less that of the longest border (Knuth, Morris and Pratt 1977). */
function periodOf(bits: Uint8Array, keep: number): number | undefined {
  const border = new Uint32Array(bits.length);
  for (let i = 1, k = 0; i < bits.length; i++) {
    while (k > 0 && bits[i] !== bits[k]) k = border[k - 1]!;
    if (bits[i] === bits[k]) k++;
    border[i] = k;
  }
  const repeated = border[bits.length - 1]!;
  return isChance(repeated, keep) ? undefined : bits.length - repeated;
}
