// Masks of any stream as pictures: two of them side by side, and where they differ. Knows no page.

import { keepMask, key, unpackMask } from "hadamask";
import { createStream, STREAM_NAMES, type StreamName } from "hadamask/streams";
import { npyBoolHeader } from "../../../../cli/src/files/npy.js";
import { percent, short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf } from "../../state/fields.js";
import type { Wording } from "./words.js";

/** Our own stream, and those of other frameworks. */
export const STREAMS = ["hadamask", ...STREAM_NAMES] as const;
export type Stream = (typeof STREAMS)[number];
/** What the second mask is: none, or one that differs in one thing. */
export const SECONDS = ["none", "stream", "seed", "rate"] as const;
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

const keptIn = (bits: Uint8Array): number => bits.reduce((sum, bit) => sum + bit, 0);

/** 0.5 where two masks agree on dropping, 1 where they agree on keeping; 0 where they differ. */
export const agreement = (one: Uint8Array, other: Uint8Array): Float64Array =>
  Float64Array.from(one, (bit, i) => (bit === other[i] ? 0.5 + bit / 2 : 0));

export function present(state: State, words: Wording): Presented {
  const masks = masksOf(state);
  const drawn = masks.map(drawMask);
  const n = state.rows * state.columns;
  const parts = masks.map((mask, i) =>
    words.one({
      stream: mask.stream,
      seed: mask.seed,
      rate: short(mask.rate),
      kept: keptIn(drawn[i]!),
      n,
      share: percent(1 - keptIn(drawn[i]!) / n),
    }),
  );
  const [one, other] = drawn as [Uint8Array, Uint8Array?];
  const different = other && one.reduce((sum, bit, i) => sum + Number(bit !== other[i]), 0);
  return {
    summary: [...parts, ...(different === undefined ? [] : [words.different(different, n)])].join(words.space),
    table: {
      columns: other === undefined ? words.columns.slice(0, 2) : words.columns,
      rows: Array.from({ length: state.rows }, (_, row) => [
        row,
        ...drawn.map((bits) => bits.subarray(row * state.columns, (row + 1) * state.columns).join("")),
      ]),
    },
  };
}
