// Dropout of what is added to the memory of a recurrent cell, which itself is never dropped; and the inputs of each
// step.

import { semeniuta as ofUpdate } from "hadamask";
import type { Activate } from "./active.js";
import { inRecurrence, perStep } from "./recurrent.js";

export const semeniuta: Activate = ({ rate, inputRate }, model, key) =>
  inRecurrence(model, key, { ...perStep(inputRate), ...ofUpdate({ rate }) });
