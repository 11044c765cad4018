// The program that writes decisions themselves, 1 bit each, in the layout of `PackedMask`.

import { constantBits, decisionCode, isDrawn, type Source, THREADS } from "./decisions.js";
import { PARAMETERS } from "./parameters.js";

export function maskWordsProgram(source: Source): string {
  return `
${PARAMETERS}
@group(0) @binding(2) var<storage, read_write> out: array<u32>;
${isDrawn(source) ? decisionCode(source) : ""}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let g = group.y * p.gridWidth + group.x;
  let row = ${source === "rows" ? "g / p.rowGroups" : "0u"};
  if (row >= p.rows) { return; }
  let first = (g - row * p.rowGroups) * p.span;
  if (first >= p.length) { return; }
  ${isDrawn(source) ? "drawDecisions(row, first, t); workgroupBarrier();" : ""}
  for (var w = t; 32u * w < p.span; w += ${THREADS}u) {
    let head = first + 32u * w;
    if (head >= p.length) { break; }
    var word = ${isDrawn(source) ? "decisions(32u * w + p.shift, 32u)" : constantBits(source)};
    let left = p.length - head;
    if (left < 32u) { word &= (1u << left) - 1u; }   // bits past the last element are 0
    out[p.outStart + row * p.rowStride + head / 32u] = word;
  }
}
`;
}
