// Rates that change while training: dropout only in the first half, only in the second, or growing over the first.

import { Dropout, earlyRate, lateRate, linearRate, type RateSchedule } from "hadamask";
import { type ActivationNoise, layerNoise } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

/** A schedule for a rate that changes in the middle of training. */
type MakeSchedule = (rate: number, middle: number) => RateSchedule;

const scheduled =
  (make: MakeSchedule): Activate =>
  ({ rate, inputRate }, model, key, steps) => {
    const middle = Math.max(1, Math.floor(steps / 2));
    return atPlaces(
      placed(model, key, ({ kind, shape }, own): ActivationNoise<never> => {
        const rateAt = make(kind === "inputs" ? inputRate : rate, middle);
        const layer = new Dropout({ rate: 0, key: own });
        const noise = layerNoise(layer, { shape });
        return {
          ...noise,
          train(step, batch) {
            layer.rate = rateAt(step);
            return noise.train(step, batch);
          },
        };
      }),
    );
  };

export const early: Activate = scheduled((rate, middle) => earlyRate({ rate, until: middle }));
export const late: Activate = scheduled((rate, middle) => lateRate({ rate, from: middle }));
export const linear: Activate = scheduled((rate, middle) => linearRate({ from: 0, to: rate, steps: middle }));
