// One pass through dropout and back, with everything that is to be seen of it. Knows no text and no figure.

import { isRefusal } from "@hadamask/experiments/settings";
import {
  type DropoutOptions,
  dropout,
  dropoutBackward,
  type Key,
  keepMask,
  type Mode,
  type RateOption,
  type Scaling,
  unpackMask,
} from "hadamask";
import { checkGradient } from "hadamask/theory";

/** The losses whose gradient can be shown. */
export type LossName = "sum" | "sum-of-squares";

/** Where the gradient with respect to y comes from: a loss, or given by hand. */
export type Upstream = { readonly loss: LossName } | { readonly grad: readonly number[] };

export interface PassRequest {
  readonly x: readonly number[];
  readonly rate: RateOption;
  /** Decisions given by hand, one 0 or 1 an element; without them they are drawn from `key`. */
  readonly mask?: readonly number[];
  readonly key: Key;
  readonly mode: Mode;
  readonly scaling: Scaling;
  readonly upstream: Upstream;
}

/** What happened; also the object that `--json` prints. */
export interface Pass {
  readonly rate: number;
  readonly keep: number;
  /** The factor of a kept element; null where rate is 1 and none is kept. */
  readonly scale: number | null;
  readonly mode: Mode;
  readonly scaling: Scaling;
  readonly x: readonly number[];
  /** 1 kept, 0 dropped; null in mode "eval". */
  readonly mask: readonly number[] | null;
  readonly y: readonly number[];
  /** null where the gradient was given instead of a loss. */
  readonly loss: number | null;
  readonly dy: readonly number[];
  readonly dx: readonly number[];
}

/**
 * Runs `x` forward and the gradient back, with one mask.
 *
 * @throws {TypeError | RangeError} What the library refuses: rates, masks and lengths that do not fit.
 */
export function runPass(request: PassRequest): Pass {
  const { x, mode, scaling, upstream } = request;
  const mask = mode === "eval" ? null : maskOf(request);
  const options = optionsOf(request, mask);
  const y = [...dropout(x, options)];
  const dy = gradientOf(upstream, y);
  if (dy.length !== x.length) {
    throw new RangeError(`explain: grad must have ${x.length} elements like x, got ${dy.length}`);
  }
  const dx = [...dropoutBackward(dy, options)];
  const keep = request.rate.keep ?? 1 - request.rate.rate;
  const rate = request.rate.rate ?? 1 - keep;
  const loss = "grad" in upstream ? null : lossOf(upstream, y);
  return { rate, keep, scale: scaleOf(keep, mode, scaling), mode, scaling, x, mask, y, loss, dy, dx };
}

/**
 * How far `pass.dx` is from central differences of the loss with the same mask, relative to the largest component;
 * undefined where the loss is not finite near x.
 * Where the gradient was given, the loss is the linear one that has it: `sum(grad * y)`.
 */
export function gradientError(request: PassRequest, pass: Pass): number | undefined {
  const options = optionsOf(request, pass.mask);
  try {
    return checkGradient((x) => lossOf(request.upstream, [...dropout(x, options)]), request.x, pass.dx).error;
  } catch (error) {
    if (isRefusal(error)) return undefined; // the loss is not finite near x
    throw error;
  }
}

/** The gradient that the same loss would send back without dropout. */
export function gradientWithout({ x, upstream }: PassRequest): readonly number[] {
  return gradientOf(upstream, x);
}

const optionsOf = ({ rate, scaling }: PassRequest, mask: readonly number[] | null): DropoutOptions =>
  mask === null ? { ...rate, scaling, mode: "eval" } : { ...rate, scaling, mask };

function maskOf({ x, rate, mask, key }: PassRequest): readonly number[] {
  if (mask === undefined) return [...unpackMask(keepMask(x.length, { ...rate, key }), x.length)];
  const keepsNothing = rate.rate === 1 || rate.keep === 0;
  if (keepsNothing && mask.includes(1)) {
    throw new RangeError(`explain: mask must be 0 everywhere at rate 1, got 1 for element ${mask.indexOf(1)}`);
  }
  return mask;
}

function scaleOf(keep: number, mode: Mode, scaling: Scaling): number | null {
  if (mode === "eval") return scaling === "inverted" ? 1 : keep;
  if (scaling === "classic") return 1;
  return keep === 0 ? null : 1 / keep;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function lossOf(upstream: Upstream, y: readonly number[]): number {
  if ("grad" in upstream) return sum(y.map((value, i) => value * upstream.grad[i]!));
  return upstream.loss === "sum" ? sum(y) : sum(y.map((value) => value * value));
}

/** The gradient of the loss with respect to the output. */
function gradientOf(upstream: Upstream, y: readonly number[]): readonly number[] {
  if ("grad" in upstream) return upstream.grad;
  return upstream.loss === "sum" ? y.map(() => 1) : y.map((value) => 2 * value);
}
