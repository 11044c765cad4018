// Python's random.Random, as far as TensorFlow draws seeds from it. Knows no framework.

import { Mt19937, type Mt19937State } from "./mt19937.js";

/**
 * `random.Random(seed)` for a whole number: MT19937 seeded with the 32-bit words of its absolute value, least
 * significant first.
 */
export class PythonRandom {
  #mt: Mt19937;

  constructor(seed: bigint) {
    const words: number[] = [];
    let rest = seed < 0n ? -seed : seed;
    do {
      words.push(Number(rest & 0xffffffffn));
      rest >>= 32n;
    } while (rest > 0n);
    this.#mt = Mt19937.fromArray(words);
  }

  /** `randint(0, 2^31 - 1)`: whole words until one is below 2^31. */
  randint31(): number {
    for (;;) {
      const word = this.#mt.next();
      if (word < 2 ** 31) return word;
    }
  }

  get state(): Mt19937State {
    return this.#mt.state;
  }

  set state(state: Mt19937State) {
    this.#mt = Mt19937.fromState(state);
  }
}
