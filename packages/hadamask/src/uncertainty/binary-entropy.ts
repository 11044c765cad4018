// Entropy of one label that is there or not. Pure functions of numbers.

import { plogp } from "./pass-table.js";

/** -p log p - (1 - p) log(1 - p), in nats. */
export const binaryEntropy: (p: number) => number = (p) => -plogp(p) - plogp(1 - p);
