// From the name of a variant to what it does. The type asks for an entry for every kind in spec.ts.

import type { Activate } from "./active.js";
import { alpha, featureAlpha } from "./alpha.js";
import { bernoulli } from "./bernoulli.js";
import { channel } from "./channel.js";
import { concrete } from "./concrete.js";
import { dropBlock } from "./drop-block.js";
import { dropConnect, dropConnectBatch } from "./drop-connect.js";
import { dropPath } from "./drop-path.js";
import { gal, galPerGate } from "./gal.js";
import { gaussian } from "./gaussian.js";
import { gaussianNoise } from "./gaussian-noise.js";
import { layerDrop } from "./layer-drop.js";
import { logitNormal } from "./logit-normal.js";
import { moon } from "./moon.js";
import { multiSample } from "./multi-sample.js";
import { none } from "./none.js";
import { rDrop } from "./r-drop.js";
import { early, late, linear } from "./schedules.js";
import { semeniuta } from "./semeniuta.js";
import { sparse } from "./sparse.js";
import type { VariantKind } from "./spec.js";
import { uniform } from "./uniform.js";
import { variational } from "./variational.js";
import { variationalWeights } from "./variational-weights.js";
import { zaremba } from "./zaremba.js";
import { zoneout } from "./zoneout.js";

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
  early,
  late,
  linear,
  "multi-sample": multiSample,
  "r-drop": rDrop,
  "gaussian-noise": gaussianNoise,
  channel,
  "feature-alpha": featureAlpha,
  "drop-block": dropBlock,
  "drop-path": dropPath,
  "layer-drop": layerDrop,
  zaremba,
  gal,
  "gal-gates": galPerGate,
  semeniuta,
  moon,
  zoneout,
};

export const activate: Activate = (spec, model, key, steps) => ACTIVATE[spec.kind](spec, model, key, steps);
