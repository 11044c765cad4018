// Products with masks of blocks: from decisions about seeds to what is kept of each sample. Knows no options and no
// randomness.

import { multiplyByMask } from "../../noise/bernoulli.js";
import { type BlockGrid, markBlocks } from "../../placement/blocks.js";
import { bitAt } from "../../placement/mask-bits.js";
import type { Shape } from "../../placement/shape.js";
import type { FloatArray, PackedMask } from "../../types.js";

/** What is known of the maps of one shape at one rate. */
export interface BlockMaps {
  readonly keep: number;
  readonly shape: Shape;
  readonly samples: number;
  readonly channels: number;
  /** How many maps of a sample have blocks of their own: its channels, or 1. */
  readonly groups: number;
  readonly grid: BlockGrid;
  /** Seeds of one map. */
  readonly seeds: number;
  readonly keptSeed: number;
  /** Elements of one map. */
  readonly places: number;
  readonly decisionsPerSample: number;
  /** What kept elements of each place are multiplied by; undefined where it depends on how many are kept. */
  readonly factors: Float64Array | undefined;
  readonly isChannelsLast: boolean;
}

/** `out = x * factor` where no block lies, +0 where one does. A decision of 0 is a block. */
export function multiplyByBlocks(x: FloatArray, out: FloatArray, decisions: PackedMask, maps: BlockMaps): void {
  const size = maps.channels * maps.places;
  const dropped = new Uint8Array(maps.groups * maps.places);
  const kept = new Uint32Array(Math.ceil(size / 32));
  for (let n = 0; n < maps.samples; n++) {
    markSample(decisions, n, dropped, maps);
    const count = packKept(dropped, kept, maps);
    const from = x.subarray(n * size, (n + 1) * size);
    const to = out === x ? from : out.subarray(n * size, (n + 1) * size);
    if (maps.factors !== undefined) multiplyByPlace(from, to, kept, maps.factors, maps);
    else if (count === 0) to.fill(0);
    else multiplyByMask(from, to, kept, size / count);
  }
}

/** Marks what is dropped of sample `n`, map after map. */
function markSample(decisions: PackedMask, n: number, dropped: Uint8Array, maps: BlockMaps): void {
  dropped.fill(0);
  for (let g = 0; g < maps.groups; g++) {
    const first = n * maps.decisionsPerSample + g * maps.seeds;
    const isSeeded = (seed: number): boolean => {
      const bit = first + seed;
      return bitAt(decisions, bit) === 0;
    };
    markBlocks(maps.grid, isSeeded, dropped.subarray(g * maps.places, (g + 1) * maps.places));
  }
}

/** Packs what is kept, in the order of the elements of a sample, and counts it. */
function packKept(dropped: Uint8Array, kept: PackedMask, maps: BlockMaps): number {
  const { channels, places, groups, isChannelsLast } = maps;
  const shared = groups === 1;
  let count = 0;
  kept.fill(0);
  for (let i = 0; i < channels * places; i++) {
    const channel = isChannelsLast ? i % channels : Math.floor(i / places);
    const place = isChannelsLast ? Math.floor(i / channels) : i % places;
    if (dropped[(shared ? 0 : channel * places) + place] === 1) continue;
    kept[i >>> 5]! |= 1 << (i & 31);
    count++;
  }
  return count;
}

function multiplyByPlace(
  x: FloatArray,
  out: FloatArray,
  kept: PackedMask,
  factors: Float64Array,
  { channels, places, isChannelsLast }: BlockMaps,
): void {
  for (let i = 0; i < x.length; i++) {
    const place = isChannelsLast ? Math.floor(i / channels) : i % places;
    out[i] = bitAt(kept, i) ? x[i]! * factors[place]! : 0;
  }
}
