// NumPy's SeedSequence: well mixed words from a seed of any size. Knows no generator.

import { rangeError } from "../check.js";

/**
 * Constants of numpy/random/bit_generator.pyx, after O'Neill's `seed_seq_fe` ("Developing a seed_seq Alternative",
 * 2015).
 */
const INIT_A = 0x43b0d7e5;
const MULTIPLIER_A = 0x931e8875;
const INIT_B = 0x8b51f9dd;
const MULTIPLIER_B = 0x58f38ded;
const MIX_LEFT = 0xca01f9dd;
const MIX_RIGHT = 0x4973f715;
const POOL = 4;

/** A seed of NumPy's: one whole number of any size, or a list of them. */
export type NumpySeed = number | bigint | readonly (number | bigint)[];

const folded = (value: number): number => value ^ (value >>> 16);

/** The pool of a seed: four words that every word of the seed has been mixed into. */
export class SeedSequence {
  readonly #pool = new Uint32Array(POOL);

  constructor(seed: NumpySeed) {
    const words = entropyWords(seed);
    const pool = this.#pool;
    let constant = INIT_A;
    const hash = (value: number): number => {
      const mixed = value ^ constant;
      constant = Math.imul(constant, MULTIPLIER_A);
      return folded(Math.imul(mixed, constant));
    };
    const mix = (x: number, y: number): number => folded((Math.imul(MIX_LEFT, x) - Math.imul(MIX_RIGHT, y)) | 0);
    for (let i = 0; i < POOL; i++) pool[i] = hash(words[i] ?? 0);
    for (let from = 0; from < POOL; from++) {
      for (let to = 0; to < POOL; to++) if (from !== to) pool[to] = mix(pool[to]!, hash(pool[from]!));
    }
    for (const word of words.slice(POOL)) {
      for (let to = 0; to < POOL; to++) pool[to] = mix(pool[to]!, hash(word));
    }
  }

  /** `generate_state(n)`: n words; the same ones at every call. */
  words(n: number): Uint32Array {
    let constant = INIT_B;
    return Uint32Array.from({ length: n }, (_, i) => {
      const mixed = this.#pool[i % POOL]! ^ constant;
      constant = Math.imul(constant, MULTIPLIER_B);
      return folded(Math.imul(mixed, constant));
    });
  }
}

/** The 32-bit words of a seed, least significant first; 0 is one word, and lists are joined. */
function entropyWords(seed: NumpySeed): number[] {
  if (Array.isArray(seed)) return seed.flatMap((part) => entropyWords(part));
  const isWhole = typeof seed === "bigint" || Number.isSafeInteger(seed);
  if (!isWhole || (seed as number | bigint) < 0) {
    const advice = typeof seed === "number" && seed >= 2 ** 53 ? "pass a bigint for seeds past 2^53" : undefined;
    throw rangeError("numpy", "seed", "a whole number that is not negative, or an array of them", seed, advice);
  }
  const words: number[] = [];
  let rest = BigInt(seed as number | bigint);
  do {
    words.push(Number(rest & 0xffffffffn));
    rest >>= 32n;
  } while (rest > 0n);
  return words;
}
