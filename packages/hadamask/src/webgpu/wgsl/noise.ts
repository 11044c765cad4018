// Programs for continuous noise: numbers of the stream's noise words, alone or as multipliers. Element i has word i
// of plane 64, so that one block serves two elements.

import { type Access, accessCode, elementsPerWord, unitElements, unitWords } from "./elements.js";
import { PARAMETERS } from "./parameters.js";
import { THREEFRY } from "./threefry.js";

const THREADS = 128;

/** Which number belongs to a noise word; with `addend` a and `factor` f of the parameters. */
export type Distribution =
  /** (word + 1/2) / 2^32, rounded once. */
  | "uniform"
  /** a + f z, z standard normal. */
  | "normal"
  /** a + f (2u - 1), u uniform. */
  | "spread";

/**
 * Segments of each octave in the table of normal numbers (binding 5): a cubic polynomial each, after `normal-table.ts`.
 */
export const SEGMENTS = 16;
/** Octaves [2^e, 2^(e+1)) of either half of the table. */
export const OCTAVES = 31;

const NORMAL = `
@group(0) @binding(5) var<storage, read> table: array<vec4f>;

fn number(word: u32) -> f32 {
  let twice = (word << 1u) | 1u;                            // v in units of 2^-32, v = (k + 1/2) / 2^31
  let isTail = twice < 0x80000000u;
  let a = select(0u - twice, twice, isTail);                // v or 1 - v, whichever is below 1/2
  let octave = firstLeadingBit(a);
  let aligned = a << (31u - octave);
  let segment = (aligned >> 27u) & ${SEGMENTS - 1}u;
  let t = f32(i32(aligned & 0x07ffffffu) - 0x04000000) * 0x1p-26f;
  let c = table[(select(${OCTAVES}u, 0u, isTail) + octave) * ${SEGMENTS}u + segment];
  let z = c.x + t * (c.y + t * (c.z + t * c.w));
  return bitcast<f32>(p.addend) + bitcast<f32>(p.factor) * bitcast<f32>(bitcast<u32>(z) | (word & 0x80000000u));
}
`;

/** Rounds by integers: conversions from integers to floats may round either way. 2^-32 from 24 bits is exact. */
const UNIFORM = `
fn uniform32(word: u32) -> f32 {
  if (word < 0x800000u) { return f32((word << 1u) | 1u) * 0x1p-33f; }
  let distance = firstLeadingBit(word) - 23u;
  var whole = (word >> distance) + (word & 1u);             // at distance 0 the half is a tie, and goes to even
  if (distance > 0u) { whole = (word >> distance) + ((word >> (distance - 1u)) & 1u); }
  return f32(whole) * bitcast<f32>((95u + distance) << 23u);
}
`;

const NUMBER: Readonly<Record<Distribution, string>> = {
  normal: NORMAL,
  uniform: `${UNIFORM}\nfn number(word: u32) -> f32 { return uniform32(word); }\n`,
  spread: `
fn number(word: u32) -> f32 {
  let centred = f32(i32(word ^ 0x80000000u)) * 0x1p-31f;    // 2u - 1 but for 2^-32, which float32 cannot hold
  return bitcast<f32>(p.addend) + bitcast<f32>(p.factor) * centred;
}
`,
};

/** `words(head)`: the noise words of a unit that begins at element `head`, whose position is odd where `isOdd`. */
function wordsCode(width: number, isOdd: boolean): string {
  if (width === 1) {
    return `
fn words(head: u32) -> array<u32, 1> {
  let at = head + p.shift;
  let pair = noiseBlock(at >> 1u);
  return array<u32, 1>(select(pair.x, pair.y, (at & 1u) == 1u));
}`;
  }
  const blocks = Math.floor((width + (isOdd ? 1 : 0) + 1) / 2);
  const lines = Array.from({ length: blocks }, (_, b) => `let b${b} = noiseBlock((head >> 1u) + ${b}u);`);
  const lanes = Array.from({ length: width }, (_, j) => {
    const at = j + (isOdd ? 1 : 0);
    return `b${at >> 1}.${at % 2 === 0 ? "x" : "y"}`;
  });
  return `
fn words(head: u32) -> array<u32, ${width}> {
  ${lines.join("\n  ")}
  return array<u32, ${width}>(${lanes.join(", ")});
}`;
}

/** The words of a unit after the numbers in `n`: those themselves, or products with the words of `value`. */
function resultCode(access: Access): string {
  const { dtype, input } = access;
  const each = elementsPerWord(dtype);
  const words = unitWords(access.isWide);
  const lane = (w: number): string => (words === 1 ? "value" : `value.${"xyzw"[w]}`);
  const float = (w: number): string =>
    input === "none" ? `bitcast<u32>(n${w})` : `bitcast<u32>(bitcast<f32>(${lane(w)}) * n${w})`;
  const half = (w: number, h: number): string => {
    const n = `n${2 * w + h}`;
    const x = h === 0 ? `${lane(w)} & 0xffffu` : `${lane(w)} >> 16u`;
    return `toHalf(${input === "none" ? n : `fromHalf(${x}) * ${n}`})`;
  };
  const word = (w: number): string => (each === 1 ? float(w) : `${half(w, 0)} | (${half(w, 1)} << 16u)`);
  const all = Array.from({ length: words }, (_, w) => word(w));
  return words === 1 ? all[0]! : `vec4u(${all.join(", ")})`;
}

export function noiseProgram(access: Access, distribution: Distribution, isOdd: boolean): string {
  const width = unitElements(access);
  const numbers = Array.from({ length: width }, (_, j) => `let n${j} = number(drawn[${j}]);`);
  return `
${PARAMETERS}
${accessCode(access)}
${THREEFRY}
fn noiseBlock(block: u32) -> vec2u {
  let lo = p.block.y + block;
  return threefry(p.key, 0x80400000u | (p.block.x + select(0u, 1u, lo < p.block.y)), lo);   // 64 in place of a plane
}
${NUMBER[distribution]}
${wordsCode(width, isOdd)}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let unit = (group.y * p.gridWidth + group.x) * ${THREADS}u + t;
  let head = ${width}u * unit;
  if (head >= p.length) { return; }
  let drawn = words(head);
  ${numbers.join("\n  ")}
  let value = load(unit);
  store(unit, ${resultCode(access)}, head);
}
`;
}

/** Elements of a workgroup. */
export const noiseSpan = (access: Access): number => THREADS * unitElements(access);
