// Masks as the model takes them: 0 or 1 / keep for every decision, drawn from keys.

import { type Key, keepMask } from "hadamask";

/** Where the decisions of one row lie in a tensor: pieces of `length`, the first at `start`, each `stride` after the one before. */
export interface Pieces {
  readonly start: number;
  readonly length: number;
  readonly stride: number;
}

/** Draws rows of decisions and writes them as multipliers into one array. */
export class MultiplierWriter {
  readonly values: Float32Array | Float64Array;
  /** Decisions of a row. */
  readonly perRow: number;
  readonly keep: number;
  readonly #bits: Uint32Array;
  /** The multiplier of a dropped and of a kept element. */
  readonly #two: Float32Array | Float64Array;
  /** For float32: two neighbours at a time, as the 64 bits that they are. Half the stores, and no branch on a random bit. */
  readonly #pairs: { readonly out: Float64Array; readonly of: Float64Array } | undefined;

  constructor(values: Float32Array | Float64Array, perRow: number, keep: number) {
    this.values = values;
    this.perRow = perRow;
    this.keep = keep;
    this.#bits = new Uint32Array(Math.ceil(perRow / 32));
    const scale = keep === 0 ? 0 : 1 / keep; // at keep 0 no bit is 1
    this.#two = values instanceof Float32Array ? Float32Array.of(0, scale) : Float64Array.of(0, scale);
    if (values instanceof Float32Array) {
      const both = Float32Array.of(0, 0, scale, 0, 0, scale, scale, scale);
      this.#pairs = { out: new Float64Array(values.buffer, 0, values.length >> 1), of: new Float64Array(both.buffer) };
    }
  }

  /** Draws one row under `key`. */
  draw(key: Key, { start, length, stride }: Pieces): void {
    keepMask(this.perRow, { keep: this.keep, key, out: this.#bits });
    for (let from = 0, at = start; from < this.perRow; from += length, at += stride) this.#write(from, at, length);
  }

  /** Copies the row before: for consistent masks, where all rows of a pass are alike. */
  repeat({ start, length, stride }: Pieces): void {
    for (let from = 0, at = start; from < this.perRow; from += length, at += stride) {
      this.values.copyWithin(at, at - length, at);
    }
  }

  /** Writes bits `from` … `from + n - 1` to `at` … */
  #write(from: number, at: number, n: number): void {
    const isAligned = this.#pairs !== undefined && from % 32 === 0 && at % 2 === 0;
    const done = isAligned ? this.#writeWords(from >> 5, at >> 1, n >> 5) : 0;
    for (let j = done; j < n; j++) {
      const i = from + j;
      this.values[at + j] = this.#two[(this.#bits[i >> 5]! >>> (i & 31)) & 1]!;
    }
  }

  /** Writes whole words, 16 pairs each; returns how many elements that were. */
  #writeWords(word: number, pair: number, words: number): number {
    const { out, of } = this.#pairs!;
    let at = pair;
    for (let w = word; w < word + words; w++) {
      let bits = this.#bits[w]!;
      for (const end = at + 16; at < end; at++) {
        out[at] = of[bits & 3]!;
        bits >>>= 2;
      }
    }
    return words * 32;
  }
}
