// Units that keep their previous value at a step now and then (in an LSTM its cells too); and dropout of the inputs
// of each step.

import { zoneout as keeping } from "hadamask";
import type { Activate } from "./active.js";
import { inRecurrence, perStep } from "./recurrent.js";

export const zoneout: Activate = ({ rate, inputRate }, model, key) => {
  const cell = model.recurrence!.cell === "lstm" ? { cell: rate } : {};
  return inRecurrence(model, key, { ...perStep(inputRate), ...keeping({ hidden: rate, ...cell }) });
};
