// From the name of a variant to what it does: the layer of its row in entries.ts, or a function here. The type asks for
// one of both.

import type { Activate } from "./active.js";
import { alpha, featureAlpha } from "./alpha.js";
import { bernoulli } from "./bernoulli.js";
import { channel } from "./channel.js";
import { concrete } from "./concrete.js";
import type { OwnVariant } from "./define.js";
import { dropConnect, dropConnectBatch } from "./drop-connect.js";
import { dropPath } from "./drop-path.js";
import { VARIANTS, type VariantEntry } from "./entries.js";
import { gal, galPerGate } from "./gal.js";
import { layerDrop } from "./layer-drop.js";
import { logitNormal } from "./logit-normal.js";
import { moon } from "./moon.js";
import { multiSample } from "./multi-sample.js";
import { earlyStopping, none, weightDecay } from "./none.js";
import { type LayerEntry, ofLayer } from "./of-layer.js";
import { rDrop } from "./r-drop.js";
import { early, late, linear } from "./schedules.js";
import { semeniuta } from "./semeniuta.js";
import { sparse } from "./sparse.js";
import type { VariantKind } from "./spec.js";
import { variational } from "./variational.js";
import { variationalWeights } from "./variational-weights.js";
import { zaremba } from "./zaremba.js";
import { zoneout } from "./zoneout.js";

/** The variants whose row names a layer. */
type OfLayer = {
  [Kind in VariantKind]: (typeof VARIANTS)[Kind] extends { readonly layer: LayerEntry } ? Kind : never;
}[VariantKind];

const ACTIVATE: Readonly<Record<Exclude<VariantKind, OfLayer>, Activate>> = {
  none,
  "early-stopping": earlyStopping,
  "weight-decay": weightDecay,
  bernoulli,
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
  channel,
  "feature-alpha": featureAlpha,
  "drop-path": dropPath,
  "layer-drop": layerDrop,
  zaremba,
  gal,
  "gal-gates": galPerGate,
  semeniuta,
  moon,
  zoneout,
};

/**
 * @param own Your own variants; the spec's name is looked for in these first.
 */
export function activate(
  ...[spec, model, key, steps, own = []]: [...Parameters<Activate>, own?: readonly OwnVariant[]]
) {
  const { kind } = spec;
  if (kind === "own") {
    const mine = own.find(({ name }) => name === spec.name.split(":")[0])!;
    return mine.activate(spec, model, key, steps);
  }
  const { layer }: VariantEntry = VARIANTS[kind as VariantKind];
  const make = layer === undefined ? ACTIVATE[kind as Exclude<VariantKind, OfLayer>] : ofLayer(layer);
  return make(spec, model, key, steps);
}
