// How far two noises under one key go together: both are functions of the same random words, or of different ones.

import { normalOfWord } from "../random/normal.js";
import type { CheckedItem } from "./network.js";

/** Which random words a noise is made of, and how: u is the word as a fraction of 2^32. */
interface Made {
  /** "bits": decisions, from the planes of the mask stream. "words": one word an element. */
  readonly from: "bits" | "words";
  readonly value: (u: number) => number;
}

const normal = (u: number): number => normalOfWord(Math.floor(u * 2 ** 32));

function madeOf({ layer, dropped = 0.5 }: CheckedItem): Made {
  if (/^(hadamask)?(gaussian(dropout|noise)|variationaldropout)$/i.test(layer)) return { from: "words", value: normal };
  if (/^uniformdropout$/i.test(layer)) return { from: "words", value: (u) => u };
  // At low temperatures a concrete mask is the decision u < keep.
  if (/^concretedropout$/i.test(layer)) return { from: "words", value: (u) => (u < dropped ? 1 : 0) };
  return { from: "bits", value: (u) => (u < dropped ? 1 : 0) };
}

/**
 * The correlation of the multipliers of two noises under one key: 1 for two of one kind and rate, less where the
 * smaller mask is nested in the larger, -0.691 for Gaussian and uniform ones, 0 where they are made of different words.
 */
export function sharedCorrelation(first: CheckedItem, second: CheckedItem): number {
  const [a, b] = [madeOf(first), madeOf(second)];
  if (a.from !== b.from) return 0;
  if (a.from === "bits") return nestedCorrelation(first.dropped ?? 0.5, second.dropped ?? 0.5);
  const n = 2 ** 14;
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const u = (i + 0.5) / n;
    const [x, y] = [a.value(u), b.value(u)];
    sumA += x;
    sumB += y;
    squareA += x * x;
    squareB += y * y;
    product += x * y;
  }
  const spread = Math.sqrt((squareA - sumA ** 2 / n) * (squareB - sumB ** 2 / n));
  return spread === 0 ? 0 : (product - (sumA * sumB) / n) / spread;
}

/** Of two masks of which one is nested in the other, by their keeps. */
function nestedCorrelation(a: number, b: number): number {
  const [low, high] = a < b ? [a, b] : [b, a];
  const spread = Math.sqrt(low * (1 - low) * high * (1 - high));
  return spread === 0 ? 0 : (low - low * high) / spread;
}
