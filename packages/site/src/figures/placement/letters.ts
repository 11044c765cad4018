// The kinds of layers of the figure, by the letters of its address.

/** The kinds of layers that can be put in, each with a letter for addresses. */
export const KINDS = {
  d: "Dense",
  c: "Conv",
  b: "BatchNorm",
  r: "ReLU",
  s: "SELU",
  o: "Dropout",
  k: "Dropout, classic",
  a: "AlphaDropout",
  g: "GRU, tied masks",
} as const;
export type Letter = keyof typeof KINDS;
