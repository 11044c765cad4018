// The layers for TensorFlow.js beside the library's own: what to make, and on what.

import * as tf from "@tensorflow/tfjs";
import {
  AlphaDropout,
  AttentionDropout,
  DropBlock2D,
  DropBlock3D,
  Dropout,
  DropPath,
  EdgeDropout,
  EmbeddingDropout,
  FeatureAlphaDropout,
  type FloatArray,
  GaussianDropout,
  GaussianNoise,
  key,
  MultiSampleDropout,
  NodeDropout,
  SpatialDropout,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
  TokenDropout,
  UniformDropout,
} from "hadamask";
import { layers, type TfNoiseLayer } from "hadamask/tfjs";

export const SEED = 7;
const common = { seed: SEED, trainingOnly: false } as const;
export const ours = { key: key(SEED) } as const;

/** A layer of the library, as far as it is compared. */
interface LibraryLayer {
  mode: string;
  forward(x: FloatArray, options: never): FloatArray;
  backward(dy: FloatArray): FloatArray;
}

export interface Row {
  readonly name: string;
  readonly tf: () => TfNoiseLayer;
  readonly library: () => LibraryLayer;
  readonly shape: readonly number[];
  /** Inputs behind the first, and what the library's forward takes in their place. */
  readonly others?: { readonly tensors: () => tf.Tensor[]; readonly options: object };
  /** The size of numbers that cancel in the gradient. Default 1. */
  readonly cancels?: number;
}

const words = [7, 4, 7, 9, 4, 4, 9, 7];
const edges = { source: [0, 1, 1, 2, 3, 3], target: [1, 0, 2, 2, 1, 0] };

