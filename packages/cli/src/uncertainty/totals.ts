// What is said of all rows together, also where they were not kept.

import type { Prediction } from "@hadamask/onnx";

export interface Totals {
  readonly rows: number;
  /** Passes of the rows. */
  readonly samples: { readonly least: number; readonly most: number; readonly sum: number };
  /** The largest standard error of a probability, or of a mean; undefined for maps, which have none. */
  readonly worstError: number | undefined;
}

export function totalsOf(prediction: Prediction): Totals {
  const { rows, samples } = prediction;
  return {
    rows,
    samples: {
      least: samples.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      most: samples.reduce((a, b) => Math.max(a, b), 0),
      sum: samples.reduce((a, b) => a + b, 0),
    },
    worstError:
      prediction.kind === "positions" ? undefined : prediction.standardError.mean.reduce((a, b) => Math.max(a, b), 0),
  };
}

export const addTotals = (a: Totals, b: Totals): Totals => ({
  rows: a.rows + b.rows,
  samples: {
    least: Math.min(a.samples.least, b.samples.least),
    most: Math.max(a.samples.most, b.samples.most),
    sum: a.samples.sum + b.samples.sum,
  },
  worstError:
    a.worstError === undefined || b.worstError === undefined ? undefined : Math.max(a.worstError, b.worstError),
});
