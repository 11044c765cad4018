// The float32 normal numbers of the GPU programs (packages/hadamask/src/webgpu/normal-table.ts), worked out here for
// every word and compared with the float64 definition: the largest error in units in the last place. Once with each
// operation rounded, and once with products and sums fused, as compilers may.
//
//   npm run build && node oracles/normal-float32.mjs [step]     all 2^31 words (sign apart) with step 1: some minutes

import { absoluteNormal } from "../packages/hadamask/dist/random/normal.js";
import { normalTable } from "../packages/hadamask/dist/webgpu/normal-table.js";
import { OCTAVES, SEGMENTS } from "../packages/hadamask/dist/webgpu/wgsl/noise.js";

const step = Number(process.argv[2] ?? 1);
const table = normalTable();
const f = Math.fround;
const bits = new DataView(new ArrayBuffer(4));
const ulpOf = (z) => {
  bits.setFloat32(0, z);
  return 2 ** (((bits.getUint32(0) >>> 23) & 255) - 150);
};

const worst = { separate: 0, fused: 0 };
let same = 0;
let all = 0;
for (let k = 0; k < 2 ** 31; k += step) {
  const twice = 2 * k + 1;
  const isTail = twice < 2 ** 31;
  const a = isTail ? twice : 2 ** 32 - twice;
  const octave = 31 - Math.clz32(a);
  const aligned = (a << (31 - octave)) >>> 0;
  const t = f(f((aligned & 0x07ffffff) - 0x04000000) * 2 ** -26);
  const at = (((isTail ? 0 : OCTAVES) + octave) * SEGMENTS + ((aligned >>> 27) & (SEGMENTS - 1))) * 4;
  const [c0, c1, c2, c3] = [table[at], table[at + 1], table[at + 2], table[at + 3]];
  const separate = f(c0 + f(t * f(c1 + f(t * f(c2 + f(t * c3))))));
  const fused = f(c0 + t * f(c1 + t * f(c2 + t * c3)));
  const exact = absoluteNormal((k + 0.5) * 2 ** -31);
  const unit = ulpOf(f(exact));
  worst.separate = Math.max(worst.separate, Math.abs(separate - exact) / unit);
  worst.fused = Math.max(worst.fused, Math.abs(fused - exact) / unit);
  if (separate === f(exact)) same++;
  all++;
}
console.log(
  `words ${all}, worst error in units in the last place: ${JSON.stringify(worst)}, the same bits ${same / all}`,
);
