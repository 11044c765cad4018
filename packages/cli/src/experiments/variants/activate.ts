// From the name of a variant to what it does. The type asks for an entry for every kind in spec.ts.

import type { Activate } from "./active.js";
import { bernoulli } from "./bernoulli.js";
import { none } from "./none.js";
import type { VariantKind } from "./spec.js";

const ACTIVATE: Readonly<Record<VariantKind, Activate>> = { none, bernoulli };

export const activate: Activate = (spec, shape, key) => ACTIVATE[spec.kind](spec, shape, key);
