// Mask stream 1, written a second time and from its specification alone: big integers, one element at a time, all 53
// planes of every element, nothing shared with the library. Slow, and meant to be plainly right.

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

/** The integer U of element i: its bits in planes 0 to 52, most significant first. */
export function naiveInteger(key: readonly [number, number], i: number): bigint {
  const words = [BigInt(key[0]), BigInt(key[1])] as const;
  const w = BigInt(i) / 32n;
  const B = w / 2n;
  let U = 0n;
  for (let k = 0n; k < 53n; k++) {
    const block = threefry(words, 0x80000000n | (k << 16n) | (B / WORD), B % WORD);
    U = 2n * U + ((block[Number(w % 2n)]! >> (BigInt(i) % 32n)) & 1n);
  }
  return U;
}

/** Whether element i is kept under threshold T. */
export function naiveIsKept(key: readonly [number, number], T: number, i: number): boolean {
  return naiveInteger(key, i) < BigInt(T);
}
