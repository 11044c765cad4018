// How much of a training step dropout costs: steps with it and without it, one after the other, medians of both.

import { key } from "hadamask";
import { median } from "../metrics.js";
import type { Model } from "../models/model.js";
import { DEFAULT_MODEL } from "../models/spec.js";
import { activate } from "../variants/activate.js";
import type { ActiveVariant } from "../variants/active.js";
import { readVariant } from "../variants/spec.js";
import type { Batches } from "./batches.js";
import { Network } from "./network.js";

/** Milliseconds of each step; step i with the variant and step i without came right after one another. */
export interface StepTimes {
  /** Masks made anew for each step. */
  readonly withMs: readonly number[];
  readonly withoutMs: readonly number[];
}

/**
 * Times `pairs` steps with `variant` and as many without dropout, taking turns, so that a busy machine slows both
 * alike. The networks are fresh ones: nothing that is being trained is touched.
 */
export function timeSteps(model: Model, variant: ActiveVariant, batches: Batches, pairs: number): StepTimes {
  const order = Uint32Array.from({ length: batches.size }, (_, i) => i);
  const batch = batches.take(order, 0);
  const weights = key(0);
  const networks = [variant, activate(readVariant("none", 0, DEFAULT_MODEL), model, weights, 0)].map(
    (active) => new Network(model, active, weights),
  );
  const times: number[][] = [[], []];
  for (let t = -WARM_UP; t < pairs; t++) {
    for (const i of t % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = performance.now();
      networks[i]!.train(t + WARM_UP, batch, 1e-3, 1e-3);
      if (t >= 0) times[i]!.push(performance.now() - start);
    }
  }
  for (const network of networks) network.release();
  return { withMs: times[0]!, withoutMs: times[1]! };
}

/** The first step compiles, the next ones run in code that is not optimised yet. */
const WARM_UP = 5;

/**
 * The share of a step's time that goes into making and applying masks, at least 0. From the faster half of the steps:
 * the slower ones were interrupted by something else.
 */
export function shareOfStep(model: Model, variant: ActiveVariant, batches: Batches): number {
  const { withMs, withoutMs } = timeSteps(model, variant, batches, 40);
  return Math.max(0, 1 - median(fasterHalf(withoutMs)) / median(fasterHalf(withMs)));
}

const fasterHalf = (times: readonly number[]): number[] =>
  [...times].sort((a, b) => a - b).slice(0, Math.ceil(times.length / 2));
