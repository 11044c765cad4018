// Dropout of what is not recurrent: the inputs of each step, with new masks, and the last state.

import type { Activate } from "./active.js";
import { inRecurrence, perStep } from "./recurrent.js";

export const zaremba: Activate = ({ rate, inputRate }, model, key) =>
  inRecurrence(model, key, perStep(inputRate), rate);
