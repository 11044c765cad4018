// No dropout: nothing is changed and nothing is drawn.

import type { Activate } from "./active.js";

export const none: Activate = () => ({ hooks: {}, train: () => ({}), eval: () => ({}) });
