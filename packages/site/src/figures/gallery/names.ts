// The names of the pictures and noises of the gallery.

/** The names of the pictures, in their order; words and code lines go by them. */
export type CardName =
  | "original"
  | "elements"
  | "pixels"
  | "rows"
  | "channels"
  | "blocks"
  | "gaussian"
  | "units"
  | "sequence"
  | "steps"
  | "samples"
  | "weights"
  | "matrix"
  | "scores"
  | "attention";

export const NOISES = ["gaussian", "uniform", "concrete", "logitNormal"] as const;
export type NoiseName = (typeof NOISES)[number];
