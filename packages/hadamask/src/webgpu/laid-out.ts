// Which dispatches drop elements under any layout of draws: of their own, shared along axes, under the keys of sample
// ids. Trusts its callers, but for what no device can hold.

import { forEachKey } from "../placement/draws.js";
import { isElementwise, type Layout } from "../placement/shape.js";
import { KEEP_ALL } from "../random/threshold.js";
import type { Key } from "../types.js";
import type { Dispatch, Engine } from "./engine.js";
import { givenDispatches, maskWordDispatches, maskWords, rowWordsDispatch } from "./mask-words.js";
import {
  type Arrays,
  constantDispatches,
  type Draws,
  type Effect,
  elementDispatches,
  rowDispatches,
} from "./masked.js";
import { bindingRoom } from "./regions.js";
import { elementsPerWord } from "./wgsl/elements.js";
import { type AxisStep, MOST_AXES } from "./wgsl/parameters.js";

export function laidOutDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  draws: Draws,
  layout: Layout,
): Dispatch[] {
  if (arrays.n === 0) return [];
  const { T } = draws;
  if (T === 0 || T === KEEP_ALL) return constantDispatches(engine, where, arrays, effect, T !== 0);
  const { rows, whole } = layout;
  if (rows === undefined) {
    if (isElementwise(whole)) return elementDispatches(engine, where, arrays, effect, draws);
    return sharedDispatches(engine, where, arrays, effect, whole.draws, whole.axes, (out) =>
      maskWordDispatches(engine, out, whole.draws, draws),
    );
  }
  const keys: Key[] = [];
  forEachKey(draws.key, layout, (key) => {
    keys.push(key);
  });
  const { each } = rows;
  // One thread has to write a word: rows that do not end with one go the way of shared draws.
  const isWhole = each.size % elementsPerWord(arrays.dtype) === 0;
  if (isElementwise(each) && isWhole) {
    return rowDispatches(engine, where, arrays, effect, { keys, T, length: each.size });
  }
  const rowBits = 32 * maskWords(each.draws);
  const axes = [{ elements: each.size, draws: rowBits }, ...each.axes];
  return sharedDispatches(engine, where, arrays, effect, rowBits * keys.length, axes, (out) => [
    rowWordsDispatch(engine, out, each.draws, keys, T),
  ]);
}

/** Writes the decisions to a buffer that is kept for that, then applies them. */
function sharedDispatches(
  engine: Engine,
  where: string,
  arrays: Arrays,
  effect: Effect,
  bits: number,
  axes: readonly AxisStep[],
  draw: (out: { buffer: ReturnType<Engine["scratch"]>; byteOffset: number }) => Dispatch[],
): Dispatch[] {
  const bytes = 4 * maskWords(bits);
  const limit = engine.device.limits.maxStorageBufferBindingSize;
  if (!(bytes <= bindingRoom(limit))) {
    throw new RangeError(
      `${where}: shared draws must fit into ${bindingRoom(limit)} bytes on this device, got ${bytes}; ` +
        "ask for a device with a larger maxStorageBufferBindingSize",
    );
  }
  if (!(axes.length <= MOST_AXES)) {
    throw new RangeError(
      `${where}: shape must change between own and shared axes at most ${MOST_AXES - 2} times, got ${axes.length - 1}`,
    );
  }
  const mask = { buffer: engine.scratch(bytes), byteOffset: 0 };
  return [...draw(mask), ...givenDispatches(engine, where, arrays, effect, mask, bits, axes)];
}
