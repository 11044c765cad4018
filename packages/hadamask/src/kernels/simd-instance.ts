// The SIMD module, instantiated over a memory. Knows the layout of that memory, and no arrays but those in it.
//
//     0          scratch of the module (assembly/layout.ts), STAGE bytes
//     STAGE      a piece of an array that lies elsewhere, worked on in place (stage.ts)
//     BITS       the mask of such a piece
//     HEAP       arrays that live here (arena.ts); in a shared memory the scratch of the other threads comes first

import type { Key } from "../types.js";
import { MEMORY_KIND_AT, SIMD_WASM } from "./simd-wasm.js";

/** Decisions that one drawing of the module holds. Calls on longer arrays draw and multiply by so many at a time. */
export const PIECE = 32_768;

export const STAGE = 77_824;
/** Bytes of a piece on the stage, at most. It may begin anywhere in the stage's first page. */
export const STAGE_BYTES: number = 2 ** 20;
const BITS: number = STAGE + STAGE_BYTES + 4096;
export const HEAP: number = BITS + STAGE_BYTES / 32;

/**
 * A function of the module that draws: input, output and number of elements, where in the stream, and two parameters.
 */
type Draw = (x: number, out: number, n: number, hi: number, lo: number, within: number, a: number, b: number) => void;

/** Those functions, for float32 and float64, with the elements that one block of random words has draws for. */
export const DRAWS = {
  /** a: the scale. */
  dropout: { singles: "dropout32", doubles: "dropout64", perBlock: 64 },
  /** a, b: mean and deviation. There is no input. */
  normals: { singles: "normals32", doubles: "normals64", perBlock: 2 },
  multiplyByNormals: { singles: "multiplyByNormals32", doubles: "multiplyByNormals64", perBlock: 2 },
} as const;

type DrawName = (typeof DRAWS)[keyof typeof DRAWS]["singles" | "doubles"];

/** Their names, numbered: threads agree on numbers, and the native kernel knows them by these. */
export const DRAW_NAMES: readonly DrawName[] = Object.values(DRAWS).flatMap(({ singles, doubles }) => [
  singles,
  doubles,
]);

/** What the module exports. Addresses are in bytes. */
export interface SimdExports extends Readonly<Record<DrawName, Draw>> {
  /** Sets key and threshold of the calls that follow. */
  prepare(key0: number, key1: number, T: number): void;
  /**
   * Draws at most PIECE - shift decisions, the first of them `shift` elements into block hi * 2^32 + lo (64 elements
   * each); returns where the bits are.
   */
  mask(hi: number, lo: number, shift: number, n: number): number;
  apply32(x: number, out: number, n: number, mask: number, scale: number): void;
  apply64(x: number, out: number, n: number, mask: number, scale: number): void;
  /** Rows of float64 weights, `columns` wide, with as many values of x and one row of sums (see dense-plain.ts). */
  addProducts(sums: number, x: number, w: number, rows: number, columns: number): void;
  addMaskedProducts(sums: number, x: number, w: number, rows: number, columns: number, bits: number): void;
  addPlainGradients(dw: number, dx: number, x: number, dy: number, w: number, rows: number, columns: number): void;
  addMaskedGradients(
    dw: number,
    dx: number,
    x: number,
    dy: number,
    w: number,
    rows: number,
    columns: number,
    bits: number,
  ): void;
}

/** A call of a function that draws, on arrays in the memory: numbers only, so that threads can pass it on. */
export interface DrawCall {
  readonly name: DrawName;
  readonly perBlock: number;
  readonly key: Key;
  readonly T: number;
  /** Addresses. */
  readonly x: number;
  readonly out: number;
  /** Elements, and bytes of each. */
  readonly n: number;
  readonly size: number;
  /** Number of the first element in the stream. */
  readonly offset: number;
  readonly a: number;
  readonly b: number;
}

/** A memory with whoever works on it: one thread, or a pool of them. */
export interface SimdInstance {
  readonly run: SimdExports;
  readonly buffer: ArrayBufferLike;
  draw(call: DrawCall): void;
  /** Where the mask of a piece on the stage goes. */
  readonly bits: Uint32Array;
}

/** Does elements j … j + count - 1 of a call. */
export function drawPart(run: SimdExports, call: DrawCall, j: number, count: number): void {
  const { name, perBlock, x, out, size, offset, a, b } = call;
  const block = Math.floor((offset + j) / perBlock);
  const within = (offset + j) % perBlock;
  const start = j * size;
  run[name](x + start, out + start, count, Math.floor(block / 2 ** 32), block % 2 ** 32, within, a, b);
}

/** The part of the WebAssembly API that is used here. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { initial: number; maximum: number; shared?: boolean }) => Memory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface Memory {
  readonly buffer: ArrayBufferLike;
}

const PAGE = 65_536;

/** The module once it is compiled; null where it cannot be. */
let compiled: object | null | undefined;

function api(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}

function moduleBytes(): Uint8Array {
  return Uint8Array.from(atob(SIMD_WASM), (character) => character.charCodeAt(0));
}

/**
 * The compiled module, or null where WebAssembly or SIMD is missing or a security policy forbids it. Engines say so
 * by various errors, so none is told from another: the module is known to be right (a test compiles it anew).
 */
function compile(): object | null {
  if (compiled === undefined) {
    try {
      compiled = new (api().Module)(moduleBytes());
    } catch {
      compiled = null;
    }
  }
  return compiled;
}

export function isSimdSupported(): boolean {
  return compile() !== null;
}

/**
 * A new instance over a memory of its own with room for `heapBytes` from HEAP on. Pages that are never touched cost
 * address space, not memory. Call it only where {@link isSimdSupported}.
 *
 * @throws {RangeError} If the engine does not grant the memory.
 */
export function instantiate(heapBytes: number): SimdInstance {
  const pages = Math.ceil((HEAP + heapBytes) / PAGE);
  const memory = new (api().Memory)({ initial: pages, maximum: pages });
  return instanceOver(memory, compile()!);
}

/** A memory that several threads work on, each through an instance with scratch of its own. */
export interface SharedMemory {
  /** That of this thread. */
  readonly instance: SimdInstance;
  /** What the other threads make theirs from. */
  readonly memory: object;
  readonly module: object;
  /** Where the scratch of each other thread begins. */
  readonly bases: readonly number[];
  /** Where arrays begin. */
  readonly begin: number;
}

/** {@link instantiate} over a shared memory, with scratch for `others` more threads. */
export function instantiateShared(heapBytes: number, others: number): SharedMemory {
  const begin = HEAP + others * STAGE;
  const pages = Math.ceil((begin + heapBytes) / PAGE);
  const bytes = moduleBytes();
  bytes[MEMORY_KIND_AT] = SHARED_MEMORY;
  const module = new (api().Module)(bytes);
  const memory = new (api().Memory)({ initial: pages, maximum: pages, shared: true });
  const bases = Array.from({ length: others }, (_, i) => HEAP + i * STAGE);
  return { instance: instanceOver(memory, module), memory, module, bases, begin };
}

/** What stands at MEMORY_KIND_AT in a module that imports a shared memory: the same code runs on either kind. */
const SHARED_MEMORY = 3;

function instanceOver(memory: Memory, module: object): SimdInstance {
  const { exports } = new (api().Instance)(module, { env: { memory, base: 0 } });
  const { buffer } = memory;
  const run = exports as SimdExports;
  return {
    run,
    buffer,
    draw(call) {
      run.prepare(call.key[0], call.key[1], call.T);
      drawPart(run, call, 0, call.n);
    },
    bits: new Uint32Array(buffer, BITS, STAGE_BYTES / 128),
  };
}
