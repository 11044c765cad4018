// One mask for all steps on the cell state of an LSTM; and the inputs of each step.

import { moon as ofCell } from "hadamask";
import type { Activate } from "./active.js";
import { inRecurrence, perStep } from "./recurrent.js";

export const moon: Activate = ({ rate, inputRate }, model, key) =>
  inRecurrence(model, key, { ...perStep(inputRate), ...ofCell({ rate }) });
