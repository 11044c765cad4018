// The SIMD module, instantiated over a memory. Knows the layout of that memory, and no arrays but those in it.
//
//     0          scratch of the module (assembly/layout.ts)
//     STAGE      a piece of an array that lies elsewhere, worked on in place
//     BITS       the mask of such a piece
//     HEAP       arrays that live here (arena.ts)

import { SIMD_WASM } from "./simd-wasm.js";

/** Elements worked on at a time: what one drawing of the module holds. */
export const PIECE = 32_768;

export const STAGE = 28_672;
const BITS = STAGE + 8 * PIECE;
export const HEAP: number = BITS + PIECE / 8;

/** What the module exports. Addresses are in bytes; block hi * 2^32 + lo is that of elements 64 times its number and on. */
export interface SimdExports {
  /** Sets key and threshold of the calls that follow. */
  prepare(key0: number, key1: number, T: number): void;
  /** Draws at most PIECE - shift decisions, the first of them `shift` elements into the block; returns where the bits are. */
  mask(hi: number, lo: number, shift: number, n: number): number;
  dropout32(x: number, out: number, n: number, hi: number, lo: number, shift: number, scale: number): void;
  dropout64(x: number, out: number, n: number, hi: number, lo: number, shift: number, scale: number): void;
  apply32(x: number, out: number, n: number, mask: number, scale: number): void;
  apply64(x: number, out: number, n: number, mask: number, scale: number): void;
  /** Blocks of the noise plane have two elements each; `skip` is 0 or 1. */
  normals32(out: number, n: number, hi: number, lo: number, skip: number, mean: number, deviation: number): void;
  normals64(out: number, n: number, hi: number, lo: number, skip: number, mean: number, deviation: number): void;
  multiplyByNormals32: MultiplyByNormals;
  multiplyByNormals64: MultiplyByNormals;
}

type MultiplyByNormals = (
  x: number,
  out: number,
  n: number,
  hi: number,
  lo: number,
  skip: number,
  mean: number,
  deviation: number,
) => void;

export interface SimdInstance {
  readonly run: SimdExports;
  readonly buffer: ArrayBufferLike;
  /** Views of the stage: its first 4 or all its 8 bytes an element. */
  readonly singles: Float32Array;
  readonly doubles: Float64Array;
  readonly bits: Uint32Array;
}

/** The part of the WebAssembly API that is used here; it is missing where a security policy or the engine has no WebAssembly. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: {
    initial: number;
    maximum: number;
    shared?: boolean;
  }) => { readonly buffer: ArrayBufferLike };
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

const PAGE = 65_536;

/** The module once it is compiled; null where it cannot be. */
let compiled: object | null | undefined;

/**
 * The compiled module, or null where WebAssembly or SIMD is missing or a security policy forbids it. Engines say so by various
 * errors, so none is told from another: the module is known to be right (a test compiles it anew).
 */
function compile(): object | null {
  if (compiled === undefined) {
    try {
      compiled = new (api().Module)(Uint8Array.from(atob(SIMD_WASM), (character) => character.charCodeAt(0)));
    } catch {
      compiled = null;
    }
  }
  return compiled;
}

export function isSimdSupported(): boolean {
  return compile() !== null;
}

function api(): WebAssemblyApi {
  return (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
}

/**
 * A new instance over a memory of its own with room for `heapBytes` from HEAP on. Pages that are never touched cost address
 * space, not memory. Call it only where {@link isSimdSupported}.
 *
 * @throws {RangeError} If the engine does not grant the memory.
 */
export function instantiate(heapBytes: number): SimdInstance {
  const { Memory, Instance } = api();
  const pages = Math.ceil((HEAP + heapBytes) / PAGE);
  const memory = new Memory({ initial: pages, maximum: pages });
  const { exports } = new Instance(compile()!, { env: { memory, base: 0 } });
  const { buffer } = memory;
  return {
    run: exports as SimdExports,
    buffer,
    singles: new Float32Array(buffer, STAGE, PIECE),
    doubles: new Float64Array(buffer, STAGE, PIECE),
    bits: new Uint32Array(buffer, BITS, PIECE / 32),
  };
}
