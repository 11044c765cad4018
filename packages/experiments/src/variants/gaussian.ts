// Gaussian dropout: normal multipliers in place of zeros and ones, at the same places.

import { gaussianDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

export const gaussian: Activate = ({ rate, inputRate }, model, key) =>
  atPlaces(
    placed(model, key, (place, own) =>
      gaussianDropout({ rate: place.kind === "inputs" ? inputRate : rate, shape: place.shape, key: own }),
    ),
  );
