// Programs that draw decisions and apply them to elements at once: nothing is stored. Each element has its own draw.

import { constantBits, decisionCode, isDrawn, type Source, THREADS } from "./decisions.js";
import { type Access, accessCode, type Change, changeCode, unitElements } from "./elements.js";
import { PARAMETERS } from "./parameters.js";

export function maskedProgram(access: Access, change: Change, source: Source): string {
  const width = unitElements(access);
  const bits = isDrawn(source) ? `decisions(${width}u * unit + p.shift, ${width}u)` : constantBits(source);
  return `
${PARAMETERS}
${accessCode(access)}
${changeCode(access, change)}
${isDrawn(source) ? decisionCode(source) : ""}
@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let g = group.y * p.gridWidth + group.x;
  let row = ${source === "rows" ? "g / p.rowGroups" : "0u"};
  if (row >= p.rows) { return; }
  let first = (g - row * p.rowGroups) * p.span;
  if (first >= p.length) { return; }
  ${isDrawn(source) ? "drawDecisions(row, first, t); workgroupBarrier();" : ""}
  for (var unit = t; ${width}u * unit < p.span; unit += ${THREADS}u) {   // neighbours read neighbours
    let head = first + ${width}u * unit;
    if (head >= p.length) { break; }
    let i = row * p.rowStride + head / ${width}u;
    store(i, changed(load(i), ${bits}), head);
  }
}
`;
}
