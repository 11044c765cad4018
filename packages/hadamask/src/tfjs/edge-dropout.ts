// Dropout of the edges of a graph as a layer of TensorFlow.js.

import * as tf from "@tensorflow/tfjs";
import type { Core, Turn } from "../layers/base/made-of.js";
import { EdgeDropout } from "../layers/edge-dropout.js";
import { multiply } from "./multiply.js";

import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfEdgeDropoutConfig = TfRateConfig & {
  /** True where an edge and its reverse are one edge, and are kept or dropped together. Default false. */
  readonly isUndirected?: boolean;
};

/**
 * Drops edges with all that is sent along them. Two inputs: messages [edges, …] and the edges [edges, 2], source and
 * target of each; the graph is the batch. The edges are read back from the engine.
 */
export class TfEdgeDropout extends TfRateLayer<Core> {
  static readonly className: string = "EdgeDropout";
  readonly isUndirected: boolean;

  constructor(args: TfEdgeDropoutConfig) {
    const { isUndirected = false } = args;
    super(args, (options) => new EdgeDropout({ ...options, isUndirected }));
    this.isUndirected = isUndirected;
    this.supportsMasking = false; // edges are not steps of a sequence
    this.inputSpec = [new tf.InputSpec({ minNDim: 1 }), new tf.InputSpec({ ndim: 2, axes: { 1: 2 } })];
  }

  protected noisy([x, ends]: readonly [tf.Tensor, tf.Tensor], turn: Turn): tf.Tensor {
    const nodes = ends.dataSync();
    const edges = { source: nodes.filter((_, i) => i % 2 === 0), target: nodes.filter((_, i) => i % 2 === 1) };
    return multiply(
      x,
      this.core,
      turn,
      x.shape.map((length, axis) => (axis === 0 ? length : 1)),
      { edges },
    );
  }

  /** The graph is the batch: edges are not rows. */
  protected override get isByRows(): boolean {
    return false;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), isUndirected: this.isUndirected };
  }
}
