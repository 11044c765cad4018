// Masks of any stream as pictures: two of them side by side, and where they differ. Knows no page.

import { keepMask, key, unpackMask } from "hadamask";
import { createStream, STREAM_NAMES, type StreamName } from "hadamask/streams";
import { npyBoolHeader } from "../../../../cli/src/files/npy.js";
import { percent, short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import type { MaskFacts, Wording } from "./words.js";

/** Our own stream, and those of other frameworks. */
export const STREAMS = ["hadamask", ...STREAM_NAMES] as const;
export type Stream = (typeof STREAMS)[number];
/** What the second mask is: none, or one that differs in one thing. */
const SECONDS = ["none", "stream", "seed", "rate"] as const;
/** Rows and columns that a picture has at most. */
export const LONGEST = 256;

export const FIELDS = {
  stream: choiceField("hadamask", STREAMS),
  rate: numberField(0.5, 0, 1),
  seed: numberField(42, 0, 999_999, true),
  rows: numberField(32, 1, LONGEST, true),
  columns: numberField(32, 1, LONGEST, true),
  second: choiceField("none", SECONDS),
  otherStream: choiceField("torch", STREAMS),
  otherSeed: numberField(43, 0, 999_999, true),
  otherRate: numberField(0.3, 0, 1),
};

export type State = StateOf<typeof FIELDS>;

/** One mask that is asked for. */
export interface MaskOf {
  readonly stream: Stream;
  readonly rate: number;
  readonly seed: number;
  readonly rows: number;
  readonly columns: number;
}

/** 1 where an element is kept, row by row: the first mask of the stream for that seed. */
export function drawMask({ stream, rate, seed, rows, columns }: MaskOf): Uint8Array {
  const n = rows * columns;
  const packed =
    stream === "hadamask"
      ? keepMask(n, { rate, key: key(seed) })
      : createStream(stream as StreamName, seed).keepMask(n, { rate });
  return Uint8Array.from(unpackMask(packed, n));
}

/** What the state asks for: one mask, or two. */
export function masksOf(state: State): readonly [MaskOf] | readonly [MaskOf, MaskOf] {
  const { stream, rate, seed, rows, columns, second } = state;
  const first = { stream, rate, seed, rows, columns };
  if (second === "stream") return [first, { ...first, stream: state.otherStream }];
  if (second === "seed") return [first, { ...first, seed: state.otherSeed }];
  return second === "rate" ? [first, { ...first, rate: state.otherRate }] : [first];
}

/** The shape as the command takes it. */
const shapeOf = ({ rows, columns }: MaskOf): string => (rows === 1 ? String(columns) : `${rows},${columns}`);

/** The command that saves the same mask. */
export const commandOf = (mask: MaskOf): string =>
  [
    `npx hadamask mask --shape ${shapeOf(mask)} --rate ${short(mask.rate)} --seed ${mask.seed}`,
    ...(mask.stream === "hadamask" ? [] : [`--stream ${mask.stream}`]),
    "--out mask.npy",
  ].join(" ");

/** The mask as an .npy file of booleans, as the command writes it. */
export function npyOf(mask: MaskOf): Uint8Array<ArrayBuffer> {
  const { rows, columns } = mask;
  const header = npyBoolHeader(rows === 1 ? [columns] : [rows, columns]);
  const bits = drawMask(mask);
  const bytes = new Uint8Array(header.length + bits.length);
  bytes.set(header);
  bytes.set(bits, header.length);
  return bytes;
}

/** A mask that is drawn, and how many elements it keeps. */
export interface Drawn {
  readonly mask: MaskOf;
  readonly bits: Uint8Array;
  readonly kept: number;
}

/** The masks that the state asks for, drawn. */
export const drawnOf = (state: State): readonly Drawn[] =>
  masksOf(state).map((mask) => {
    const bits = drawMask(mask);
    return { mask, bits, kept: bits.reduce((sum, bit) => sum + bit, 0) };
  });

/** A drawn mask by its numbers, as sentences name them. */
export function factsOf({ mask, bits, kept }: Drawn): MaskFacts {
  const n = bits.length;
  return { stream: mask.stream, seed: mask.seed, rate: short(mask.rate), kept, n, share: percent(1 - kept / n) };
}

/** 0.5 where two masks agree on dropping, 1 where they agree on keeping; 0 where they differ. */
export const agreement = (one: Uint8Array, other: Uint8Array): Float64Array =>
  Float64Array.from(one, (bit, i) => (bit === other[i] ? 0.5 + bit / 2 : 0));

/** In how many elements two masks differ. */
export const differencesOf = (one: Uint8Array, other: Uint8Array): number =>
  one.reduce((sum, bit, i) => sum + Number(bit !== other[i]), 0);

export const present = (state: State, words: Wording): Presented => presentMasks(drawnOf(state), words);

export function presentMasks(drawn: readonly Drawn[], words: Wording): Presented {
  const [one, other] = drawn as readonly [Drawn, Drawn?];
  const parts = drawn.map((each) => words.one(factsOf(each)));
  if (other !== undefined) parts.push(words.different(differencesOf(one.bits, other.bits), one.bits.length));
  const { rows, columns } = one.mask;
  return {
    summary: parts.join(words.space),
    table: {
      columns: other === undefined ? words.columns.slice(0, 2) : words.columns,
      rows: Array.from({ length: rows }, (_, row) => [
        row,
        ...drawn.map(({ bits }) => bits.subarray(row * columns, (row + 1) * columns).join("")),
      ]),
    },
  };
}
