// DropBlock: dropout of square pieces of feature maps, at the rate that was asked for.

import { checkIdsHaveKey, rangeError, sizeOf, toFloatArray } from "../check.js";
import { drawLaidOut, multiplyAll } from "../noise/bernoulli.js";
import { type BlockPlacement, blockCovers, blockGrid, seedDensity } from "../placement/blocks.js";
import { checkShape, layoutOf, type Shape } from "../placement/shape.js";
import type { FloatInput, Like, RateOption } from "../types.js";
import { type BlockMaps, multiplyByBlocks } from "./base/block-maps.js";
import {
  DecisionLayer,
  type DecisionLayerState,
  type DecisionPassOptions,
  type Effect,
} from "./base/decision-layer.js";
import { checkDataFormat, shapeOf } from "./base/pass-shape.js";
import { resume } from "./base/resume.js";
import type { LayerOptions } from "./base/stochastic-layer.js";
import type { DataFormat } from "./channel-dropout.js";
import { type BlockOptions, checkBlockSize, checkPlacement, DROP_BLOCK_TAKES } from "./drop-block-rates.js";

export type DropBlockOptions = RateOption &
  LayerOptions &
  BlockOptions & {
    /** Whether each channel has blocks of its own, or all channels of a sample share them. Default "own". */
    readonly channels?: "own" | "shared" | undefined;
    /**
     * What kept elements are multiplied by. "sample": the elements of their sample over those of them that are kept,
     * so that the mean of a constant sample does not change. "place": 1 / (the probability that their place is kept),
     * so that E[y] = x. Default "sample".
     */
    readonly scaleBy?: "sample" | "place" | undefined;
    /** Default "channels-first". */
    readonly dataFormat?: DataFormat | undefined;
  };

export interface DropBlockPassOptions extends DecisionPassOptions {
  /** Lengths of the axes of `x`. */
  readonly shape: Shape;
  /** One id for each sample: its blocks depend on its id, and not on its place in the batch. */
  readonly sampleIds?: ArrayLike<number>;
}

export interface DropBlockState extends DecisionLayerState {
  readonly blockSize: readonly number[];
  readonly blocks: BlockPlacement;
  readonly channels: "own" | "shared";
  readonly scaleBy: "sample" | "place";
  readonly dataFormat: DataFormat;
}

/**
 * Drops square blocks of feature maps, so that neighbours, which carry the same information, go together.
 *
 *     train, sample   y = x * factor   where no block lies, +0 where one does
 *     eval            y = x
 *
 * Blocks fall as often as it takes for the expected share that is dropped to be `rate`, for every map and every size
 * of block: {@link dropBlockRates} gives the rate of each place. `scaleBy` says what the factor is.
 *
 * Shapes. `DropBlock2D` takes [N, C, H, W], or [N, H, W, C] with `dataFormat: "channels-last"`; `DropBlock3D` the
 *   same with depth. There is one decision for each place where a block can be, 0 for a block: [N, C, seeds…] in C
 *   order in either format, [N, seeds…] with shared channels, where seeds are map - block + 1 along each axis ("cut":
 *   map + block - 1).
 * Randomness. As {@link Dropout}, for these decisions.
 * Numerics. A dropped NaN or infinity becomes +0. A sample that is dropped as a whole is +0. Rate 0 copies, rate 1
 * gives +0.
 * Cost. One decision a seed, the covered elements once more, one pass; the rate of seeds is computed once for each
 * shape.
 *
 * @see Ghiasi, Lin and Le, "DropBlock: a regularization method for convolutional networks", NeurIPS 2018.
 */
export abstract class DropBlock extends DecisionLayer {
  readonly blockSize: readonly number[];
  readonly blocks: BlockPlacement;
  readonly channels: "own" | "shared";
  readonly scaleBy: "sample" | "place";
  readonly dataFormat: DataFormat;
  /** The maps of the last pass: networks see one shape most of the time. */
  #maps: BlockMaps | undefined;

  protected constructor(name: string, dimensions: number, options: DropBlockOptions) {
    super(name, options, {
      options: DROP_BLOCK_TAKES,
      pass: ["shape", "sampleIds"],
    });
    this.blockSize = checkBlockSize(name, options.blockSize, dimensions);
    this.blocks = checkPlacement(name, options.blocks);
    this.channels = options.channels ?? "own";
    if (this.channels !== "own" && this.channels !== "shared") {
      throw rangeError(name, "channels", '"own" or "shared"', options.channels);
    }
    this.scaleBy = options.scaleBy ?? "sample";
    if (this.scaleBy !== "sample" && this.scaleBy !== "place") {
      throw rangeError(name, "scaleBy", '"sample" or "place"', options.scaleBy);
    }
    this.dataFormat = checkDataFormat(name, options.dataFormat ?? "channels-first");
  }

