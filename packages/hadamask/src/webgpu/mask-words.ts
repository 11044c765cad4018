// Which dispatches write decisions, 1 bit each, and which apply bits that are there. Trusts its callers.

import { KEEP_ALL } from "../random/threshold.js";
import type { Key } from "../types.js";
import type { Dispatch, Engine } from "./engine.js";
import { type Arrays, accessName, type Draws, drawParameters, type Effect, partOf } from "./masked.js";
import { pieceLength, piecesOf } from "./pieces.js";
import { advanced, bind, bindRegion, type Region } from "./regions.js";
import { type Source, spanOf } from "./wgsl/decisions.js";
import { givenProgram, givenSpan } from "./wgsl/given.js";
import { maskWordsProgram } from "./wgsl/mask-words.js";
import type { AxisStep, Parameters } from "./wgsl/parameters.js";

/** Words of `n` decisions. */
export const maskWords = (n: number): number => Math.ceil(n / 32);

function words(out: Region, n: number, source: Source, rows: number, given: Parameters, keys?: Region): Dispatch {
  const { binding, wordsBefore } = bindRegion(out, 4 * maskWords(n) * rows);
  const span = spanOf(given.firstDraw ?? 0);
  const rowGroups = Math.ceil(n / span);
  return {
    name: `mask ${source}`,
    code: () => maskWordsProgram(source),
    parameters: { ...given, length: n, span, rows, rowGroups, rowStride: maskWords(n), outStart: wordsBefore },
    bindings: { 2: binding, 3: keys && { buffer: keys.buffer, offset: 0, size: keys.buffer.size } },
    groups: rows * rowGroups,
  };
}

/** `n` decisions as a packed mask. */
export function maskWordDispatches(engine: Engine, out: Region, n: number, draws: Draws): Dispatch[] {
  const { T, offset } = draws;
  const source = T === 0 ? "none" : T === KEEP_ALL ? "all" : "one";
  // 32 decisions a word, a word as long as a float32.
  const length = 32 * pieceLength("float32", engine.device.limits.maxStorageBufferBindingSize);
  return piecesOf(n, length).map(({ start, count }) => {
    const given = source === "one" ? drawParameters({ ...draws, offset: offset + start }) : {};
    return words(advanced(out, start / 8), count, source, 1, given);
  });
}

/** `n` decisions under each key, every row beginning with a word of its own. */
export function rowWordsDispatch(engine: Engine, out: Region, n: number, keys: readonly Key[], T: number): Dispatch {
  const uploaded = { buffer: engine.upload(Uint32Array.from(keys.flat())), byteOffset: 0 };
  return words(out, n, "rows", keys.length, drawParameters({ key: keys[0]!, T, offset: 0 }), uploaded);
}

/**
 * Applies the packed mask at `mask`, `bits` bits long: element i takes the bit that `axes` lead to, from the outermost
 * on.
 */
export function givenDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  mask: Region,
  bits: number,
  axes: readonly AxisStep[],
): Dispatch[] {
  const limit = engine.device.limits.maxStorageBufferBindingSize;
  const { binding, wordsBefore } = bindRegion(mask, 4 * maskWords(bits));
  const { change, ...numbers } = effect;
  return piecesOf(arrays.n, pieceLength(arrays.dtype, limit)).map(({ start, count }) => {
    const bound = bind(where, partOf(arrays, start, count), count, limit);
    const { access, xStart, outStart } = bound;
    return {
      name: `given ${change} ${accessName(access)}`,
      code: () => givenProgram(access, change),
      parameters: { ...numbers, length: count, first: start, bitStart: 32 * wordsBefore, axes, xStart, outStart },
      bindings: { 1: bound.x, 2: bound.out, 4: binding },
      groups: Math.ceil(count / givenSpan(access)),
    };
  });
}
