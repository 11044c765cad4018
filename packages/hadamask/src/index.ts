// The public library: re-exports only.

export {
  Dropout,
  type DropoutOptions,
  type DropoutState,
  dropout,
  dropoutBackward,
  type GivenMask,
} from "./layers/dropout.js";
export { keepMask } from "./noise/bernoulli.js";
export { packMask, unpackMask } from "./noise/mask-bits.js";
export { foldIn, key, split } from "./random/key.js";
export type { FloatArray, FloatInput, Key, Like, Mode, PackedMask, RateOption, Scaling } from "./types.js";
