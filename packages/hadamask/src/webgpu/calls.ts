// What the functions on a device are asked for. Types only.

import type { GaussianStrength } from "../layers/gaussian-dropout.js";
import type { UniformStrength } from "../layers/uniform-dropout.js";
import type { Shape } from "../placement/shape.js";
import type { Key, RateOption, Scaling } from "../types.js";
import type { GpuArray, GpuEncoder } from "./device.js";
import type { Dtype } from "./wgsl/elements.js";

/** What every call takes. */
export interface GpuCall {
  /** Where the result goes. */
  readonly out: GpuArray;
  /** Elements: at most 2^31. */
  readonly length: number;
  /**
   * A `GPUCommandEncoder` of the caller's: the work is written there, and nothing is submitted. Without it the work is
   * submitted to the device's queue.
   */
  readonly encoder?: GpuEncoder;
}

/** The element type of arrays: float16 lies packed, two in each 32-bit word. Default "float32". */
export interface GpuElements {
  readonly dtype?: Dtype;
}

/** Under which key element 0 has which draw. */
export interface GpuDraws {
  readonly key: Key;
  /** The index of the first draw in the stream. Default 0. */
  readonly offset?: number;
}

/** How draws lie over the array, as for `dropout`. */
export interface GpuLayout {
  /** Lengths of the axes; needed with `sharedAxes`. */
  readonly shape?: Shape;
  /** Axes along which all elements share one draw; may be counted from the end. */
  readonly sharedAxes?: readonly number[];
  /** One id for each row of the first axis; rows then draw from 0 under the keys derived for their ids. */
  readonly sampleIds?: ArrayLike<number>;
}

/** Decisions drawn from a key, or given as a packed mask on the device: 1 bit a draw. */
export type GpuDecisions = RateOption &
  GpuLayout &
  ((GpuDraws & { readonly mask?: never }) | { readonly mask: GpuArray; readonly key?: never; readonly offset?: never });

export type GpuDropoutCall = GpuCall &
  GpuElements &
  GpuDecisions & { readonly x: GpuArray; readonly scaling?: Scaling };
export type GpuDropoutBackwardCall = GpuCall &
  GpuElements &
  GpuDecisions & { readonly dy: GpuArray; readonly scaling?: Scaling };
export type GpuMultiplierCall = GpuCall & GpuElements & GpuDecisions & { readonly scaling?: Scaling };
export type GpuAlphaDropoutCall = GpuCall & GpuElements & GpuDecisions & { readonly x: GpuArray };
export type GpuAlphaDropoutBackwardCall = GpuCall & GpuElements & GpuDecisions & { readonly dy: GpuArray };
export type GpuKeepBytesCall = GpuCall & GpuDecisions;
export type GpuMaskCall = GpuCall & GpuDraws & RateOption;
export type GpuGaussianDropoutCall = GpuCall & GpuElements & GpuDraws & GaussianStrength & { readonly x: GpuArray };
export type GpuUniformDropoutCall = GpuCall & GpuElements & GpuDraws & UniformStrength & { readonly x: GpuArray };
export type GpuUniformCall = GpuCall & GpuElements & GpuDraws;
export type GpuNormalCall = GpuUniformCall & {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation. Default 1. */
  readonly deviation?: number;
};
