// Rows of DropBlock: what blocks drop is worked out again here, from the definition, for every mask.

import { DropBlock2D, DropBlock3D, dropBlockRates } from "hadamask";
import { enumeratedLaw } from "../enumerated-law.js";
import type { LayerRow } from "../row.js";
import { defaults, RATE, X } from "./bernoulli.js";

interface Blocks {
  readonly name: string;
  readonly shape: readonly number[];
  readonly blockSize: readonly number[];
  readonly blocks: "inside" | "cut";
  readonly channels?: "own" | "shared";
  readonly scaleBy?: "sample" | "place";
  readonly dataFormat?: "channels-first" | "channels-last";
  readonly decisions: number;
  readonly errors?: LayerRow["errors"];
}

/** What blocks do, from the definition: a place is dropped if any seed whose block covers it is 0. */
function dropBlocks(x: readonly number[], row: Blocks, bits: ArrayLike<number>): number[] {
  const { shape, blockSize, blocks, channels = "own", scaleBy = "sample", dataFormat = "channels-first" } = row;
  const isLast = dataFormat === "channels-last";
  const map = isLast ? shape.slice(1, -1) : shape.slice(2);
  const C = isLast ? shape.at(-1)! : shape[1]!;
  const seeds = map.map((n, a) => (blocks === "inside" ? n - blockSize[a]! + 1 : n + blockSize[a]! - 1));
  const size = (lengths: readonly number[]) => lengths.reduce((product, n) => product * n, 1);
  const digits = (i: number, lengths: readonly number[]): number[] =>
    lengths.map((n, a) => Math.floor(i / size(lengths.slice(a + 1))) % n);
  const { rates } = dropBlockRates(map, { rate: RATE, blockSize, blocks });
  const perSample = C * size(map);
  const where = x.map((_, i) => {
    const [n, rest] = [Math.floor(i / perSample), i % perSample];
    const [c, place] = isLast ? [rest % C, Math.floor(rest / C)] : [Math.floor(rest / size(map)), rest % size(map)];
    const group = channels === "own" ? n * C + c : n;
    const at = digits(place, map);
    let isKept = true;
    for (let s = 0; s < size(seeds); s++) {
      const begin = digits(s, seeds).map((d, a) => (blocks === "inside" ? d : d - blockSize[a]! + 1));
      const covers = at.every((p, a) => begin[a]! <= p && p < begin[a]! + blockSize[a]!);
      if (covers && bits[group * size(seeds) + s] === 0) isKept = false;
    }
    return { n, place, isKept };
  });
  return x.map((value, i) => {
    const { n, place, isKept } = where[i]!;
    if (!isKept) return 0;
    if (scaleBy === "place") return value / (1 - rates[place]!);
    return (value * perSample) / where.filter((other) => other.n === n && other.isKept).length;
  });
}

function blockRow(row: Blocks): LayerRow {
  const { shape, decisions } = row;
  const x = Array.from({ length: shape.reduce((product, n) => product * n, 1) }, (_, i) => X[i % X.length]! + i / 100);
  const Layer = shape.length === 4 ? DropBlock2D : DropBlock3D;
  const { name: _, decisions: __, errors = [], shape: ___, ...options } = row;
  const map = row.dataFormat === "channels-last" ? shape.slice(1, -1) : shape.slice(2);
  const keptSeed = 1 - dropBlockRates(map, { rate: RATE, ...options }).seedRate;
  return {
    name: row.name,
    make: (made = {}) => new Layer({ ...defaults(made), ...options }),
    fromState: Layer.fromState,
    x,
    outputs: x.length,
    options: { shape },
    emptyOptions: { shape: [0, ...shape.slice(1)] },
    samples: shape[0]!,
    optionsFor: (samples) => ({ shape: [samples, ...shape.slice(1)] }),
    evaluated: () => x,
    law: () => enumeratedLaw(decisions, keptSeed, (bits) => dropBlocks(x, row, bits)),
    decisions,
    drawKeep: () => keptSeed,
    hasRate: true,
    errors,
  };
}

const blockErrors: LayerRow["errors"] = [
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 0 }),
    "DropBlock2D: blockSize must be a whole number in [1, 2^53), got 0",
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: [1, 2, 3] }),
    "DropBlock2D: blockSize must be a whole number, or one for each of 2 axes, got an array of 3",
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 2, blocks: "outside" as never }),
    'DropBlock2D: blocks must be "inside" or "cut", got "outside"',
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 2, channels: "none" as never }),
    'DropBlock2D: channels must be "own" or "shared", got "none"',
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 2, scaleBy: "batch" as never }),
    'DropBlock2D: scaleBy must be "sample" or "place", got "batch"',
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 2 }).forward([1, 2], { shape: [1, 2] }),
    "DropBlock2D.forward: shape must be [N,C,H,W], got [1,2]",
  ],
  [
    () =>
      new DropBlock3D({ rate: 0.5, blockSize: 2, dataFormat: "channels-last" }).forward([1], { shape: [1, 1, 1, 1] }),
    "DropBlock3D.forward: shape must be [N,D,H,W,C], got [1,1,1,1]",
  ],
  [
    () => new DropBlock2D({ rate: 0.5, blockSize: 1 }).forward([1], { shape: [1, 1, 1, 1], mask: [1], sampleIds: [0] }),
    "DropBlock2D.forward: sampleIds goes with key; a mask has no draws by id",
  ],
];

export const blockRows: readonly LayerRow[] = [
  blockRow({
    name: "DropBlock2D, even blocks inside",
    shape: [2, 1, 3, 2],
    blockSize: [2, 2],
    blocks: "inside",
    decisions: 4,
    errors: blockErrors,
  }),
  blockRow({
    name: "DropBlock2D, blocks cut at the edges, scaled by place",
    shape: [1, 1, 2, 3],
    blockSize: [2, 1],
    blocks: "cut",
    scaleBy: "place",
    decisions: 9,
  }),
  blockRow({
    name: "DropBlock2D, channels last, blocks inside, scaled by place",
    shape: [1, 3, 1, 2],
    blockSize: [2, 1],
    blocks: "inside",
    scaleBy: "place",
    dataFormat: "channels-last",
    decisions: 4,
  }),
  blockRow({
    name: "DropBlock2D, channels share blocks",
    shape: [1, 2, 2, 2],
    blockSize: [1, 2],
    blocks: "inside",
    channels: "shared",
    decisions: 2,
  }),
  blockRow({
    name: "DropBlock3D",
    shape: [1, 1, 2, 3, 2],
    blockSize: [2, 2, 1],
    blocks: "inside",
    decisions: 4,
  }),
];
