// The programs of source 001, run on PyTorch's own CPU stream: what they print on a machine. Its p drops: `rate` here.

import { unpackMask } from "hadamask";
import { TorchCpu, torchCpu } from "hadamask/streams";
import { flag, hadamard, sum, times } from "../vectors.js";

export const DEMO_X = [2, 4, 6, 8];
export const DEMO_RATE = 0.5;
export const DEMO_SEED = 42;
/** The mask that the source prints for its seed, and uses in its example by hand. */
export const CLAIMED_MASK = [1, 0, 1, 0];

/** `(torch.rand_like(x) > rate)`: the mask of the source's own layer, from one 32-bit word an element. */
export function handMask(seed: number, n: number, rate: number, dtype: "float32" | "float64" = "float32"): number[] {
  const stream = torchCpu(seed);
  if (dtype === "float64") return Array.from(stream.rand(n, { dtype }), (u) => flag(u > rate));
  return Array.from(stream.rand(n), (u) => flag(u > Math.fround(rate)));
}

/** The mask of `nn.Dropout(rate)` after the same seed: two words an element, and the other side of the comparison. */
export function layerMask(seed: number, n: number, rate: number, kernel: "default" | "mkl" = "default"): number[] {
  return Array.from(unpackMask(new TorchCpu(seed, kernel).keepMask(n, { rate }), n));
}

export interface Demo {
  readonly mask: readonly number[];
  readonly y: readonly number[];
  readonly loss: number;
  readonly gradient: readonly number[];
}

/** What the first demo computes from a mask: y = x m / (1 - rate), L = sum(y), dL/dx. */
export function demoOf(mask: readonly number[]): Demo {
  const y = times(1 / (1 - DEMO_RATE), hadamard(DEMO_X, mask));
  return { mask, y, loss: sum(y), gradient: times(1 / (1 - DEMO_RATE), mask) };
}

export interface FigureData {
  readonly x: Float32Array;
  readonly uniforms: Float32Array;
  readonly mask: readonly number[];
}

/** The numbers of the source's figure: ten normals, then ten uniforms, from seed 42. */
export function figureData(): FigureData {
  const stream = torchCpu(DEMO_SEED);
  const x = stream.randn(10);
  const uniforms = stream.rand(10);
  return { x, uniforms, mask: Array.from(uniforms, (u) => flag(u > DEMO_RATE)) };
}