export const rows: readonly Row[] = [
  {
    name: "dropout",
    tf: () => layers.dropout({ rate: 0.4, ...common }),
    library: () => new Dropout({ rate: 0.4, ...ours }),
    shape: [3, 5],
  },
  {
    name: "spatialDropout1d",
    tf: () => layers.spatialDropout1d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout1D({ rate: 0.5, ...ours }),
    shape: [2, 3, 5],
  },
  {
    name: "spatialDropout2d",
    tf: () => layers.spatialDropout2d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout2D({ rate: 0.5, ...ours }),
    shape: [2, 3, 2, 5],
  },
  {
    name: "spatialDropout2d, channels first",
    tf: () => layers.spatialDropout2d({ rate: 0.5, dataFormat: "channelsFirst", ...common }),
    library: () => new SpatialDropout2D({ rate: 0.5, dataFormat: "channels-first", ...ours }),
    shape: [2, 5, 3, 2],
  },
  {
    name: "spatialDropout3d",
    tf: () => layers.spatialDropout3d({ rate: 0.5, ...common }),
    library: () => new SpatialDropout3D({ rate: 0.5, ...ours }),
    shape: [2, 2, 1, 2, 5],
  },
  {
    name: "gaussianDropout",
    tf: () => layers.gaussianDropout({ rate: 0.3, ...common }),
    library: () => new GaussianDropout({ rate: 0.3, ...ours }),
    shape: [4, 3],
  },
  {
    name: "uniformDropout",
    tf: () => layers.uniformDropout({ rate: 0.2, ...common }),
    library: () => new UniformDropout({ rate: 0.2, ...ours }),
    shape: [4, 3],
  },
  {
    name: "gaussianNoise",
    tf: () => layers.gaussianNoise({ stddev: 1.5, ...common }),
    library: () => new GaussianNoise({ deviation: 1.5, ...ours }),
    shape: [4, 3],
  },
  {
    name: "alphaDropout",
    tf: () => layers.alphaDropout({ rate: 0.4, ...common }),
    library: () => new AlphaDropout({ rate: 0.4, ...ours }),
    shape: [4, 5],
  },
  {
    name: "alphaDropout, one decision a row",
    tf: () => layers.alphaDropout({ rate: 0.4, noiseShape: [null, 1], ...common }),
    library: () => new AlphaDropout({ rate: 0.4, sharedAxes: [1], ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropPath",
    tf: () => layers.dropPath({ rate: 0.5, ...common }),
    library: () => new DropPath({ rate: 0.5, ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropPath, per batch",
    tf: () => layers.dropPath({ rate: 0.5, per: "batch", ...common }),
    library: () => new DropPath({ rate: 0.5, per: "batch", ...ours }),
    shape: [6, 3],
  },
  {
    name: "dropBlock2d",
    tf: () => layers.dropBlock2d({ rate: 0.3, blockSize: 2, ...common }),
    library: () => new DropBlock2D({ rate: 0.3, blockSize: 2, dataFormat: "channels-last", ...ours }),
    shape: [2, 5, 4, 3],
  },
  {
    name: "dropBlock3d",
    tf: () => layers.dropBlock3d({ rate: 0.3, blockSize: [1, 2, 2], blocks: "cut", scaleBy: "place", ...common }),
    library: () =>
      new DropBlock3D({
        rate: 0.3,
        blockSize: [1, 2, 2],
        blocks: "cut",
        scaleBy: "place",
        dataFormat: "channels-last",
        ...ours,
      }),
    shape: [1, 2, 4, 3, 2],
  },
  {
    name: "dropout, shared along an axis",
    tf: () => layers.dropout({ rate: 0.5, noiseShape: [null, 1, 4], ...common }),
    library: () => new SpatialDropout({ rate: 0.5, sharedAxes: [1], ...ours }),
    shape: [3, 2, 4],
  },
  {
    name: "featureAlphaDropout",
    tf: () => layers.featureAlphaDropout({ rate: 0.3, ...common }),
    library: () => new FeatureAlphaDropout({ rate: 0.3, dataFormat: "channels-last", ...ours }),
    shape: [2, 3, 2, 5],
  },
  {
    name: "featureAlphaDropout, channels first",
    tf: () => layers.featureAlphaDropout({ rate: 0.3, dataFormat: "channelsFirst", ...common }),
    library: () => new FeatureAlphaDropout({ rate: 0.3, ...ours }),
    shape: [2, 5, 3],
  },
  {
    name: "nodeDropout",
    tf: () => layers.nodeDropout({ rate: 0.5, ...common }),
    library: () => new NodeDropout({ rate: 0.5, ...ours }),
    shape: [7, 3],
  },
  {
    name: "edgeDropout",
    tf: () => layers.edgeDropout({ rate: 0.5, ...common }),
    library: () => new EdgeDropout({ rate: 0.5, ...ours }),
    shape: [6, 2],
    others: { tensors: edgeTensor, options: { edges } },
  },
  {
    name: "edgeDropout, undirected",
    tf: () => layers.edgeDropout({ rate: 0.5, isUndirected: true, ...common }),
    library: () => new EdgeDropout({ rate: 0.5, isUndirected: true, ...ours }),
    shape: [6],
    others: { tensors: edgeTensor, options: { edges } },
  },
  {
    name: "embeddingDropout",
    tf: () => layers.embeddingDropout({ rate: 0.5, ...common }),
    library: () => new EmbeddingDropout({ rate: 0.5, ...ours }),
    shape: [2, 4, 3],
    others: { tensors: () => [tf.tensor2d(words, [2, 4], "int32")], options: { words } },
  },
  {
    name: "embeddingDropout, tied in the batch",
    tf: () => layers.embeddingDropout({ rate: 0.5, tie: "batch", ...common }),
    library: () => new EmbeddingDropout({ rate: 0.5, tie: "batch", ...ours }),
    shape: [2, 4, 3],
    others: { tensors: () => [tf.tensor2d(words, [2, 4])], options: { words } },
  },
  {
    name: "tokenDropout",
    tf: () => layers.tokenDropout({ rate: 0.5, prefix: 1, ...common }),
    library: () => new TokenDropout({ rate: 0.5, prefix: 1, ...ours }),
    shape: [3, 6, 2],
  },
  {
    name: "attentionDropout",
    tf: () => layers.attentionDropout({ rate: 0.4, ...common }),
    library: () => new AttentionDropout({ rate: 0.4, ...ours }),
    shape: [2, 2, 3, 4],
    cancels: 50, // that of dy here
  },
  {
    name: "attentionDropout of keys",
    tf: () => layers.attentionDropout({ rate: 0.4, drops: "keys", ...common }),
    library: () => new AttentionDropout({ rate: 0.4, drops: "keys", ...ours }),
    shape: [2, 2, 3, 4],
    cancels: 50,
  },
  {
    name: "attentionDropout of heads",
    tf: () => layers.attentionDropout({ rate: 0.4, drops: "heads", ...common }),
    library: () => new AttentionDropout({ rate: 0.4, drops: "heads", ...ours }),
    shape: [2, 4, 3, 4],
    cancels: 50,
  },
  {
    name: "multiSampleDropout",
    tf: () => layers.multiSampleDropout({ rate: 0.5, samples: 3, ...common }),
    library: () => new MultiSampleDropout({ rate: 0.5, samples: 3, ...ours }),
    shape: [4, 3],
  },
];

function edgeTensor(): tf.Tensor[] {
  return [
    tf.tensor2d(
      edges.source.map((source, e) => [source, edges.target[e]!]),
      [6, 2],
      "int32",
    ),
  ];
}
