// From the name of a variant to what it does. The type asks for an entry for every kind in spec.ts.

import type { Activate } from "./active.js";
import { alpha } from "./alpha.js";
import { bernoulli } from "./bernoulli.js";
import { concrete } from "./concrete.js";
import { dropConnect, dropConnectBatch } from "./drop-connect.js";
import { gaussian } from "./gaussian.js";
import { logitNormal } from "./logit-normal.js";
import { none } from "./none.js";
import { sparse } from "./sparse.js";
import type { VariantKind } from "./spec.js";
import { uniform } from "./uniform.js";
import { variational } from "./variational.js";
import { variationalWeights } from "./variational-weights.js";

const ACTIVATE: Readonly<Record<VariantKind, Activate>> = {
  none,
  bernoulli,
  gaussian,
  uniform,
  alpha,
  variational,
  concrete,
  "logit-normal": logitNormal,
  dropconnect: dropConnect,
  "dropconnect-batch": dropConnectBatch,
  "variational-weights": variationalWeights,
  sparse,
};

export const activate: Activate = (spec, shape, key) => ACTIVATE[spec.kind](spec, shape, key);
