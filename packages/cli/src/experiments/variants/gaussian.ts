// Gaussian dropout: normal multipliers in place of zeros and ones, at the same places.

import { gaussianDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

export const gaussian: Activate = ({ rate, inputRate }, shape, key) =>
  atPlaces(
    placed(shape, key, (place, units, own) =>
      gaussianDropout({ rate: place === 0 ? inputRate : rate, shape: units, key: own }),
    ),
  );
