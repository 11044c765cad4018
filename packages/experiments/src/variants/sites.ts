// Masks of zeros and ones at places of a network, as one variant; or one of several things that a variant does.

import type { Key } from "hadamask";
import { type DropoutSite, dropoutSites } from "hadamask/jax";
import type { Model, Place } from "../models/model.js";
import type { ActiveVariant } from "./active.js";

/** Multiplies what is kept and writes +0 where it is dropped: as all sites do. */
export const multiplied = dropoutSites({}, { key: [0, 0] }).apply;

/** @param siteAt What is dropped at a place, or undefined for nothing there. */
export function withSites(model: Model, key: Key, siteAt: (place: Place) => DropoutSite | undefined): ActiveVariant {
  const places = model.places.flatMap((place) => {
    const site = siteAt(place);
    return site === undefined ? [] : [[place.name, site] as const];
  });
  const { train, eval: none } = dropoutSites(Object.fromEntries(places), { key });
  return {
    hooks: {
      activations(h, { name }, draws) {
        const multiplier = draws[name];
        return multiplier === undefined ? h : multiplied(h, multiplier);
      },
    },
    train,
    eval: none,
    isPlainInPrediction: true, // times ones
  };
}

/** Only the inputs, dropped one by one. */
export const inputSites = (model: Model, key: Key, inputRate: number): ActiveVariant =>
  withSites(model, key, ({ kind, shape }) => (kind === "inputs" ? { rate: inputRate, shape } : undefined));
