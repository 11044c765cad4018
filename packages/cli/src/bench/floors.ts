// What is left of a call when a part of it is taken away: they say why a case is as slow as it is, and aim at nothing.

import { alloc, dropout, type Key, keepMask } from "hadamask";
import { type Arrays, checkMasked, checkScaled } from "./arrays.js";
import type { Case } from "./harness.js";

/** Elements that heap arrays pass through WASM memory at a time, in `dropout`. */
const PIECE = 262_144;

/** Names of the limits that others are held to. */
export const PASSING = "copy in and out of WASM memory";
export const READY = "rate 1/2, mask ready";

/** Elements of a page, of half of which the piece is away from its beginning: see kernels/stage.ts. */
const PAGE = 1024;

/**
 * The product without the drawing: nothing that reads x, writes out and drops something can be faster in WebAssembly.
 */
export function readyMaskCase({ x, y }: Arrays, key: Key): Case {
  const mask = keepMask(x.length, { rate: 0.5, key });
  return {
    name: READY,
    elements: x.length,
    run: () => void dropout(x, { rate: 0.5, mask, out: y }),
    check: () => checkMasked(x, y, mask, 2, (i) => i),
  };
}

/** The drawing without the product. */
export function maskAloneCase({ x }: Arrays, key: Key, rate: number): Case {
  const out = new Uint32Array(Math.ceil(x.length / 32));
  const run = (): void => void keepMask(x.length, { rate, key, out });
  const check = (): void => {
    const kept = out.reduce((count, word) => count + bitsIn(word), 0);
    // Six standard deviations.
    const slack = 6 * Math.sqrt(x.length * rate * (1 - rate));
    if (Math.abs(kept - x.length * (1 - rate)) > slack) throw new Error(`${kept} of ${x.length} are kept`);
  };
  return { name: `rate ${rate === 0.5 ? "1/2" : rate}, mask alone`, elements: x.length, run, check };
}

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** The way of heap arrays without any work on it: into WASM memory and out again, a piece at a time. */
export function passingCase({ x, y }: Arrays): Case {
  const room = alloc(PIECE + PAGE);
  const toHalfPage = (PAGE + PAGE / 2 - ((room.byteOffset / 4) % PAGE)) % PAGE;
  const piece = room.subarray(toHalfPage, toHalfPage + PIECE);
  return {
    name: PASSING,
    elements: x.length,
    run: () => {
      for (let j = 0; j < x.length; j += PIECE) {
        const count = Math.min(PIECE, x.length - j);
        piece.set(x.subarray(j, j + count));
        y.set(count === PIECE ? piece : piece.subarray(0, count), j);
      }
    },
    check: () => checkScaled(x, y, 1),
  };
}
