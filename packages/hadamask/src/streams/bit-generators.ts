// NumPy's bit generators: PCG64, Philox and MT19937, seeded through SeedSequence. Knows nothing of uniforms and masks.

import type { SnapshotValue } from "../random/source.js";
import type { PackedMask } from "../types.js";
import { fastPcg64 } from "./fast.js";
import { Mt19937, type Mt19937State } from "./mt19937.js";
import { belowPairs } from "./mt19937-decisions.js";
import { type NumpySeed, SeedSequence } from "./seed-sequence.js";
import { packDecisions } from "./stream.js";
import { high53, multiplyHigh, RES53, res53 } from "./wide.js";

/** What `numpy.random.Generator` draws from. */
export interface BitGenerator {
  /** 53 random bits as a double in [0, 1). */
  nextDouble(): number;
  nextWord(): number;
  /** Decisions `nextDouble() < keep` of n elements, packed. */
  below(n: number, keep: number): PackedMask;
  snapshot(): { readonly [field: string]: SnapshotValue };
  restore(state: { readonly [field: string]: SnapshotValue }): void;
}

export type BitGeneratorName = "PCG64" | "Philox" | "MT19937";

export function bitGenerator(name: BitGeneratorName, seed: NumpySeed): BitGenerator {
  if (name === "PCG64") return fromWide(new Pcg64(seed));
  if (name === "Philox") return fromWide(new Philox4x64(seed));
  return fromTwister(seed);
}

/** 64 bits at a time, left in two fields: a pair as a return value would cost an allocation each. */
interface Wide {
  high: number;
  low: number;
  next(): void;
  /** A faster way to decide, where there is one. */
  below?(n: number, keep: number): PackedMask | undefined;
  state: { readonly [field: string]: SnapshotValue };
}

/**
 * PCG64 and Philox make 64 bits at a time. A 32-bit word is the low half of a fresh draw, and the high half waits for
 * the next 32-bit word; 64-bit draws in between neither use nor clear it.
 */
function fromWide(wide: Wide): BitGenerator {
  let waiting: number | undefined;
  const nextDouble = () => {
    wide.next();
    return high53(wide.high, wide.low);
  };
  return {
    nextDouble,
    below: (n, keep) => wide.below?.(n, keep) ?? packDecisions(n, () => nextDouble() < keep),
    nextWord() {
      if (waiting !== undefined) {
        const word = waiting;
        waiting = undefined;
        return word;
      }
      wide.next();
      waiting = wide.high;
      return wide.low;
    },
    snapshot: () => ({ ...wide.state, ...(waiting === undefined ? {} : { waiting }) }),
    restore(state) {
      wide.state = state;
      waiting = state.waiting as number | undefined;
    },
  };
}

/**
 * MT19937 with its 624 words straight from SeedSequence, the first replaced by its top bit. NumPy sets the position
 * to 623, so that the first output is the last word as it is; only then the state is twisted.
 */
function fromTwister(seed: NumpySeed): BitGenerator {
  const words = Array.from(new SeedSequence(seed).words(624));
  words[0] = 0x80000000;
  let mt = Mt19937.fromState({ words, next: 623 });
  return {
    nextDouble: () => res53(mt.next(), mt.next()),
    below: (n, keep) => belowPairs(mt, n, keep, RES53),
    nextWord: () => mt.next(),
    snapshot: () => ({ ...mt.state }),
    restore(state) {
      mt = Mt19937.fromState(state as unknown as Mt19937State);
    },
  };
}

const hex = (words: Iterable<number>): string => Array.from(words, (w) => w.toString(16).padStart(8, "0")).join("");
const unhex = (text: SnapshotValue | undefined): number[] =>
  Array.from({ length: String(text).length / 8 }, (_, i) => Number.parseInt(String(text).slice(8 * i, 8 * i + 8), 16));

/** PCG64's multiplier 0x2360ed051fc65da44385df649fccf645 in words, the least significant first. */
const PCG0 = 0x9fccf645;
const PCG1 = 0x4385df64;
const PCG2 = 0x1fc65da4;
const PCG3 = 0x2360ed05;

/**
 * PCG XSL-RR 128/64: a 128-bit linear congruential generator, stepped before each output.
 *
 * @see O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
 *   Generation" (2014).
 */
class Pcg64 implements Wide {
  high = 0;
  low = 0;
  /** 128-bit numbers, least significant word first. */
  readonly #at = new Uint32Array(4);
  readonly #increment = new Uint32Array(4);

