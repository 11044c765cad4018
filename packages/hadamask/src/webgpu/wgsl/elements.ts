// How arrays are read and written, and what becomes of their elements: the part that all programs share. Knows no
// draws.
//
// An array is read in units: four words where its place and length allow that, one where not. A word is a float32,
// two float16, or four bytes.

import { HALF } from "./half.js";

export type Dtype = "float32" | "float16";

/** Those, and bytes that say what is kept. */
export type ElementType = Dtype | "uint8";

/** What becomes of an element. */
export type Change =
  /** Kept: as it was. Dropped: +0. */
  | "keep"
  /** Kept: factor * x, rounded once. Dropped: +0. */
  | "scale"
  /** Kept: factor * x + addend. Dropped: `dropped`. */
  | "affine"
  /** No input. Kept: factor. Dropped: +0. */
  | "fill";

/** Which code reads and writes the arrays. */
export interface Access {
  readonly dtype: ElementType;
  readonly isWide: boolean;
  /** Where the input is: a buffer of its own, the same buffer as the output, or there is none. */
  readonly input: "apart" | "same" | "none";
}

const PER_WORD: Readonly<Record<ElementType, number>> = { float32: 1, float16: 2, uint8: 4 };

export const elementsPerWord = (dtype: ElementType): number => PER_WORD[dtype];
export const unitWords = (isWide: boolean): number => (isWide ? 4 : 1);
export const unitElements = ({ dtype, isWide }: Access): number => elementsPerWord(dtype) * unitWords(isWide);

/** Bindings 1 and 2, `load(i)` and `store(i, value, head)`, where `head` is the unit's first element in its row. */
export function accessCode(access: Access): string {
  const { dtype, isWide, input } = access;
  const type = isWide ? "vec4u" : "u32";
  const source = input === "same" ? "out" : "x";
  const lines = [`@group(0) @binding(2) var<storage, read_write> out: array<${type}>;`];
  if (input === "apart") lines.unshift(`@group(0) @binding(1) var<storage, read> x: array<${type}>;`);
  lines.push(
    input === "none"
      ? `fn load(i: u32) -> ${type} { return ${type}(0u); }`
      : `fn load(i: u32) -> ${type} { return ${source}[p.xStart + i]; }`,
  );
  // The last elements of a row may share their word with something that is not ours.
  const each = elementsPerWord(dtype);
  const rest = `
  let left = p.length - head;
  if (left < ${each}u) {
    let ours = (1u << (left * ${32 / each}u)) - 1u;
    word = (word & ours) | (out[p.outStart + i] & ~ours);
  }`;
  const mayShare = each > 1 && !isWide;
  lines.push(
    `fn store(i: u32, value: ${type}, head: u32) {`,
    `  var word = value; ${mayShare ? rest : ""}`,
    "  out[p.outStart + i] = word;",
    "}",
  );
  return `${dtype === "float16" ? HALF : ""}\n${lines.join("\n")}\n`;
}

/**
 * `changed(value, bits)`: a unit with the decisions in the low `bits`. A dropped element is cut out by its bits, never
 * by a product or a select of floats: compilers may assume that there are no NaN and no infinities.
 */
export function changeCode(access: Access, change: Change): string {
  const { dtype, isWide } = access;
  const each = elementsPerWord(dtype);
  const word = { float32: floatChange, float16: halfChange, uint8: byteChange }[dtype](change);
  const parts = ["x", "y", "z", "w"].map((lane, i) => `changedWord(value.${lane}, bits >> ${i * each}u)`);
  const unit = isWide
    ? `fn changed(value: vec4u, bits: u32) -> vec4u { return vec4u(${parts.join(", ")}); }`
    : "fn changed(value: u32, bits: u32) -> u32 { return changedWord(value, bits); }";
  return `${word}\n${unit}\n`;
}

function floatChange(change: Change): string {
  const kept = {
    keep: "word",
    scale: "bitcast<u32>(bitcast<f32>(word) * bitcast<f32>(p.factor))",
    affine: "bitcast<u32>(bitcast<f32>(word) * bitcast<f32>(p.factor) + bitcast<f32>(p.addend))",
    fill: "p.factor",
  }[change];
  const dropped = change === "affine" ? " | (p.dropped & ~mask)" : "";
  return `
fn changedWord(word: u32, bits: u32) -> u32 {
  let mask = 0u - (bits & 1u);
  return (${kept} & mask)${dropped};
}`;
}

function halfChange(change: Change): string {
  const kept = {
    keep: "h",
    scale: "toHalf(fromHalf(h) * bitcast<f32>(p.factor))",
    affine: "toHalf(fromHalf(h) * bitcast<f32>(p.factor) + bitcast<f32>(p.addend))",
    fill: "toHalf(bitcast<f32>(p.factor))",
  }[change];
  const dropped = change === "affine" ? " | (toHalf(bitcast<f32>(p.dropped)) & ~mask)" : "";
  return `
fn changedHalf(h: u32, bits: u32) -> u32 {
  let mask = 0u - (bits & 1u);
  return (${kept} & mask)${dropped};
}
fn changedWord(word: u32, bits: u32) -> u32 {
  return changedHalf(word & 0xffffu, bits) | (changedHalf(word >> 16u, bits >> 1u) << 16u);
}`;
}

/** Bytes are only ever made, from nothing: 1 where kept. */
function byteChange(_: Change): string {
  return `
fn changedWord(word: u32, bits: u32) -> u32 {
  return (bits & 1u) | ((bits & 2u) << 7u) | ((bits & 4u) << 14u) | ((bits & 8u) << 21u);
}`;
}
