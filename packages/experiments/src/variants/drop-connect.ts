// DropConnect on every layer: weights after the inputs with the input rate, the others with the rate.

import { dropConnect as dropConnectNoise } from "hadamask/jax";
import type { Activate } from "./active.js";
import { onLayers, withWeightNoise } from "./weights.js";

const dropConnectPer =
  (maskPer: "sample" | "batch"): Activate =>
  ({ rate, inputRate }, model, key) =>
    withWeightNoise(
      onLayers(model, key, (layer, sizes) =>
        dropConnectNoise({ ...sizes, rate: layer === 0 ? inputRate : rate, maskPer }),
      ),
    );

export const dropConnect: Activate = dropConnectPer("sample");
export const dropConnectBatch: Activate = dropConnectPer("batch");
