// DropBlock as layers of TensorFlow.js.

import * as tf from "@tensorflow/tfjs";
import type { Core, Turn } from "../layers/base/made-of.js";
import { DropBlock2D, DropBlock3D, type DropBlockOptions } from "../layers/drop-block.js";
import { multiply } from "./multiply.js";

import { checkTfDataFormat, ourFormat, type TfDataFormat } from "./noise-shape.js";
import { type TfRateConfig, TfRateLayer } from "./rate-layer.js";

export type TfDropBlockConfig = TfRateConfig & {
  readonly blockSize: DropBlockOptions["blockSize"];
  readonly blocks?: "inside" | "cut";
  readonly channels?: "own" | "shared";
  readonly scaleBy?: "sample" | "place";
  /** Default "channelsLast". */
  readonly dataFormat?: TfDataFormat | null;
};

type BlockLayer = typeof DropBlock2D | typeof DropBlock3D;

abstract class TfDropBlock extends TfRateLayer<Core> {
  readonly blockSize: DropBlockOptions["blockSize"];
  readonly #rest: { readonly [name: string]: string };

  protected constructor(args: TfDropBlockConfig, name: string, Layer: BlockLayer, rank: number) {
    const { blockSize, blocks = "inside", channels = "own", scaleBy = "sample" } = args;
    const format = checkTfDataFormat(name, args.dataFormat);
    const settings = { blockSize, blocks, channels, scaleBy, dataFormat: ourFormat(format) };
    super(args, (options) => new Layer({ ...options, ...settings }));
    this.blockSize = blockSize;
    this.#rest = { blocks, channels, scaleBy, dataFormat: format };
    this.inputSpec = [new tf.InputSpec({ ndim: rank })];
  }

  protected noisy([x]: readonly [tf.Tensor], turn: Turn): tf.Tensor {
    return multiply(x, this.core, turn);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), blockSize: this.blockSize as never, ...this.#rest };
  }
}

/** DropBlock of feature maps [N, H, W, C], at the rate that was asked for. */
export class TfDropBlock2D extends TfDropBlock {
  static readonly className: string = "DropBlock2D";

  constructor(args: TfDropBlockConfig) {
    super(args, TfDropBlock2D.className, DropBlock2D, 4);
  }
}

/** DropBlock of feature maps [N, D, H, W, C]. */
export class TfDropBlock3D extends TfDropBlock {
  static readonly className: string = "DropBlock3D";

  constructor(args: TfDropBlockConfig) {
    super(args, TfDropBlock3D.className, DropBlock3D, 5);
  }
}
