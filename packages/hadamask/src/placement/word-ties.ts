// Which words share a decision, and the decisions: what word dropout and embedding dropout have in common. Knows no
// vectors.

import { checkIdsHaveKey, checkIndex, describe, typeError } from "../check.js";
import { deriveKey, TAG } from "../random/derive.js";
import type { Key, PackedMask } from "../types.js";
import { drawIdentities, identify } from "./identity.js";
import type { GivenMask } from "./mask-bits.js";

/** What shares a decision: a word within its sequence, or in the whole batch. */
export type WordTie = "sequence" | "batch";

/** Words with the decisions that they take. */
export interface TiedWords {
  readonly decisions: number;
  /** The decision of each place. */
  readonly drawOf: Int32Array;
  /** The parts that draw under one key: the words of a sequence, or of the batch, in the order of first appearance. */
  readonly parts: readonly { readonly id: number | undefined; readonly distinct: readonly number[] }[];
}

/** Checks word ids: whole numbers in [0, limit). Returns them as they are. */
export function checkWordIds(where: string, words: ArrayLike<number> | undefined, limit?: number): ArrayLike<number> {
  if (words === undefined) throw new TypeError(`${where}: words is missing; pass { words }, the word of each place`);
  if (typeof words !== "object" || words === null || typeof words.length !== "number") {
    throw typeError(where, "words", "an array of whole numbers", words);
  }
  for (let i = 0; i < words.length; i++) checkIndex(where, `words[${i}]`, words[i], limit);
  return words;
}

/** Finds the words that share a decision, in `sequences` sequences of equal length. */
export function tieWords(
  where: string,
  words: ArrayLike<number>,
  sequences: number,
  tie: WordTie,
  options: { readonly sampleIds?: ArrayLike<number> | undefined; readonly mask?: GivenMask | undefined },
): TiedWords {
  const ids = checkIds(where, sequences, tie, options);
  if (tie === "batch") {
    const { drawOf, distinct } = identify(words);
    return { decisions: distinct.length, drawOf, parts: [{ id: undefined, distinct }] };
  }
  const length = sequences === 0 ? 0 : words.length / sequences;
  const drawOf = new Int32Array(words.length);
  const parts: { id: number; distinct: readonly number[] }[] = [];
  let decisions = 0;
  for (let n = 0; n < sequences; n++) {
    const own = identify(Array.from({ length }, (_, t) => words[n * length + t]!));
    own.drawOf.forEach((draw, t) => {
      drawOf[n * length + t] = decisions + draw;
    });
    parts.push({ id: ids?.[n] ?? n, distinct: own.distinct });
    decisions += own.distinct.length;
  }
  return { decisions, drawOf, parts };
}

/** Draws the decisions of all parts: word w is element w of the mask under its part's key. */
export function drawWords(key: Key, keep: number, tied: TiedWords): PackedMask {
  const out = new Uint32Array(Math.ceil(tied.decisions / 32));
  let start = 0;
  for (const { id, distinct } of tied.parts) {
    drawIdentities(out, start, id === undefined ? key : deriveKey(key, TAG.sampleId, id), keep, distinct);
    start += distinct.length;
  }
  return out;
}

function checkIds(
  where: string,
  sequences: number,
  tie: WordTie,
  options: { readonly sampleIds?: ArrayLike<number> | undefined; readonly mask?: GivenMask | undefined },
): readonly number[] | undefined {
  checkIdsHaveKey(where, options);
  const { sampleIds } = options;
  if (sampleIds === undefined) return undefined;
  if (tie === "batch") {
    throw new TypeError(
      `${where}: sampleIds goes with tie "sequence"; with "batch" all sequences share their decisions`,
    );
  }
  if (typeof sampleIds !== "object" || sampleIds === null || typeof sampleIds.length !== "number") {
    throw typeError(where, "sampleIds", "an array of whole numbers", sampleIds);
  }
  if (sampleIds.length !== sequences) {
    throw new RangeError(
      `${where}: sampleIds must have one id a sequence (${sequences}), got ${describe(sampleIds.length)}`,
    );
  }
  return Array.from(sampleIds, (id, n) => checkIndex(where, `sampleIds[${n}]`, id));
}
