// The fast paths of foreign streams in WASM SIMD: packed decisions of a generator whose state is lent for the call.
// Knows no framework. Every function says undefined where there is no WASM SIMD, or too little to do; callers then go
// the plain way.

import type { Key, PackedMask } from "../types.js";
import { FAST_WASM } from "./fast-wasm.js";

/** Below this many elements copying the state costs more than is won. */
const FEWEST = 256;

/** Elements of one call of the module. */
const PIECE = 65_536;

/** Where the module's memory holds state and decisions (assembly/streams/layout.ts). */
const STATE = 1024;
const MASK = 20_480;

interface Exports {
  mtDecisions(
    next: number,
    n: number,
    shiftHigh: number,
    maskHigh: number,
    shiftLow: number,
    highT: number,
    lowT: number,
  ): number;
  pcgDecisions(n: number, highT: number, lowT: number): void;
  philoxDecisions(n: number, shift: number, maskWord: number, T: number): void;
  threefryDecisions(word0: number, word1: number, n: number, hi: number, lo: number, T: number): void;
}

interface Fast {
  readonly run: Exports;
  readonly state: Uint32Array;
  readonly mask: Uint32Array;
}

/** The part of the WebAssembly API that is used here; it is missing where the engine has none. */
interface WebAssemblyApi {
  readonly Memory: new (limits: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** The module once it is there; null where it cannot be. Nothing in it outlives a call. */
let instance: Fast | null | undefined;

function fast(): Fast | null {
  if (instance === undefined) {
    try {
      instance = instantiate();
    } catch {
      instance = null; // no WebAssembly, no SIMD, or a security policy forbids it
    }
  }
  return instance;
}

function instantiate(): Fast {
  const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const module = new api.Module(Uint8Array.from(atob(FAST_WASM), (character) => character.charCodeAt(0)));
  const memory = new api.Memory({ initial: 1, maximum: 1 });
  const { exports } = new api.Instance(module, { env: { memory, base: 0 } });
  return {
    run: exports as Exports,
    state: new Uint32Array(memory.buffer, STATE, 640),
    mask: new Uint32Array(memory.buffer, MASK, PIECE / 32),
  };
}

/**
 * Fills a mask of n elements piece by piece; `draw` writes the decisions of elements start … start + count - 1 to the
 * module's memory.
 */
function maskInPieces(n: number, { mask }: Fast, draw: (count: number, start: number) => void): PackedMask {
  const out = new Uint32Array(Math.ceil(n / 32));
  for (let start = 0; start < n; start += PIECE) {
    const count = Math.min(PIECE, n - start);
    draw(count, start);
    out.set(mask.subarray(0, Math.ceil(count / 32)), start / 32);
  }
  if (n % 32 !== 0) out[out.length - 1]! &= 2 ** (n % 32) - 1;
  return out;
}

/**
 * Which bits of a pair of words are compared: `(first >>> shiftHigh) & maskHigh`, then `second >>> shiftLow`, of
 * `lowBits` bits.
 */
export interface PairLayout {
  readonly shiftHigh: number;
  readonly maskHigh: number;
  readonly shiftLow: number;
  readonly lowBits: number;
}

/** The two halves of the threshold that U is compared with: T = ceil(keep * 2^53). */
export function halvesOf(keep: number, lowBits: number): readonly [number, number] {
  const T = Math.ceil(keep * 2 ** 53);
  return [Math.floor(T / 2 ** lowBits), T % 2 ** lowBits];
}

/**
 * {@link halvesOf} and the rest for MT19937: `words` is its state, changed in place, `next` the word that comes next.
 */
export function fastPairs(
  n: number,
  keep: number,
  layout: PairLayout,
  words: Uint32Array,
  next: number,
): { mask: PackedMask; next: number } | undefined {
  const it = n < FEWEST ? null : fast();
  if (it === null) return undefined;
  const [highT, lowT] = halvesOf(keep, layout.lowBits);
  let position = next;
  it.state.set(words);
  const mask = maskInPieces(n, it, (count) => {
    const { shiftHigh, maskHigh, shiftLow } = layout;
    position = it.run.mtDecisions(position, count, shiftHigh, maskHigh, shiftLow, highT, lowT);
  });
  words.set(it.state.subarray(0, words.length));
  return { mask, next: position };
}

/**
 * Decisions of PCG64: `state` and `increment` are 128-bit numbers, least significant word first; `state` is changed
 * in place.
 */
export function fastPcg64(n: number, keep: number, state: Uint32Array, increment: Uint32Array): PackedMask | undefined {
  const it = n < FEWEST ? null : fast();
  if (it === null) return undefined;
  const [highT, lowT] = halvesOf(keep, 32);
  it.state.set(state);
  it.state.set(increment, 4);
  const mask = maskInPieces(n, it, (count) => it.run.pcgDecisions(count, highT, lowT));
  state.set(it.state.subarray(0, 4));
  return mask;
}

/** Decisions `(word >>> shift) & (2^23 - 1) < T` on the words of Philox-4x32 from a counter on. */
export function fastPhilox(
  n: number,
  T: number,
  shift: number,
  counter: ArrayLike<number>,
  key: ArrayLike<number>,
): PackedMask | undefined {
  const it = n < FEWEST ? null : fast();
  if (it === null) return undefined;
  it.state.set(counter);
  it.state.set(key, 4);
  return maskInPieces(n, it, (count) => it.run.philoxDecisions(count, shift, 0x7fffff, T));
}

/** Decisions of JAX's partitionable layout: the exclusive or of the two words of counter i is below T < 2^32. */
export function fastThreefry(n: number, T: number, key: Key): PackedMask | undefined {
  const it = n < FEWEST ? null : fast();
  if (it === null) return undefined;
  return maskInPieces(n, it, (count, start) => {
    it.run.threefryDecisions(key[0], key[1], count, Math.floor(start / 2 ** 32), start % 2 ** 32, T);
  });
}
