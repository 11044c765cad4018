// Channel dropout, known as spatial dropout: whole feature maps of a row go; inputs one by one.

import type { Activate } from "./active.js";
import { withSites } from "./sites.js";

export const channel: Activate = ({ rate, inputRate }, model, key) =>
  withSites(model, key, ({ kind, shape }) =>
    kind === "inputs" ? { rate: inputRate, shape } : { rate, shape: [1, 1, shape.at(-1)!] },
  );
