// What real libraries gave when they were run, for rows that say what a library does. `python
// oracles/verify_recorded.py` prints the numbers of PyTorch, Keras and JAX, `node oracles/verify-recorded.mjs` those
// of TensorFlow.js.

/** PyTorch 2.13 (CPU), `MyDropout` of source 001 as it stands there; input [2, 4, 6, 8], `manual_seed(42)`. */
export const HAND_WRITTEN = {
  mask: [1, 1, 0, 1],
  train: [4, 8, 0, 16],
  gradient: [2, 2, 0, 2],
  eval: [2, 4, 6, 8],
} as const;

/** The same class at rate 1 on [2, 3]; and at rate 1/2 on [2, 3, infinity] after `manual_seed(42)`. */
export const HAND_WRITTEN_ENDS = { rateOne: [Number.NaN, Number.NaN], droppedInfinity: [4, 6, Number.NaN] } as const;

/** PyTorch 2.13, `nn.Dropout(0.6).eval()` on ten ones. */
export const TORCH_EVAL = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] as const;

/** What dropout at rate 1/2 makes of a one that it keeps. */
export const KEPT_FACTORS = {
  "PyTorch 2.13 F.dropout": 2,
  "PyTorch 2.13 nn.Dropout2d": 2,
  "Keras 3.15 Dropout": 2,
  "TensorFlow.js 4.22 layers.dropout": 2,
} as const;

/** TensorFlow.js 4.22, `layers.dropout({ rate: 1 })` in training on [1, -2, 3]. */
export const TFJS_RATE_ONE = [1, -2, 3] as const;

/** Keras 3.15: what the first training call of these layers at rate 1 raises. */
export const KERAS_AT_ONE = {
  AlphaDropout: "ZeroDivisionError",
  GaussianDropout: "ZeroDivisionError",
} as const;

/** JAX 0.10: value and gradient of where(mask, x / q, 0), equinox.nn.Dropout's formula, at q = 1 - p = 0. */
export const WHERE_AT_ONE = { value: 0, gradient: Number.NaN } as const;
