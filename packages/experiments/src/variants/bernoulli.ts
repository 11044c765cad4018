// Dropout as everybody knows it: single inputs, and single units or places of feature maps after the activation.

import type { Activate } from "./active.js";
import { withSites } from "./sites.js";

export const bernoulli: Activate = ({ rate, inputRate }, model, key) =>
  withSites(model, key, ({ kind, shape }) => ({ rate: kind === "inputs" ? inputRate : rate, shape }));
