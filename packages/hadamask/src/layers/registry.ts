// All layers by name, to make one from a saved state of any kind.

import { rangeError, typeError } from "../check.js";
import type { MaskStream } from "../random/source.js";
import {
  Dropout1d,
  Dropout2d,
  Dropout3d,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "./channel-dropout.js";
import { ConcreteDropout } from "./concrete-dropout.js";
import { DropConnect } from "./drop-connect.js";
import { Dropout } from "./dropout.js";
import { GaussianDropout } from "./gaussian-dropout.js";
import { LogitNormalDropout } from "./logit-normal-dropout.js";
import { DropoutGRU, DropoutLSTM, DropoutRNN } from "./recurrent.js";
import { SparseVariationalDense } from "./sparse-variational-dense.js";
import { SpatialDropout } from "./spatial-dropout.js";
import type { LayerState, StochasticLayer } from "./stochastic-layer.js";
import { VariationalDense } from "./variational-dense.js";
import { VariationalDropout } from "./variational-dropout.js";
import { VariationalLogitNormalDropout } from "./variational-logit-normal-dropout.js";

type FromState = (state: never, options: { readonly stream?: MaskStream }) => StochasticLayer<unknown>;

/** A new layer adds itself here. */
const LAYERS: Readonly<Record<string, { readonly fromState: FromState }>> = {
  ConcreteDropout,
  DropConnect,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  DropoutGRU,
  DropoutLSTM,
  DropoutRNN,
  GaussianDropout,
  LogitNormalDropout,
  SparseVariationalDense,
  SpatialDropout,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  VariationalDense,
  VariationalDropout,
  VariationalLogitNormalDropout,
};

/**
 * Makes a layer of any kind from its state: the class is the one that the state names.
 *
 * @param state What `layer.state` gave, or its JSON parsed.
 * @param options `stream`, for a layer that was on one.
 * @throws {TypeError | RangeError} If the state names no layer of this library, or is not complete.
 * @example
 * ```ts
 * import { Dropout, GaussianDropout, key, layerFromState } from "hadamask";
 * const layers = [new Dropout({ rate: 0.2, key: key(1) }), new GaussianDropout({ rate: 0.5, key: key(2) })];
 * const saved = JSON.parse(JSON.stringify(layers));
 * console.log(saved.map((state) => layerFromState(state).name)); // [ 'Dropout', 'GaussianDropout' ]
 * ```
 */
export function layerFromState(
  state: LayerState,
  options: { readonly stream?: MaskStream } = {},
): StochasticLayer<unknown> {
  const where = "layerFromState";
  if (typeof state?.layer !== "string") throw typeError(where, "state", "the state of a layer", state);
  if (!Object.hasOwn(LAYERS, state.layer)) {
    throw rangeError(where, "state.layer", "the name of a layer", state.layer);
  }
  return LAYERS[state.layer]!.fromState(state as never, options);
}
