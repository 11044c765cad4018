// Mask stream 1, written a second time and from its specification alone: big integers, one block at a time, all 53
// planes, nothing shared with the library. Slow, and meant to be plainly right.

const WORD = 2n ** 32n;

/** Threefry-2x32 with 20 rounds (Salmon et al. 2011) of the counter (hi, lo): two words. */
function threefry(key: readonly [bigint, bigint], hi: bigint, lo: bigint): [bigint, bigint] {
  const distances = [13n, 15n, 26n, 6n, 17n, 29n, 16n, 24n];
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bdan];
  let x = (hi + schedule[0]!) % WORD;
  let y = (lo + schedule[1]!) % WORD;
  for (let round = 1; round <= 20; round++) {
    const distance = distances[(round - 1) % 8]!;
    x = (x + y) % WORD;
    y = ((y << distance) % WORD) + (y >> (32n - distance));
    y ^= x;
    if (round % 4 === 0) {
      const injection = round / 4;
      x = (x + schedule[injection % 3]!) % WORD;
      y = (y + schedule[(injection + 1) % 3]! + BigInt(injection)) % WORD;
    }
  }
  return [x, y];
}

/** The 53 planes of block B, most significant first: two words each, for the elements 64 B to 64 B + 63. */
function planesOf(key: readonly [number, number], B: bigint): readonly [bigint, bigint][] {
  const words = [BigInt(key[0]), BigInt(key[1])] as const;
  return Array.from({ length: 53 }, (_, k) => threefry(words, 0x80000000n | (BigInt(k) << 16n) | (B / WORD), B % WORD));
}

/** The integer of element i: its bits in the planes of its block. */
function integerIn(planes: readonly [bigint, bigint][], i: bigint): bigint {
  const word = Number((i / 32n) % 2n);
  return planes.reduce((U, plane) => 2n * U + ((plane[word]! >> (i % 32n)) & 1n), 0n);
}

/** The integers U of `n` elements from `from` on; neighbours share the planes of their block. */
export function naiveIntegers(key: readonly [number, number], from: number, n: number): bigint[] {
  const blocks = new Map<bigint, readonly [bigint, bigint][]>();
  return Array.from({ length: n }, (_, j) => {
    const i = BigInt(from + j);
    const planes = blocks.get(i / 64n) ?? planesOf(key, i / 64n);
    blocks.set(i / 64n, planes);
    return integerIn(planes, i);
  });
}

/** Whether element i is kept under threshold T. */
export function naiveIsKept(key: readonly [number, number], T: number, i: number): boolean {
  return naiveIntegers(key, i, 1)[0]! < BigInt(T);
}
