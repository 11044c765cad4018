// Which dispatches draw continuous noise: alone, or as what an array is multiplied by. Trusts its callers.

import type { Key } from "../types.js";
import type { Dispatch, Engine } from "./engine.js";
import { type Arrays, accessName, partOf } from "./masked.js";
import { pieceLength, piecesOf } from "./pieces.js";
import { bind } from "./regions.js";
import { unitElements } from "./wgsl/elements.js";
import { type Distribution, noiseProgram, noiseSpan } from "./wgsl/noise.js";

/** Numbers a + f e, with e the draws of `distribution` from `offset` on. */
export interface Numbers {
  readonly distribution: Distribution;
  readonly key: Key;
  readonly offset: number;
  readonly addend: number;
  readonly factor: number;
}

/** Writes the numbers, or the products of `arrays.x` and the numbers. */
export function numberDispatches(engine: Engine, where: string, arrays: Arrays, numbers: Numbers): Dispatch[] {
  const { distribution, key, offset, addend, factor } = numbers;
  const limit = engine.device.limits.maxStorageBufferBindingSize;
  return piecesOf(arrays.n, pieceLength(arrays.dtype, limit)).map(({ start, count }) => {
    const bound = bind(where, partOf(arrays, start, count), count, limit);
    const { access, xStart, outStart } = bound;
    const firstDraw = offset + start;
    const isOdd = unitElements(access) > 1 && firstDraw % 2 === 1;
    return {
      name: `${distribution} ${isOdd ? "odd" : "even"} ${accessName(access)}`,
      code: () => noiseProgram(access, distribution, isOdd),
      parameters: { key, firstDraw, drawsPerBlock: 2, length: count, addend, factor, xStart, outStart },
      bindings: { 1: bound.x, 2: bound.out, 5: distribution === "normal" ? engine.table() : undefined },
      groups: Math.ceil(count / noiseSpan(access)),
    };
  });
}
