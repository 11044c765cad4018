// The kernel for machines without WASM SIMD, and for small arrays on all others: plain TypeScript, complete.

import { normalOfWord } from "../random/normal.js";
import { noiseWords } from "../random/plane-words.js";
import type { Kernel, NormalKernel } from "./kernel.js";
import { scalarMasks } from "./scalar-masks.js";

/** Noise words drawn at a time: they stay in the fastest cache until they are converted. */
const WORDS = 1024;
const words = new Uint32Array(WORDS);

export const scalarNormals: NormalKernel = {
  normals(out, key, mean, deviation, offset) {
    for (let j = 0; j < out.length; j += WORDS) {
      const n = Math.min(WORDS, out.length - j);
      noiseWords(words, n, key, offset + j);
      for (let i = 0; i < n; i++) out[j + i] = mean + deviation * normalOfWord(words[i]!);
    }
  },

  multiplyByNormals(x, out, key, mean, deviation, offset) {
    for (let j = 0; j < x.length; j += WORDS) {
      const n = Math.min(WORDS, x.length - j);
      noiseWords(words, n, key, offset + j);
      for (let i = 0; i < n; i++) out[j + i] = x[j + i]! * (mean + deviation * normalOfWord(words[i]!));
    }
  },
};

export const scalarKernel: Kernel = { ...scalarMasks, ...scalarNormals };
