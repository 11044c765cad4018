// Bernoulli dropout whose rates change over the training steps: only in the first half, only in the second, or growing over the first.

import { numpy as np } from "@jax-js/jax";
import { Dropout, earlyRate, lateRate, linearRate, type RateSchedule, siteKey } from "hadamask";
import type { Activate } from "./active.js";
import { withSites } from "./sites.js";

/** A schedule that reaches `rate`, and changes after so many steps. */
type MakeSchedule = (rate: number, half: number) => RateSchedule;

const scheduled =
  (make: MakeSchedule): Activate =>
  ({ rate, inputRate }, model, key, steps) => {
    const half = Math.max(1, Math.floor(steps / 2));
    const places = model.places.map(({ name, kind, shape }) => ({
      name,
      shape,
      rateAt: make(kind === "inputs" ? inputRate : rate, half),
      layer: new Dropout({ rate: 0, key: siteKey(key, name) }),
    }));
    return {
      hooks: withSites(model, key, () => undefined).hooks,
      train: (step, batch) =>
        Object.fromEntries(
          places.map(({ name, shape: row, rateAt, layer }) => {
            const shape = [batch, ...row];
            const ones = new Float32Array(shape.reduce((product, size) => product * size)).fill(1);
            layer.rate = rateAt(step);
            return [name, np.array(layer.forward(ones, { step, out: ones }), { shape })];
          }),
        ),
      eval: () => ({}),
    };
  };

export const early: Activate = scheduled((rate, half) => earlyRate({ rate, until: half }));
export const late: Activate = scheduled((rate, half) => lateRate({ rate, from: half }));
export const linear: Activate = scheduled((rate, half) => linearRate({ from: 0, to: rate, steps: half }));
