// Rows of the layers whose decisions belong to things: words, edges, nodes, attention weights.

import { AttentionDropout, EdgeDropout, EmbeddingDropout, NodeDropout } from "hadamask";
import type { LayerRow } from "../row.js";
import { commonErrors, defaults, maskedLaw, placedRow, RATE, X } from "./bernoulli.js";

/** Two sequences of three words in two dimensions; word 7 stands twice in each. */
const WORDS = [7, 4, 7];
const SEQUENCE_DRAW = [0, 1, 0];

const embedding = (tie: "sequence" | "batch"): LayerRow => {
  const draws = tie === "sequence" ? 4 : 2;
  const drawOf = (i: number): number => {
    const place = Math.floor(i / 2);
    return SEQUENCE_DRAW[place % 3]! + (tie === "sequence" ? 2 * Math.floor(place / 3) : 0);
  };
  const optionsFor = (samples: number) => ({
    shape: [samples, 3, 2],
    words: Array.from({ length: 3 * samples }, (_, i) => WORDS[i % 3]!),
  });
  return {
    name: `EmbeddingDropout, tied in the ${tie}`,
    make: (options = {}) => new EmbeddingDropout({ ...defaults(options), tie }),
    fromState: EmbeddingDropout.fromState,
    x: X,
    outputs: 12,
    options: optionsFor(2),
    emptyOptions: optionsFor(0),
    ...(tie === "sequence" && { samples: 2, optionsFor }),
    evaluated: () => X,
    law: () => maskedLaw(X, RATE, "inverted", drawOf),
    decisions: draws,
    hasRate: true,
    errors: tie === "sequence" ? embeddingErrors : tieErrors,
  };
};

const embeddingErrors: LayerRow["errors"] = [
  [
    () => new EmbeddingDropout({ rate: 0.5, tie: "word" as never }),
    'EmbeddingDropout: tie must be "sequence" or "batch", got "word"',
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1, 2], { shape: [1, 2, 1], words: [3] }),
    "EmbeddingDropout.forward: words must have 2 elements for shape [1,2,1], got 1",
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1, 2], { shape: [1, 2, 1], words: [3, -1] }),
    "EmbeddingDropout.forward: words[1] must be a whole number in [0, 2^53), got -1",
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1, 2], { shape: [1, 2, 1] } as never),
    "EmbeddingDropout.forward: words is missing; pass { words }, the word of each place",
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1, 2], { shape: [2], words: [1, 2] }),
    "EmbeddingDropout.forward: shape must be [sequences,words,width], got [2]",
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1], { shape: [1, 1, 1], words: [1], sampleIds: [1, 2] }),
    "EmbeddingDropout.forward: sampleIds must have one id a sequence (1), got 2",
  ],
  [
    () => new EmbeddingDropout({ rate: 0.5 }).forward([1], { shape: [1, 1, 1], words: [1], sampleIds: [1], mask: [1] }),
    "EmbeddingDropout.forward: sampleIds goes with key; a mask has no draws by id",
  ],
];

const tieErrors: LayerRow["errors"] = [
  [
    () =>
      new EmbeddingDropout({ rate: 0.5, tie: "batch" }).forward([1], { shape: [1, 1, 1], words: [1], sampleIds: [1] }),
    'EmbeddingDropout.forward: sampleIds goes with tie "sequence"; with "batch" all sequences share their decisions',
  ],
];

/** 0-1 in both directions, 1-2 twice, a loop at 2. */
const EDGES = { source: [0, 1, 1, 2, 1], target: [1, 0, 2, 2, 2] };

const edges = (isUndirected: boolean): LayerRow => {
  const draws = isUndirected ? [0, 0, 1, 2, 1] : [0, 1, 2, 3, 2];
  const x = X.slice(0, 10);
  return {
    name: `EdgeDropout, ${isUndirected ? "undirected" : "directed"}`,
    make: (options = {}) => new EdgeDropout({ ...defaults(options), isUndirected }),
    fromState: EdgeDropout.fromState,
    x,
    outputs: 10,
    options: { edges: EDGES },
    emptyOptions: { edges: { source: [], target: [] } },
    evaluated: () => x,
    law: () => maskedLaw(x, RATE, "inverted", (i) => draws[Math.floor(i / 2)]!),
    decisions: new Set(draws).size,
    hasRate: true,
    errors: isUndirected ? [] : edgeErrors,
  };
};

const edgeErrors: LayerRow["errors"] = [
  [
    () => new EdgeDropout({ rate: 0.5 }).forward([1], {} as never),
    "EdgeDropout.forward: edges is missing; pass { edges: { source, target } }, the nodes at their ends",
  ],
  [
    () => new EdgeDropout({ rate: 0.5 }).forward([1, 2, 3], { edges: { source: [0, 1], target: [1, 0] } }),
    "EdgeDropout.forward: x must have the same number of elements for each of 2 edges, got 3",
  ],
  [
    () => new EdgeDropout({ rate: 0.5 }).forward([1, 2], { edges: { source: [0, 1], target: [1] } }),
    "EdgeDropout.forward: edges.target must have 2 elements like edges.source, got 1",
  ],
  [
    () => new EdgeDropout({ rate: 0.5 }).forward([1], { edges: { source: [0.5], target: [1] } }),
    "EdgeDropout.forward: edges.source[0] must be a whole number in [0, 67108864), got 0.5",
  ],
  [() => new EdgeDropout({ rate: -1 }), "EdgeDropout: rate must be in [0, 1], got -1"],
];

const SCORES = [0.5, -1.25, 2, 3.5, -0.75, 1, 1.5, -2.5, 0.25, -3, 4, 0.125];
/** Softmax of rows of three. */
const WEIGHTS = SCORES.map((score, i) => {
  const row = SCORES.slice(i - (i % 3), i - (i % 3) + 3);
  return Math.exp(score) / row.reduce((sum, other) => sum + Math.exp(other), 0);
});

const attention: LayerRow = {
  name: "AttentionDropout",
  make: (options = {}) => new AttentionDropout(defaults(options)),
  fromState: AttentionDropout.fromState,
  x: SCORES,
  outputs: 12,
  options: { shape: [2, 1, 2, 3] },
  emptyOptions: { shape: [0, 1, 2, 3] },
  samples: 2,
  optionsFor: (samples) => ({ shape: [samples, 1, 2, 3] }),
  evaluated: () => WEIGHTS,
  law: () => maskedLaw(WEIGHTS, RATE, "inverted", (i) => i),
  decisions: 12,
  hasRate: true,
  errors: [
    ...commonErrors(AttentionDropout, "AttentionDropout"),
    [
      () => new AttentionDropout({ rate: 0.5 }).forward([1, 2], { shape: [] }),
      "AttentionDropout.forward: shape must be […,keys], got []",
    ],
  ],
};

export const identityRows: readonly LayerRow[] = [
  embedding("sequence"),
  embedding("batch"),
  attention,
  edges(false),
  edges(true),
  placedRow("NodeDropout", {
    Layer: NodeDropout,
    fromState: NodeDropout.fromState,
    shape: [4, 3],
    drawOf: (i) => Math.floor(i / 3),
    draws: 4,
    errors: [
      [
        () => new NodeDropout({ rate: 0.5 }).forward([1], { shape: [] }),
        "NodeDropout.forward: shape must be [nodes,…], got []",
      ],
    ],
  }),
];
