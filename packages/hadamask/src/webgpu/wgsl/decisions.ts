// Decisions of mask stream 1, drawn by a workgroup into its own memory. Knows no arrays.
//
// 128 threads draw a block each: 64 decisions, 8192 in all. Where the first element lies inside a block, the last
// block is there for the bits that its neighbours lack, and the workgroup answers for 127 blocks of elements.

import { THREEFRY } from "./threefry.js";

export const THREADS = 128;

/** Draws of a block. */
export const BLOCK = 64;

/** Elements of a workgroup, for an array that begins `shift` draws into a block. */
export const spanOf = (shift: number): number => (shift === 0 ? THREADS : THREADS - 1) * BLOCK;

/** Whether each row of the array has a key of its own: then those are binding 3. */
export type Keys = "one" | "rows";

/** The decisions come from the stream, under one key or one for each row, or are all the same. */
export type Source = Keys | "all" | "none";

/** What stands for the decisions where none are drawn. */
export const constantBits = (source: "all" | "none"): string => (source === "all" ? "0xffffffffu" : "0u");

export const isDrawn = (source: Source): source is Keys => source === "one" || source === "rows";

/**
 * `drawDecisions(row, first, t)`: what one thread does for the decisions of a workgroup whose first element has that
 * number in its row. `decisions(at)`: those from bit `at` on, as many as fit into `count`.
 */
export function decisionCode(keys: Keys): string {
  return `
${THREEFRY}
${keys === "rows" ? "@group(0) @binding(3) var<storage, read> rowKeys: array<vec2u>;" : ""}
var<workgroup> kept: array<u32, ${2 * THREADS + 1}>;

fn drawDecisions(row: u32, first: u32, t: u32) {
  if (first + ${BLOCK}u * t >= p.length + p.shift) { return; }
  let key = ${keys === "rows" ? "rowKeys[row]" : "p.key"};
  let lo = p.block.y + first / ${BLOCK}u + t;
  let hi = 0x80000000u | (p.block.x + select(0u, 1u, lo < p.block.y));
  var below = vec2u(0u);
  var equal = vec2u(0xffffffffu);                    // elements whose bits are those of T so far
  for (var k = 0u; k <= p.lastPlane && (equal.x | equal.y) != 0u; k++) {
    let word = threefry(key, hi | (k << 16u), lo);
    let bit = select(p.threshold.y, p.threshold.x, k < 21u) >> ((52u - k) & 31u);
    let isOne = vec2u(0u - (bit & 1u));
    below |= equal & ~word & isOne;                  // 0 where T has 1
    equal &= ~(word ^ isOne);
  }
  kept[2u * t] = below.x;
  kept[2u * t + 1u] = below.y;
}

fn decisions(at: u32, count: u32) -> u32 {
  let head = at & 31u;
  var bits = kept[at >> 5u] >> head;
  if (head + count > 32u) { bits |= kept[(at >> 5u) + 1u] << (32u - head); }
  return bits;
}
`;
}
