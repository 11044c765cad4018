// How often the blocks of DropBlock fall, and what each place of a map is dropped with.

import { checkCount, checkIndex, checkKeep, rangeError, typeError } from "../check.js";
import { checkOptions } from "../options.js";
import { type BlockPlacement, blockCovers, blockGrid, blockRates, seedDensity } from "../placement/blocks.js";
import type { Shape } from "../placement/shape.js";
import type { RateOption } from "../types.js";

/** Options that a layer of blocks takes besides a rate. */
export const DROP_BLOCK_TAKES: readonly string[] = ["blockSize", "blocks", "channels", "scaleBy", "dataFormat"];

export interface BlockOptions {
  /**
   * Length of a block along each axis of the map, or one number for all; even ones too. Where the map is shorter: its
   * length.
   */
  readonly blockSize: number | readonly number[];
  /**
   * "inside": blocks lie wholly in the map, as in the paper, so that places near its edges are dropped less often.
   * "cut": blocks may lie across the edges, and every place is dropped with the same probability. Default "inside".
   */
  readonly blocks?: BlockPlacement | undefined;
}

/** How often blocks fall, and what they drop. */
export interface DropBlockRates {
  /** The probability of a block at each of the places where one may be. */
  readonly seedRate: number;
  /** The probability of each place to be dropped, in C order of the map. */
  readonly rates: Float64Array;
  /** Their mean: the expected share of the map that is dropped. */
  readonly mean: number;
}

/**
 * At which rate DropBlock drops each place of a map, with seeds as rare as they have to be for the mean to be `rate`.
 *
 *     a place that c blocks can cover is dropped with probability 1 - (1 - seedRate)^c    mean over the map = rate
 *
 * The papers' seedRate = rate / block^2 * map^2 / (map - block + 1)^2 leaves out that blocks overlap: with 7 x 7
 * blocks on 14 x 14 it drops 0.36 of the map at rate 0.5.
 *
 * @param map Lengths of the axes of the map: [H, W] or [D, H, W].
 * @throws {TypeError | RangeError} If rate or keep is not in [0, 1] or both are given, or a length is not a whole
 *   number.
 * @example
 * ```ts
 * import { dropBlockRates } from "hadamask";
 * const { rates, mean } = dropBlockRates([3, 3], { rate: 0.3, blockSize: 2 });
 * console.log(mean.toFixed(12), rates[0]!.toFixed(3), rates[4]!.toFixed(3)); // 0.300000000000 0.190 0.569
 * ```
 * @see Ghiasi, Lin and Le, "DropBlock: a regularization method for convolutional networks", NeurIPS 2018, section 3.
 */
export function dropBlockRates(map: Shape, options: RateOption & BlockOptions): DropBlockRates {
  const where = "dropBlockRates";
  checkOptions(where, options, ["rate", "keep", ...DROP_BLOCK_TAKES]); // a layer's options fit, of which it reads some
  const keep = checkKeep(where, options);
  if (!Array.isArray(map)) throw typeError(where, "map", "an array of lengths", map);
  map.forEach((length, axis) => {
    checkIndex(where, `map[${axis}]`, length);
  });
  const size = checkBlockSize(where, options.blockSize, map.length);
  const covers = blockCovers(blockGrid(map, size, checkPlacement(where, options.blocks)));
  const density = seedDensity(covers, keep);
  const rates = blockRates(covers, density);
  return {
    seedRate: -Math.expm1(-density),
    rates,
    mean: rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length),
  };
}

export function checkBlockSize(where: string, size: number | readonly number[], axes: number): readonly number[] {
  if (typeof size === "number") return new Array<number>(axes).fill(checkCount(where, "blockSize", size));
  if (!Array.isArray(size)) throw typeError(where, "blockSize", "a whole number, or one for each axis", size);
  if (size.length !== axes)
    throw rangeError(where, "blockSize", `a whole number, or one for each of ${axes} axes`, size);
  return size.map((length, axis) => checkCount(where, `blockSize[${axis}]`, length));
}

export function checkPlacement(where: string, blocks: BlockPlacement | undefined): BlockPlacement {
  if (blocks === undefined || blocks === "inside" || blocks === "cut") return blocks ?? "inside";
  throw rangeError(where, "blocks", '"inside" or "cut"', blocks);
}
