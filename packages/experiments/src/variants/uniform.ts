// Uniform dropout: evenly spread multipliers in place of zeros and ones, at the same places.

import { uniformDropout } from "hadamask/jax";
import type { Activate } from "./active.js";
import { atPlaces, placed } from "./places.js";

export const uniform: Activate = ({ rate, inputRate }, model, key) =>
  atPlaces(
    placed(model, key, (place, own) =>
      uniformDropout({ rate: place.kind === "inputs" ? inputRate : rate, shape: place.shape, key: own }),
    ),
  );
