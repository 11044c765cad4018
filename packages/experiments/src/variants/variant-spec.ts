// A variant as it was asked for: what spec.ts reads, and what a variant is put into a network with.

/** A variant as it was asked for, checked. */
export interface VariantSpec {
  /** A name of entries.ts, or "own". */
  readonly kind: string;
  /** As in `--variants`. */
  readonly name: string;
  /** For a reader. */
  readonly title: string;
  /** Probability of dropping a hidden unit. */
  readonly rate: number;
  /** Probability of dropping an input. */
  readonly inputRate: number;
  /** Weight of the squared weights in the loss, where there is one. */
  readonly decay?: number;
  /** Standard deviation of the prior on log-odds, where there is one. */
  readonly sigma?: number;
}
