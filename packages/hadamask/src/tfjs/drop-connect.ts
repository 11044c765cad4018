// DropConnect as a layer of TensorFlow.js: a dense layer that drops single weights.

import * as tf from "@tensorflow/tfjs";
import { rangeError } from "../check.js";
import type { Core, Turn } from "../layers/base/made-of.js";
import { Dropout } from "../layers/dropout.js";
import { multiply } from "./multiply.js";
import { shapesOf } from "./noise-layer.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

/** What `tf.layers.dense` takes, `activation` excepted: that is the business of a layer behind. */
export type TfDropConnectConfig = TfRateConfig &
  Omit<Parameters<typeof tf.layers.dense>[0], "activation"> & {
    /** Whether each row has a mask of its own, or one holds for the batch. Default "sample". */
    readonly maskPer?: "sample" | "batch";
  };

/**
 * A dense layer that drops weights: [rows, inputs] to [rows, units].
 *
 *     training     z = x (M * W) / keep + b       prediction   z = x W + b
 *
 * Decision (s * inputs + i) * units + j is that of weight (i, j) in row s, as for `DropConnect` of `hadamask`; the
 * bias is never dropped. A mask for each row takes rows * inputs * units numbers at a time: with "batch" it is inputs
 * * units.
 */
export class TfDropConnect extends TfRateLayer<Core> {
  static readonly className: string = "DropConnect";
  readonly maskPer: "sample" | "batch";
  /** Owns the weights, and predicts. */
  readonly #dense: tf.layers.Layer;

  constructor(args: TfDropConnectConfig) {
    super(args, (options) => new Dropout(options));
    const { maskPer = "sample" } = args;
    if (maskPer !== "sample" && maskPer !== "batch")
      throw rangeError(TfDropConnect.className, "maskPer", '"sample" or "batch"', maskPer);
    this.maskPer = maskPer;
    const { name: _name, ...dense } = args;
    this.#dense = tf.layers.dense(dense);
    this.supportsMasking = false; // rows are not steps of a sequence
    this.inputSpec = [new tf.InputSpec({ ndim: 2 })];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.#dense.build(shapesOf(inputShape)[0]!);
    for (const weight of this.#dense.trainableWeights) this._trainableWeights.push(weight);
    this.built = true;
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    const [kernel, bias] = this.#dense.trainableWeights.map((weight) => weight.read());
    const rows = this.maskPer === "sample" ? x.shape[0]! : 1;
    const weights = multiply(kernel!.expandDims(0).tile([rows, 1, 1]), this.core, turn);
    const z = rows === 1 ? x.matMul(weights.squeeze([0])) : x.expandDims(1).matMul(weights).squeeze([1]);
    return bias === undefined ? z : z.add(bias);
  }

  protected override get isByRows(): boolean {
    return this.maskPer === "sample";
  }

  protected override quiet([x]: readonly [tf.Tensor]): tf.Tensor {
    return this.#dense.call(x, {}) as tf.Tensor;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    return this.#dense.computeOutputShape(inputShape) as tf.Shape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.#dense.getConfig(), ...super.getConfig(), maskPer: this.maskPer };
  }
}
