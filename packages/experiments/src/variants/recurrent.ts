// Dropout inside of a recurrent layer, and of its last state, as one variant.

import { type Key, type RecurrentDropout, siteKey, zaremba } from "hadamask";
import type { Model } from "../models/model.js";
import { recurrentLayer } from "../models/recurrent.js";
import type { ActiveVariant } from "./active.js";
import { withSites } from "./sites.js";
import { together } from "./together.js";

/** A new mask for the inputs of each step. */
export const perStep = (inputRate: number): RecurrentDropout => (inputRate === 0 ? {} : zaremba({ rate: inputRate }));

/** @param stateRate The rate of the last state, on its way to the dense layer. */
export function inRecurrence(model: Model, key: Key, dropout: RecurrentDropout, stateRate = 0): ActiveVariant {
  const { time } = model.recurrence!;
  const layer = recurrentLayer(model.recurrence!, dropout, siteKey(key, "recurrent"));
  const state = withSites(model, key, ({ shape }) => (stateRate === 0 ? undefined : { rate: stateRate, shape }));
  return together(state, {
    hooks: {
      // The draw of the last state is for its own place.
      recurrent: (x, weights, { state: _, ...draws }) =>
        layer.apply(x, weights, Object.keys(draws).length === 0 ? undefined : draws),
    },
    train: (step, batch) => layer.train(step, batch, time),
    eval: () => ({}),
  });
}
