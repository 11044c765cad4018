// The multipliers of one pass of a recurrent network, for each of its places. Knows no cell.

import { drawLaidOut, drawMask } from "../../noise/bernoulli.js";
import { bitAt } from "../../placement/mask-bits.js";
import { layoutOf } from "../../placement/shape.js";
import { deriveSiteKey } from "../../random/derive.js";
import type { Key, Scaling } from "../../types.js";
import type { CheckedDropout, CheckedPlace, Place } from "./dropout.js";
import type { RunSize } from "./run-size.js";

/** The multipliers of one place for one pass. */
export class Multipliers {
  readonly values: Float64Array;
  readonly #strides: readonly [batch: number, time: number, gate: number];

  constructor(values: Float64Array, strides: readonly [number, number, number]) {
    this.values = values;
    this.#strides = strides;
  }

  /** Where the multipliers of sequence b, step t and gate g begin. */
  offset(b: number, t: number, g: number): number {
    const [batch, time, gate] = this.#strides;
    return b * batch + t * time + g * gate;
  }

  copy(): Multipliers {
    return new Multipliers(this.values.slice(), this.#strides);
  }
}

/** The multipliers of all places of a pass; undefined where all are 1. */
export interface PassMasks {
  readonly input: Multipliers | undefined;
  readonly recurrent: Multipliers | undefined;
  readonly update: Multipliers | undefined;
  readonly cell: Multipliers | undefined;
  /** The share of the previous value that stays: 0 or 1 where drawn, the rate in mode "eval". */
  readonly zoneoutHidden: Multipliers | undefined;
  readonly zoneoutCell: Multipliers | undefined;
}

/** The same in arrays of their own. */
export const copyOfMasks = (masks: PassMasks): PassMasks => ({
  input: masks.input?.copy(),
  recurrent: masks.recurrent?.copy(),
  update: masks.update?.copy(),
  cell: masks.cell?.copy(),
  zoneoutHidden: masks.zoneoutHidden?.copy(),
  zoneoutCell: masks.zoneoutCell?.copy(),
});

/**
 * Draws the masks of a pass under `key`, each place under the key derived for its name; without a key those of mode
 * "eval".
 */
export function drawMasks(
  where: string,
  dropout: CheckedDropout,
  scaling: Scaling,
  key: Key | undefined,
  size: RunSize,
  sampleIds: ArrayLike<number> | undefined,
): PassMasks {
  const placed = (place: Place): Multipliers | undefined => {
    const option = dropout.places[place];
    if (option === undefined) return undefined;
    const { keep, width } = option;
    if (key === undefined) return scaling === "classic" ? constant(keep, width) : undefined;
    const scale = scaling === "classic" || keep === 0 ? 1 : 1 / keep;
    return drawn(where, key, place, option, size, sampleIds, scale, 0);
  };
  const zoned = (name: "hidden" | "cell"): Multipliers | undefined => {
    const rate = dropout.zoneout[name];
    if (rate === 0) return undefined;
    if (key === undefined) return constant(rate, size.hidden);
    // A kept decision takes the new value (share 0 of the old one), a dropped one stays (share 1).
    const option = { keep: 1 - rate, isTied: false, gates: 1, width: size.hidden };
    return drawn(where, key, `zoneout ${name}`, option, size, sampleIds, 0, 1);
  };
  return {
    input: placed("input"),
    recurrent: placed("recurrent"),
    update: placed("update"),
    cell: placed("cell"),
    zoneoutHidden: zoned("hidden"),
    zoneoutCell: zoned("cell"),
  };
}

/**
 * The multipliers of `n` recurrent weights for a pass under `key`, or in mode "eval" without one; undefined where all
 * are 1.
 */
export function drawWeightMultipliers(
  keep: number,
  scaling: Scaling,
  key: Key | undefined,
  n: number,
): Float64Array | undefined {
  if (keep === 1) return undefined;
  const scale = scaling === "classic" || keep === 0 ? 1 : 1 / keep;
  if (key === undefined) return scaling === "classic" ? new Float64Array(n).fill(keep) : undefined;
  const bits = new Uint32Array(Math.ceil(n / 32));
  drawMask(bits, n, keep, deriveSiteKey(key, "recurrentWeights"), 0);
  return Float64Array.from({ length: n }, (_, i) => (((bits[i >>> 5]! >>> (i & 31)) & 1) === 1 ? scale : 0));
}

const constant = (value: number, width: number): Multipliers =>
  new Multipliers(new Float64Array(width).fill(value), [0, 0, 0]);

/** Decisions over [batch, time, gates, width], one for the sequence where they are tied, as two values. */
function drawn(
  where: string,
  key: Key,
  site: string,
  place: CheckedPlace,
  size: RunSize,
  sampleIds: ArrayLike<number> | undefined,
  ifKept: number,
  ifDropped: number,
): Multipliers {
  const { keep, isTied, gates, width } = place;
  const shape = [size.batch, size.time, gates, width];
  const n = size.batch * size.time * gates * width;
  const layout = layoutOf(where, n, { shape, sharedAxes: isTied ? [1] : [], sampleIds });
  const bits = drawLaidOut(keep, deriveSiteKey(key, site), layout);
  const values = Float64Array.from({ length: layout.whole.draws }, (_, d) =>
    bitAt(bits, d) === 1 ? ifKept : ifDropped,
  );
  const step = gates * width;
  return new Multipliers(values, [isTied ? step : size.time * step, isTied ? 0 : step, gates === 1 ? 0 : width]);
}