  /**
   * Drops blocks in the present mode.
   *
   * @param options `shape`; `step` or `pass` sets the counter before the call; `mask` gives the decisions by hand,
   *   `sampleIds` one id a sample; `out` takes the result and may be `x`.
   * @throws {TypeError | RangeError} If the shape has another rank or does not fit `x`, or an option does not fit the
   *   mode.
   */
  forward<X extends FloatInput>(x: X, options: DropBlockPassOptions): Like<X> {
    const where = `${this.name}.forward`;
    const values = toFloatArray(where, "x", x);
    const shape = checkShape(where, this.#shapeOf(where, options), values.length);
    checkIdsHaveKey(where, options);
    return this.decided(values, options, this.#effect(where, shape, options.sampleIds)) as Like<X>;
  }

  #shapeOf(where: string, options: { readonly shape?: Shape }): Shape {
    const space = this.blockSize.length === 2 ? "H,W" : "D,H,W";
    const wanted = this.dataFormat === "channels-first" ? `[N,C,${space}]` : `[N,${space},C]`;
    return shapeOf(where, options, wanted, (rank) => rank === this.blockSize.length + 2);
  }

  #effect(where: string, shape: Shape, sampleIds: ArrayLike<number> | undefined): Effect {
    const maps = this.#mapsOf(shape);
    const size = sizeOf(shape);
    const { samples, decisionsPerSample } = maps;
    const decisions = samples * decisionsPerSample;
    const layout = layoutOf(where, decisions, { shape: [samples, decisionsPerSample], sampleIds });
    return {
      inputs: size,
      outputs: size,
      decisions,
      draw: (key) => drawLaidOut(maps.keptSeed, key, layout),
      forward: (x, out, kept) => multiplyByBlocks(x, out, kept, maps),
      backward: (dy, out, kept) => multiplyByBlocks(dy, out, kept, maps),
      evaluate: (values, out) => multiplyAll(values, out, 1),
    };
  }

  #mapsOf(shape: Shape): BlockMaps {
    const { keep, dataFormat, channels, scaleBy } = this;
    if (this.#maps?.keep === keep && String(this.#maps.shape) === String(shape)) return this.#maps;
    const map = dataFormat === "channels-first" ? shape.slice(2) : shape.slice(1, -1);
    const grid = blockGrid(map, this.blockSize, this.blocks);
    const covers = blockCovers(grid);
    const density = seedDensity(covers, keep);
    const factors = scaleBy === "place" ? covers.map((c) => Math.exp(c * density)) : undefined;
    const channelCount = dataFormat === "channels-first" ? shape[1]! : shape.at(-1)!;
    const seeds = sizeOf(grid.seeds);
    const groups = channels === "own" ? channelCount : 1;
    this.#maps = {
      ...{ keep, shape, samples: shape[0]!, channels: channelCount, groups, grid, seeds, factors },
      keptSeed: Math.exp(-density),
      places: covers.length,
      decisionsPerSample: groups * seeds,
      isChannelsLast: dataFormat === "channels-last",
    };
    return this.#maps;
  }

  protected get blockState(): Omit<DropBlockState, "layer"> {
    const { blockSize, blocks, channels, scaleBy, dataFormat } = this;
    return { blockSize, blocks, channels, scaleBy, dataFormat, ...this.decisionState };
  }
}

/**
 * {@link DropBlock} of [N, C, H, W].
 *
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or an option has the wrong kind.
 * @example
 * ```ts
 * import { DropBlock2D } from "hadamask";
 * const layer = new DropBlock2D({ rate: 0.3, blockSize: 2 });
 * const mask = [1, 0, 1, 1]; // a block in the upper right corner of the map
 * const y = layer.forward([1, 2, 3, 4, 5, 6, 7, 8, 9], { shape: [1, 1, 3, 3], mask });
 * console.log(y.map((value) => value / 1.8)); // Float64Array(9) [ 1, 0, 0, 4, 0, 0, 7, 8, 9 ]
 * ```
 * @see Ghiasi, Lin and Le, "DropBlock: a regularization method for convolutional networks", NeurIPS 2018.
 */
export class DropBlock2D extends DropBlock {
  constructor(options: DropBlockOptions) {
    super("DropBlock2D", 2, options);
  }

  get state(): DropBlockState {
    return { layer: "DropBlock2D", ...this.blockState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropBlock2D.state} gave. */
  static fromState(state: DropBlockState): DropBlock2D {
    return resume("DropBlock2D", state, (saved) => new DropBlock2D(saved));
  }
}

/**
 * {@link DropBlock} of [N, C, D, H, W].
 *
 * @throws {TypeError | RangeError} As {@link DropBlock2D}.
 * @example
 * ```ts
 * import { DropBlock3D, key } from "hadamask";
 * const layer = new DropBlock3D({ rate: 0.2, blockSize: 2, key: key(1) });
 * const y = layer.forward(new Float32Array(64).fill(1), { shape: [1, 1, 4, 4, 4] });
 * console.log(y.length, y.includes(0)); // 64 true
 * ```
 */
export class DropBlock3D extends DropBlock {
  constructor(options: DropBlockOptions) {
    super("DropBlock3D", 3, options);
  }

  get state(): DropBlockState {
    return { layer: "DropBlock3D", ...this.blockState };
  }

  /** @throws {TypeError | RangeError} If `state` is not what {@link DropBlock3D.state} gave. */
  static fromState(state: DropBlockState): DropBlock3D {
    return resume("DropBlock3D", state, (saved) => new DropBlock3D(saved));
  }
}
