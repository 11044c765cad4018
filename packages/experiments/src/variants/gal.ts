// One mask for all steps of a sequence, on inputs and recurrent connections, for all gates or for each; and the last
// state.

import { gal as tied } from "hadamask";
import type { Activate } from "./active.js";
import { inRecurrence } from "./recurrent.js";

const galWith =
  (gates: "shared" | "each"): Activate =>
  ({ rate, inputRate }, model, key) =>
    inRecurrence(model, key, tied({ input: { rate: inputRate }, recurrent: { rate }, gates }), rate);

export const gal: Activate = galWith("shared");
export const galPerGate: Activate = galWith("each");
