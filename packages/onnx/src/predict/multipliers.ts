// Masks as the model takes them: a number for every decision, drawn from keys.

import { type Key, keepMask } from "hadamask";

/**
 * Where the decisions of one row lie in a tensor: pieces of `length`, the first at `start`, each `stride` after the
 * one before.
 */
export interface Pieces {
  readonly start: number;
  readonly length: number;
  readonly stride: number;
}

/** All that 8 decisions can be, as 8 bytes that are 0 or 1; a float64 is how 8 bytes are stored at once. */
const BYTES = new Float64Array(Uint8Array.from({ length: 256 * 8 }, (_, i) => ((i >> 3) >> (i & 7)) & 1).buffer);

/** Draws rows of decisions and writes them into one array: 0 for what is dropped, `kept` for what stays. */
export class MaskWriter {
  readonly values: Uint8Array | Float32Array | Float64Array;
  /** Decisions of a row. */
  readonly perRow: number;
  readonly keep: number;
  readonly #kept: number;
  readonly #bits: Uint32Array;
  /** For bytes: the bits, and the values, 8 at a time. */
  readonly #eights: { readonly from: Uint8Array; readonly out: Float64Array } | undefined;

  constructor(values: Uint8Array | Float32Array | Float64Array, perRow: number, keep: number, kept: number) {
    this.values = values;
    this.perRow = perRow;
    this.keep = keep;
    this.#kept = kept;
    this.#bits = new Uint32Array(Math.ceil(perRow / 32));
    if (values instanceof Uint8Array && isLittleEndian) {
      const out = new Float64Array(values.buffer, 0, values.length >> 3);
      this.#eights = { from: new Uint8Array(this.#bits.buffer), out };
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
    const isAligned = this.#eights !== undefined && from % 8 === 0 && at % 8 === 0;
    const done = isAligned ? this.#writeEights(from >> 3, at >> 3, n >> 3) : 0;
    for (let j = done; j < n; j++) {
      const i = from + j;
      this.values[at + j] = ((this.#bits[i >> 5]! >>> (i & 31)) & 1) * this.#kept;
    }
  }

  /** Writes 8 decisions at a time; returns how many that were. */
  #writeEights(byte: number, at: number, count: number): number {
    const { from, out } = this.#eights!;
    for (let i = 0; i < count; i++) out[at + i] = BYTES[from[byte + i]!]!;
    return count * 8;
  }
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
