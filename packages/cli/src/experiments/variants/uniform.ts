// Uniform dropout: evenly spread multipliers in place of zeros and ones, at the same places.

import { uniformDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

export const uniform: Activate = ({ rate, inputRate }, shape, key) =>
  atPlaces(
    placed(shape, key, (place, units, own) =>
      uniformDropout({ rate: place === 0 ? inputRate : rate, shape: units, key: own }),
    ),
  );
