// Where things lie in memory: an instance owns SCRATCH bytes from `base` on and works on arrays anywhere else.
// Several instances may share one memory, each with its own base. Nothing here is kept from one call to the next
// but the tables of the key and the threshold (see mask.ts).
//
// Decorators are AssemblyScript; TypeScript takes none of functions: hence each `@ts-ignore: decorator`.

/** Start of this instance's scratch area, a multiple of 4096. */
// @ts-ignore: decorator
@external("env", "base")
export declare const base: usize;

/** Blocks (64 elements each) that one drawing holds: 32,768 elements, 4 kB of mask. */
export const BLOCKS: usize = 512;

/** Blocks hashed at once: four independent chains of four 32-bit lanes. */
export const CHUNK: usize = 16;

// Arrays of one entry a block have room for one more chunk: a list is padded to whole chunks. No two of those read and
// written together begin at the same place of a 4 kB page, where a load would wait for an unrelated store.
const LIST: usize = 4 * (BLOCKS + CHUNK);

/** Key schedule: after rounds 4, 8, 12, 16 and 20 two words are added; each is there four times, one a lane. */
export const SCHEDULE: usize = 0;
/** What `hash` wrote last: for each chain its first and its second words. */
export const WORDS: usize = 192;
/** Byte shuffles that move the lanes named by a 4-bit set to the front. */
export const PACK: usize = 320;
/** For each 16 bytes of 32 elements, the bits of a mask word that they belong to: 8 of f32, then 16 of f64. */
export const BITS: usize = 576;
/** The constants of the normals, each twice (see normal.ts). */
export const CONSTANTS: usize = 960;
/** Low counter word plus second key word, of each block that is listed. */
export const COUNTER: usize = CONSTANTS + 16 * 20;
/** The 32 + 32 elements of each listed block that are still undecided, as bits. */
export const OPEN0: usize = COUNTER + LIST;
export const OPEN1: usize = OPEN0 + LIST;
/** Two masks, 64 bits a block and one block more to shift from: one is drawn while the other is applied. */
export const MASK0: usize = OPEN1 + LIST;
export const MASK1: usize = MASK0 + 8 * (BLOCKS + CHUNK);
/** Of a batch of 256 normals: noise words, what they are made of (see normal.ts), and the multipliers. */
export const NOISE: usize = MASK1 + 8 * (BLOCKS + CHUNK);
export const S: usize = NOISE + 4 * 256;
export const X: usize = S + 8 * 256;
export const U: usize = X + 8 * 256;
export const NORMALS: usize = U + 8 * 256;
/** For each byte of mask, eight lanes of ones or zeros (see dense.ts). */
export const LANES: usize = NORMALS + 8 * 256;
/** Eight partial sums. */
export const PARTIAL: usize = LANES + 64 * 256;
/** The mask of some rows of a matrix, each row from a whole byte on: at most 8 bits of padding a row. */
export const ROWS: usize = PARTIAL + 64;
/** Bytes of scratch; src/kernels/simd-instance.ts counts on it. */
export const SCRATCH: usize = 77824;
