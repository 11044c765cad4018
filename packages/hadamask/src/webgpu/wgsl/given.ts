// The program that applies a packed mask, which it is given: a mask made by hand, or one whose draws are shared by
// several elements. Binding 4.

import { type Access, accessCode, type Change, changeCode, unitElements } from "./elements.js";
import { PARAMETERS } from "./parameters.js";

const THREADS = 128;

export function givenProgram(access: Access, change: Change): string {
  const width = unitElements(access);
  return `
${PARAMETERS}
${accessCode(access)}
${changeCode(access, change)}
@group(0) @binding(4) var<storage, read> mask: array<u32>;

/// The number of the draw that element i takes.
fn drawOf(i: u32) -> u32 {
  var rest = i;
  var draw = 0u;
  for (var a = 0u; a < p.axisCount; a++) {
    let pair = p.axes[a >> 1u];
    let axis = select(pair.xy, pair.zw, vec2<bool>((a & 1u) == 1u));
    let steps = rest / axis.x;
    rest -= steps * axis.x;
    draw += steps * axis.y;
  }
  return draw;
}

@compute @workgroup_size(${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let unit = (group.y * p.gridWidth + group.x) * ${THREADS}u + t;
  let head = ${width}u * unit;
  if (head >= p.length) { return; }
  var bits = 0u;
  for (var j = 0u; j < ${width}u; j++) {
    let draw = p.bitStart + drawOf(p.first + head + j);
    bits |= ((mask[draw >> 5u] >> (draw & 31u)) & 1u) << j;
  }
  store(unit, changed(load(unit), bits), head);
}
`;
}

/** Elements of a workgroup. */
export const givenSpan = (access: Access): number => THREADS * unitElements(access);
