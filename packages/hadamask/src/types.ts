// The vocabulary that every part shares. Knows nothing of how anything is computed.

/** Who is random: two 32-bit words. Make one with `key(seed)`, derive others with `foldIn` and `split`. */
export type Key = readonly [number, number];

/** Arrays that layers and kernels work on. What goes in decides the element type of what comes out. */
export type FloatArray = Float32Array | Float64Array;

/** What the functions accept as values: typed arrays keep their type, plain arrays become `Float64Array`. */
export type FloatInput = FloatArray | readonly number[];

/** The array type that belongs to an input: the same one for typed arrays, `Float64Array` for plain ones. */
export type Like<X extends FloatInput> = X extends Float32Array
  ? Float32Array
  : X extends Float64Array
    ? Float64Array
    : X extends readonly number[]
      ? Float64Array
      : FloatArray;

/** `train` and `sample` draw masks (`sample` at prediction time: Monte-Carlo dropout), `eval` does not. */
export type Mode = "train" | "eval" | "sample";

/**
 * When the scale is applied.
 *
 *     "inverted"   train and sample: m * x / keep     eval: x
 *     "classic"    train and sample: m * x            eval: keep * x
 */
export type Scaling = "inverted" | "classic";

/**
 * Also "none", for residual branches: train and sample m * x, eval x. The mean is that of neither; use it to follow
 * work that has it (timm's `scale_by_keep=False`), or where a normalisation follows.
 */
export type PathScaling = Scaling | "none";

/** Exactly one of `rate` (probability of dropping) and `keep` (probability of keeping, 1 - rate). */
export type RateOption =
  | {
      /** Probability of dropping, in [0, 1]: 0.1 drops 10 %. */
      rate: number;
      keep?: never;
    }
  | {
      /** Probability of keeping, in [0, 1]: 1 - rate; give it instead of `rate`. */
      keep: number;
      rate?: never;
    };

/**
 * Decisions, 1 bit an element: element i owns bit `i mod 32`, least significant first, of word `i div 32`;
 * 1 is kept; bits past the last element are 0.
 */
export type PackedMask = Uint32Array;
