// What every program here is told: one structure, in a uniform buffer. This file alone knows its layout.

import type { Key } from "../../types.js";

/** Axes that share draws, at most: two in each of eight vectors. */
export const MOST_AXES = 16;

export const PARAMETERS: string = `
struct Parameters {
  key: vec2u,
  threshold: vec2u,    // high and low word of T
  block: vec2u,        // high and low word of the first block's number
  shift: u32,          // draws of that block before the first element
  lastPlane: u32,
  length: u32,         // elements of a row; without rows, of the array
  span: u32,           // elements (of masks: words) of a workgroup
  rows: u32,
  rowGroups: u32,      // workgroups of a row
  rowStride: u32,      // units (of masks: words) from one row to the next
  gridWidth: u32,
  xStart: u32,         // the first unit in the binding
  outStart: u32,
  factor: u32,         // the bits of a float32, as the next two
  addend: u32,
  dropped: u32,
  axisCount: u32,
  first: u32,          // number of the first element
  bitStart: u32,       // the first bit of a mask that is given, in its binding
  axes: array<vec4u, ${MOST_AXES / 2}>,
}
@group(0) @binding(0) var<uniform> p: Parameters;
`;

const AXES_AT = 24;

/** Bytes of the structure. */
export const PARAMETER_BYTES: number = 4 * AXES_AT + 8 * MOST_AXES;

/** How many elements, and how many draws, are in one step along an axis. */
export interface AxisStep {
  readonly elements: number;
  readonly draws: number;
}

/** The fields of the structure; those not given are 0. */
export interface Parameters {
  readonly key?: Key;
  readonly threshold?: number;
  /** Number of the first draw: the first block and the shift in it come from it and `drawsPerBlock`. */
  readonly firstDraw?: number;
  readonly drawsPerBlock?: number;
  readonly lastPlane?: number;
  readonly length?: number;
  readonly span?: number;
  readonly rows?: number;
  readonly rowGroups?: number;
  readonly rowStride?: number;
  readonly gridWidth?: number;
  readonly xStart?: number;
  readonly outStart?: number;
  readonly factor?: number;
  readonly addend?: number;
  readonly dropped?: number;
  readonly first?: number;
  readonly bitStart?: number;
  readonly axes?: readonly AxisStep[];
}

const WORD = 2 ** 32;

/** The structure's words. */
export function parameterWords(given: Parameters): Uint32Array {
  const words = new Uint32Array(PARAMETER_BYTES / 4);
  const floats = new Float32Array(words.buffer);
  const { key = [0, 0], threshold = 0, firstDraw = 0, drawsPerBlock = 64, axes = [] } = given;
  const block = Math.floor(firstDraw / drawsPerBlock);
  words.set([key[0], key[1], Math.floor(threshold / WORD), threshold % WORD, Math.floor(block / WORD), block % WORD]);
  words[6] = firstDraw % drawsPerBlock;
  words[7] = given.lastPlane ?? 0;
  words[8] = given.length ?? 0;
  words[9] = given.span ?? 0;
  words[10] = given.rows ?? 1;
  words[11] = given.rowGroups ?? 0;
  words[12] = given.rowStride ?? 0;
  words[13] = given.gridWidth ?? 1;
  words[14] = given.xStart ?? 0;
  words[15] = given.outStart ?? 0;
  floats[16] = given.factor ?? 0;
  floats[17] = given.addend ?? 0;
  floats[18] = given.dropped ?? 0;
  words[19] = axes.length;
  words[20] = given.first ?? 0;
  words[21] = given.bitStart ?? 0;
  axes.forEach(({ elements, draws }, a) => {
    words.set([elements, draws], AXES_AT + 2 * a);
  });
  return words;
}