  constructor(seed: NumpySeed) {
    // Four 64-bit numbers, each low word first; the high half of the 128-bit numbers comes first.
    const w = new SeedSequence(seed).words(8) as Uint32Array & Record<number, number>;
    const start = Uint32Array.of(w[2]!, w[3]!, w[0]!, w[1]!);
    const sequence = Uint32Array.of(w[6]!, w[7]!, w[4]!, w[5]!);
    for (let i = 3; i >= 0; i--) {
      this.#increment[i] = (sequence[i]! << 1) | (i === 0 ? 1 : sequence[i - 1]! >>> 31);
    }
    this.#step();
    add(this.#at, start);
    this.#step();
  }

  /** state = state * PCG + increment, mod 2^128, column by column; every sum of a column is below 2^36. */
  #step(): void {
    const at = this.#at;
    const a0 = at[0]!;
    const a1 = at[1]!;
    const a2 = at[2]!;
    const a3 = at[3]!;
    const inc = this.#increment;
    const column0 = (Math.imul(a0, PCG0) >>> 0) + inc[0]!;
    const column1 =
      carry(column0) + inc[1]! + multiplyHigh(a0, PCG0) + (Math.imul(a0, PCG1) >>> 0) + (Math.imul(a1, PCG0) >>> 0);
    const column2 =
      carry(column1) +
      inc[2]! +
      multiplyHigh(a0, PCG1) +
      multiplyHigh(a1, PCG0) +
      (Math.imul(a0, PCG2) >>> 0) +
      (Math.imul(a1, PCG1) >>> 0) +
      (Math.imul(a2, PCG0) >>> 0);
    const top = Math.imul(a0, PCG3) + Math.imul(a1, PCG2) + Math.imul(a2, PCG1) + Math.imul(a3, PCG0);
    const fromBelow = multiplyHigh(a0, PCG2) + multiplyHigh(a1, PCG1) + multiplyHigh(a2, PCG0);
    at[0] = column0;
    at[1] = column1;
    at[2] = column2;
    at[3] = carry(column2) + inc[3]! + top + fromBelow;
  }

  next(): void {
    this.#step();
    const at = this.#at;
    const rotation = at[3]! >>> 26; // the top 6 bits of the state
    const isSwapped = rotation >= 32;
    const low = isSwapped ? at[1]! ^ at[3]! : at[0]! ^ at[2]!;
    const high = isSwapped ? at[0]! ^ at[2]! : at[1]! ^ at[3]!;
    const r = rotation & 31;
    this.low = ((low >>> r) | ((high << 1) << (31 - r))) >>> 0; // two shifts: a shift by 32 would be one by 0
    this.high = ((high >>> r) | ((low << 1) << (31 - r))) >>> 0;
  }

  below(n: number, keep: number): PackedMask | undefined {
    return fastPcg64(n, keep, this.#at, this.#increment);
  }

  get state(): { readonly [field: string]: SnapshotValue } {
    return { state: hex(this.#at), increment: hex(this.#increment) };
  }

  set state(state: { readonly [field: string]: SnapshotValue }) {
    this.#at.set(unhex(state.state));
    this.#increment.set(unhex(state.increment));
  }
}

const carry = (column: number): number => Math.floor(column / 2 ** 32);

function add(a: Uint32Array, b: Uint32Array): void {
  for (let i = 0, c = 0; i < 4; i++) {
    const sum = a[i]! + b[i]! + c;
    a[i] = sum;
    c = carry(sum);
  }
}

const MASK64 = (1n << 64n) - 1n;

/**
 * Philox-4x64 with 10 rounds: four 64-bit outputs a block, the counter incremented before each block. In bigint,
 * since it is asked for seldom.
 *
 * @see Salmon et al. (2011); constants of Random123's philox.h.
 */
class Philox4x64 implements Wide {
  high = 0;
  low = 0;
  #key: readonly [bigint, bigint];
  #counter = 0n;
  #block: readonly bigint[] = [];
  #used = 4;

  constructor(seed: NumpySeed) {
    const w = Array.from(new SeedSequence(seed).words(4), BigInt) as [bigint, bigint, bigint, bigint];
    this.#key = [w[0] | (w[1] << 32n), w[2] | (w[3] << 32n)];
  }

  next(): void {
    if (this.#used === 4) {
      this.#counter = (this.#counter + 1n) & ((1n << 256n) - 1n);
      this.#block = philox4x64(this.#counter, this.#key);
      this.#used = 0;
    }
    const value = this.#block[this.#used++]!;
    this.high = Number(value >> 32n);
    this.low = Number(value & 0xffffffffn);
  }

  get state(): { readonly [field: string]: SnapshotValue } {
    return { key: this.#key.map(String), counter: String(this.#counter), used: this.#used };
  }

  set state(state: { readonly [field: string]: SnapshotValue }) {
    const [k0, k1] = state.key as readonly [string, string];
    this.#key = [BigInt(k0), BigInt(k1)];
    this.#counter = BigInt(state.counter as string);
    this.#used = state.used as number;
    this.#block = philox4x64(this.#counter, this.#key);
  }
}

function philox4x64(counter: bigint, key: readonly [bigint, bigint]): bigint[] {
  let [c0, c1, c2, c3] = [0n, 64n, 128n, 192n].map((at) => (counter >> at) & MASK64) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  let [k0, k1] = key;
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2e7470ee14c6c93n * c0;
    const p1 = 0xca5a826395121157n * c2;
    [c0, c1, c2, c3] = [(p1 >> 64n) ^ c1 ^ k0, p1 & MASK64, (p0 >> 64n) ^ c3 ^ k1, p0 & MASK64];
    k0 = (k0 + 0x9e3779b97f4a7c15n) & MASK64;
    k1 = (k1 + 0xbb67ae8584caa73bn) & MASK64;
  }
  return [c0, c1, c2, c3];
}
