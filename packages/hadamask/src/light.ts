/**
 * Keys, masks and dropout by element with the plain kernel alone, for pages that count every kilobyte. Same functions,
 * same bits as `hadamask`.
 *
 * @module hadamask/light
 */
// Re-exports only.

export { type DropoutOptions, dropout, dropoutBackward } from "./layers/dropout.js";
export { keepMask } from "./noise/bernoulli.js";
export { packMask, unpackMask } from "./placement/mask-bits.js";
export { foldIn, key, split } from "./random/key.js";
export type { FloatArray, FloatInput, Key, Mode, PackedMask, RateOption, Scaling } from "./types.js";
