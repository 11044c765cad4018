// What trains the network: the arrays of one training and the work of an epoch on them. Two implementations of one
// contract, plain and SIMD, with the same bits. Knows no data set and draws nothing.

/** The sizes of a training. */
export interface EpochShape {
  readonly rows: number;
  readonly columns: number;
  readonly hidden: number;
  readonly batchSize: number;
  /** Words of mask that the arrays of masks have room for. */
  readonly inputWords: number;
  readonly hiddenWords: number;
}

/** What the loss depends on besides weights and rows. */
export interface EpochRates {
  /** Probability of dropping an input or a hidden unit, to scale by: 1 / (1 - rate). */
  readonly rate: number;
  /** What weights (not biases) are multiplied by in their gradient. */
  readonly decay: number;
}

/**
 * The arrays of a training, to be filled by its owner, and the work on them.
 *
 * Shapes. A row of `x` has the columns, padded with zeros to a multiple of 4; `y` has a number a row. `weights` holds
 * W1 (a row of padded hidden units for each column), w2, b1, and b2 with 3 numbers of padding. Padding of weights is 0,
 * and stays so.
 */
export interface EpochTrainer {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** The rows in the order of the epoch. */
  readonly order: Uint32Array;
  /** Packed masks, 1 for kept: bit i c + j is input j of the i-th row in that order, of c columns. */
  readonly inputBits: Uint32Array;
  readonly hiddenBits: Uint32Array;
  /** For each step of the epoch, the learning rate with Adam's bias correction. */
  readonly factors: Float32Array;
  readonly weights: Float32Array;
  /** Adam's running means of the gradients of the weights, in their layout. */
  readonly mean: Float32Array;
  /**
   * Takes the steps of one epoch. For a batch of B rows with inputs x and targets y
   *
   *     u = x ∘ m / keep     h = relu(b1 + W1ᵀ u) ∘ n / keep
   *     loss = 1/B Σ (b2 + w2ᵀ h - y)² + decay/2 (|W1|² + |w2|²)
   *
   * and Adam as Keras has it: w -= factor m / (√v + 1e-7), β1 = 0.9, β2 = 0.999.
   *
   * Numerics. All in float32, each operation rounded once, sums in the order of epoch-plain.ts.
   *
   * @param inputFirst The bit of `inputBits` where this epoch begins; likewise `hiddenFirst`.
   */
  epoch(inputFirst: number, hiddenFirst: number): void;
}

/** The next multiple of 4. */
export const padded = (size: number): number => (size + 3) & ~3;

/** How long the arrays are; all but `x` … `weights` are the trainer's own. */
export function arrayLengths({ rows, columns, hidden, batchSize, inputWords, hiddenWords }: EpochShape): {
  readonly [Name in ArrayName]: number;
} {
  const weights = (columns + 2) * padded(hidden) + 4;
  const batch = padded(Math.min(batchSize, rows));
  return {
    x: rows * padded(columns),
    y: rows,
    order: rows,
    inputBits: inputWords,
    hiddenBits: hiddenWords,
    factors: Math.ceil(rows / batchSize),
    weights,
    mean: weights,
    square: weights,
    gradient: weights,
    kept: batch * padded(columns),
    active: batch * padded(hidden),
    delta: batch * padded(hidden),
    error: batch,
    lanes: 64,
  };
}

export const ARRAYS = [
  ...(["x", "y", "order", "inputBits", "hiddenBits", "factors", "weights", "mean", "square", "gradient"] as const),
  ...(["kept", "active", "delta", "error", "lanes"] as const),
] as const;

export type ArrayName = (typeof ARRAYS)[number];
