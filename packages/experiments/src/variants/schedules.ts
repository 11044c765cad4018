// Bernoulli dropout whose rates change over the training steps: only in the first half, only in the second, or
// growing over the first.

import { Dropout, earlyRate, lateRate, linearRate, type RateSchedule, siteKey } from "hadamask";
import type { Activate } from "./active.js";
import { fromLayers } from "./from-layers.js";
import { withSites } from "./sites.js";

/** A schedule for a rate that changes in the middle of training. */
type MakeSchedule = (rate: number, middle: number) => RateSchedule;

const scheduled =
  (make: MakeSchedule): Activate =>
  ({ rate, inputRate }, model, key, steps) => {
    const middle = Math.max(1, Math.floor(steps / 2));
    const places = model.places.map(({ name, kind, shape }) => {
      const rateAt = make(kind === "inputs" ? inputRate : rate, middle);
      const layer = new Dropout({ rate: 0, key: siteKey(key, name) });
      const forward = (values: Float32Array, step: number): Float32Array => {
        layer.rate = rateAt(step);
        return layer.forward(values, { step, out: values });
      };
      return { name, shape, forward };
    });
    return { hooks: withSites(model, key, () => undefined).hooks, train: fromLayers(1, places), eval: () => ({}) };
  };

export const early: Activate = scheduled((rate, middle) => earlyRate({ rate, until: middle }));
export const late: Activate = scheduled((rate, middle) => lateRate({ rate, from: middle }));
export const linear: Activate = scheduled((rate, middle) => linearRate({ from: 0, to: rate, steps: middle }));
