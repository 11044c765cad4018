// The Mersenne Twister MT19937, which NumPy, PyTorch and Python draw from. Knows nothing of what the words are used
// for.

import { checkIndex, describe } from "../check.js";

const N = 624;
const M = 397;

/** A generator's state as plain data: its words, and which of them comes next (624: none are left, twist first). */
export interface Mt19937State {
  readonly words: readonly number[];
  readonly next: number;
}

/**
 * MT19937: 32-bit words from 624 words of state.
 *
 * @see Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); seeding as in their mt19937ar.c (2002).
 */
export class Mt19937 {
  readonly #words = new Uint32Array(N);
  #next = N;

  /** Seeds with one word (`init_genrand`); only the low 32 bits of `seed` count. */
  static fromSeed(seed: number): Mt19937 {
    const mt = new Mt19937();
    mt.#fillFrom(seed);
    return mt;
  }

  /** Seeds with a list of words (`init_by_array`). */
  static fromArray(seed: readonly number[]): Mt19937 {
    const mt = new Mt19937();
    const words = mt.#words;
    mt.#fillFrom(19650218);
    let i = 1;
    let j = 0;
    for (let k = Math.max(N, seed.length); k > 0; k--) {
      const previous = words[i - 1]! ^ (words[i - 1]! >>> 30);
      words[i] = (words[i]! ^ Math.imul(previous, 1664525)) + seed[j]! + j;
      if (++i === N) i = wrapAround(words);
      if (++j === seed.length) j = 0;
    }
    for (let k = N - 1; k > 0; k--) {
      const previous = words[i - 1]! ^ (words[i - 1]! >>> 30);
      words[i] = (words[i]! ^ Math.imul(previous, 1566083941)) - i;
      if (++i === N) i = wrapAround(words);
    }
    words[0] = 0x80000000;
    return mt;
  }

  /** Takes over 624 words of state as they are. @throws {TypeError | RangeError} If that is not a state. */
  static fromState(state: Mt19937State): Mt19937 {
    const where = "Mt19937.fromState";
    if (!Array.isArray(state?.words) || state.words.length !== N) {
      throw new TypeError(`${where}: words must be an array of ${N}, got ${describe(state?.words)}`);
    }
    const mt = new Mt19937();
    for (let i = 0; i < N; i++) mt.#words[i] = checkIndex(where, `words[${i}]`, state.words[i], 2 ** 32);
    mt.#next = checkIndex(where, "next", state.next, N + 1);
    return mt;
  }

  get state(): Mt19937State {
    return { words: Array.from(this.#words), next: this.#next };
  }

  #fillFrom(seed: number): void {
    const words = this.#words;
    words[0] = seed;
    for (let i = 1; i < N; i++) {
      words[i] = Math.imul(1812433253, words[i - 1]! ^ (words[i - 1]! >>> 30)) + i;
    }
  }

  /** The next word. */
  next(): number {
    if (this.#next === N) this.#twist();
    return temper(this.#words[this.#next++]!) >>> 0;
  }

  /** Fills `out` with the next words. */
  fill(out: Uint32Array): void {
    this.fillRaw(out);
    for (let i = 0; i < out.length; i++) out[i] = temper(out[i]!);
  }

  /**
   * Fills `out` with the next words before tempering, for callers that need only some of them: `temper(out[i])` is
   * word i.
   */
  fillRaw(out: Uint32Array): void {
    for (let done = 0; done < out.length; ) {
      if (this.#next === N) this.#twist();
      const count = Math.min(N - this.#next, out.length - done);
      out.set(this.#words.subarray(this.#next, this.#next + count), done);
      this.#next += count;
      done += count;
    }
  }

  /** Lends the 624 words to `use`, which may change them and says which comes next. */
  lend(use: (words: Uint32Array, next: number) => number): void {
    this.#next = use(this.#words, this.#next);
  }

  /** Passes over `count` words. */
  skip(count: number): void {
    for (let left = count; left > 0; ) {
      if (this.#next === N) this.#twist();
      const step = Math.min(N - this.#next, left);
      this.#next += step;
      left -= step;
    }
  }

  /** The next 624 words of state from the present ones, in three parts, so that no index needs a modulo. */
  #twist(): void {
    const words = this.#words;
    let word = words[0]!;
    for (let i = 0; i < N - M; i++) {
      const following = words[i + 1]!;
      words[i] = words[i + M]! ^ twisted(word, following);
      word = following;
    }
    for (let i = N - M; i < N - 1; i++) {
      const following = words[i + 1]!;
      words[i] = words[i + M - N]! ^ twisted(word, following);
      word = following;
    }
    words[N - 1] = words[M - 1]! ^ twisted(word, words[0]!);
    this.#next = 0;
  }
}

/** In `init_by_array`: past the last word the count goes on at 1, and word 0 takes the last word's value. */
function wrapAround(words: Uint32Array): 1 {
  words[0] = words[N - 1]!;
  return 1;
}

/** The top bit of one word joined to the low 31 bits of the next, times the twist matrix. */
function twisted(word: number, following: number): number {
  const joined = (word & 0x80000000) | (following & 0x7fffffff);
  return (joined >>> 1) ^ (-(following & 1) & 0x9908b0df);
}

/** The output word of a word of state, as a signed 32-bit number. */
export function temper(word: number): number {
  let y = word ^ (word >>> 11);
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >>> 18);
}
