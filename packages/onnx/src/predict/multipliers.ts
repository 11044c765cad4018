// Masks as the model takes them: a number for every decision, drawn from keys.

import { type Key, keepMask, keepMasks } from "hadamask";

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
  /** Rows that are drawn at once, each from a word of its own on. */
  #bits = new Uint32Array(0);
  /** For bytes: the values, 8 at a time. */
  readonly #eights: Float64Array | undefined;

  constructor(values: Uint8Array | Float32Array | Float64Array, perRow: number, keep: number, kept: number) {
    this.values = values;
    this.perRow = perRow;
    this.keep = keep;
    this.#kept = kept;
    if (values instanceof Uint8Array && isLittleEndian) {
      this.#eights = new Float64Array(values.buffer, 0, values.length >> 3);
    }
  }

  /**
   * Draws rows that stand together, the first at `start`, others `length` after the one before: each under the key of
   * its id, or `count` times the same under `key`.
   */
  draw(key: Key, ids: Float64Array | undefined, count: number, { start, length, stride }: Pieces): void {
    const { perRow, keep } = this;
    const perRowBits = 32 * Math.ceil(perRow / 32);
    const words = (perRowBits / 32) * (ids === undefined ? 1 : count);
    if (this.#bits.length !== words) this.#bits = new Uint32Array(words);
    if (ids === undefined) keepMask(perRow, { keep, key, out: this.#bits });
    else keepMasks(perRow, { keep, key, sampleIds: ids, out: this.#bits });
    // rows without a gap in the bits and between pieces are one
    const isWhole = ids !== undefined && perRowBits === length;
    if (isWhole) this.#write(0, start, length * count);
    for (let row = isWhole ? count : 0; row < count; row++) {
      const first = ids === undefined ? 0 : row * perRowBits;
      for (let from = 0, at = start + row * length; from < perRow; from += length, at += stride) {
        this.#write(first + from, at, length);
      }
    }
  }

  /** Writes bits `from` … `from + n - 1` to `at` … */
  #write(from: number, at: number, n: number): void {
    const bits = this.#bits;
    const isAligned = this.#eights !== undefined && from % 8 === 0 && at % 8 === 0;
    const done = isAligned ? writeEights(new Uint8Array(bits.buffer, from >> 3, n >> 3), this.#eights, at >> 3) : 0;
    for (let j = done; j < n; j++) {
      const i = from + j;
      this.values[at + j] = ((bits[i >> 5]! >>> (i & 31)) & 1) * this.#kept;
    }
  }
}

/** Writes 8 decisions at a time; returns how many that were. */
function writeEights(bytes: Uint8Array, out: Float64Array, at: number): number {
  for (let i = 0; i < bytes.length; i++) out[at + i] = BYTES[bytes[i]!]!;
  return bytes.length * 8;
}

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
