// Two variants as one.

import type { ActiveVariant } from "./active.js";

/** Does both; they have draws of different names, and hooks of different kinds. */
export const together = (one: ActiveVariant, other: ActiveVariant): ActiveVariant => ({
  hooks: { ...one.hooks, ...other.hooks },
  train: (step, batch) => ({ ...one.train(step, batch), ...other.train(step, batch) }),
  eval: () => ({ ...one.eval(), ...other.eval() }),
});
