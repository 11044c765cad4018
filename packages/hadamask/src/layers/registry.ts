// All layers by name, to make one from a saved state of any kind.

import { rangeError, typeError } from "../check.js";
import type { MaskStream } from "../random/source.js";
import { AlphaDropout } from "./alpha-dropout.js";
import { AttentionDropout } from "./attention-dropout.js";
import type { LayerState, StochasticLayer } from "./base/stochastic-layer.js";
import {
  Dropout1d,
  Dropout2d,
  Dropout3d,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "./channel-dropout.js";
import { ConcreteDropout } from "./concrete-dropout.js";
import { DropBlock2D, DropBlock3D } from "./drop-block.js";
import { DropPath } from "./drop-path.js";
import { Dropout } from "./dropout.js";
import { EdgeDropout } from "./edge-dropout.js";
import { EmbeddingDropout } from "./embedding-dropout.js";
import { FeatureAlphaDropout } from "./feature-alpha-dropout.js";
import { GaussianDropout } from "./gaussian-dropout.js";
import { GaussianNoise } from "./gaussian-noise.js";
import { LogitNormalDropout } from "./logit-normal-dropout.js";
import { MultiSampleDropout } from "./multi-sample-dropout.js";
import { NodeDropout } from "./node-dropout.js";
import { DropoutGRU, DropoutLSTM, DropoutRNN } from "./recurrent/layers.js";
import { SpatialDropout } from "./spatial-dropout.js";
import { TokenDropout } from "./token-dropout.js";
import { UniformDropout } from "./uniform-dropout.js";
import { VariationalDropout } from "./variational-dropout.js";
import { VariationalLogitNormalDropout } from "./variational-logit-normal-dropout.js";
import { DropConnect } from "./weights/drop-connect.js";
import { SparseVariationalDense } from "./weights/sparse-variational-dense.js";
import { VariationalDense } from "./weights/variational-dense.js";
import { WordDropout } from "./word-dropout.js";

type FromState = (state: never, options: { readonly stream?: MaskStream }) => StochasticLayer<unknown>;

/** A new layer adds itself here. (`LayerDrop` cannot: it is made of layers, which have states of their own.) */
const LAYERS: Readonly<Record<string, { readonly fromState: FromState }>> = {
  AlphaDropout,
  AttentionDropout,
  ConcreteDropout,
  DropBlock2D,
  DropBlock3D,
  DropConnect,
  Dropout,
  Dropout1d,
  Dropout2d,
  Dropout3d,
  DropoutGRU,
  DropoutLSTM,
  DropoutRNN,
  DropPath,
  EdgeDropout,
  EmbeddingDropout,
  FeatureAlphaDropout,
  GaussianDropout,
  GaussianNoise,
  LogitNormalDropout,
  MultiSampleDropout,
  NodeDropout,
  SparseVariationalDense,
  SpatialDropout,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  TokenDropout,
  UniformDropout,
  VariationalDense,
  VariationalDropout,
  VariationalLogitNormalDropout,
  WordDropout,
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
