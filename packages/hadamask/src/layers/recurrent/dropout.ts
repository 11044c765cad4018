// Where a recurrent network drops, and the multipliers of one pass for each of those places. Knows no cell.

import { checkKeep, checkProbability, rangeError, typeError } from "../../check.js";
import { drawLaidOut, drawMask } from "../../noise/bernoulli.js";
import { bitAt } from "../../placement/mask-bits.js";
import { layoutOf } from "../../placement/shape.js";
import { deriveSiteKey } from "../../random/derive.js";
import type { Key, RateOption, Scaling } from "../../types.js";
import type { Cell } from "./cells.js";
import type { RunSize } from "./run-size.js";

/** One place: its rate, and what shares a draw. */
export type PlaceOption = RateOption & {
  /** A new mask each time step (default) or one for the whole sequence. */
  readonly per?: "step" | "sequence";
  /** One mask for all gates (default) or one for each; only where the place feeds the gates (input, recurrent). */
  readonly gates?: "shared" | "each";
};

/** The places of a recurrent network that can drop. */
export interface RecurrentDropout {
  /** x_t on its way to the gates. */
  readonly input?: PlaceOption;
  /** h_(t-1) on its way to the gates. */
  readonly recurrent?: PlaceOption;
  /** The candidate (g in LSTM, n in GRU) before it is added to the memory. */
  readonly update?: PlaceOption;
  /** The cell state c_t, LSTM only. */
  readonly cell?: PlaceOption;
  /**
   * The recurrent weights themselves, one mask for all sequences and steps of a pass (weight drop of AWD-LSTM); `per`
   * and `gates` do not apply.
   */
  readonly recurrentWeights?: RateOption;
  /** Probabilities with which a unit keeps its previous value: of h_t, and of c_t in LSTM. */
  readonly zoneout?: { readonly hidden?: number; readonly cell?: number };
}

/**
 * New masks on non-recurrent connections only. @see Zaremba, Sutskever and Vinyals, arXiv:1409.2329 (2014).
 *
 * @example
 * ```ts
 * import { DropoutRNN, key, zaremba } from "hadamask";
 * const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0.5] };
 * const rnn = new DropoutRNN({ ...options, dropout: zaremba({ rate: 0.5 }), key: key(1) });
 * console.log(rnn.forward([1, 1, 1], { shape: [1, 3, 1] }).length); // 3
 * ```
 */
export function zaremba(options: RateOption): RecurrentDropout {
  return { input: { ...options, per: "step" } };
}

/**
 * One mask a sequence on input and recurrent connections, for all gates or for each.
 *
 * Inverted scaling does not keep the mean of what passes a tied recurrent mask T times: it grows by keep^(1 - T).
 *
 * @example
 * ```ts
 * import { gal } from "hadamask";
 * const places = gal({ input: { rate: 0.2 }, recurrent: { rate: 0.3 } });
 * console.log(Object.keys(places)); // [ 'input', 'recurrent' ]
 * ```
 * @see Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks", NIPS 2016.
 */
export function gal(options: {
  readonly input: RateOption;
  readonly recurrent: RateOption;
  readonly gates?: "shared" | "each";
}): RecurrentDropout {
  if (typeof options !== "object" || options === null)
    throw typeError("gal", "options", "an object with input and recurrent", options);
  const { input, recurrent, gates = "shared" } = options;
  return { input: { ...input, per: "sequence", gates }, recurrent: { ...recurrent, per: "sequence", gates } };
}

/**
 * Masks on the update of the memory alone. @see Semeniuta, Severyn and Barth, "Recurrent dropout without memory
 * loss", 2016.
 *
 * @example
 * ```ts
 * import { semeniuta } from "hadamask";
 * console.log(semeniuta({ rate: 0.3, per: "sequence" })); // { update: { rate: 0.3, per: 'sequence' } }
 * ```
 */
export function semeniuta(options: RateOption & { readonly per?: "step" | "sequence" }): RecurrentDropout {
  return { update: options };
}

/**
 * One mask a sequence on the cell state of an LSTM. @see Moon, Choi, Lee and Song, "RNNDrop", ASRU 2015.
 *
 * @example
 * ```ts
 * import { moon } from "hadamask";
 * console.log(moon({ rate: 0.3 })); // { cell: { rate: 0.3, per: 'sequence' } }
 * ```
 */
export function moon(options: RateOption): RecurrentDropout {
  return { cell: { ...options, per: "sequence" } };
}

/**
 * Units that keep their previous value now and then. @see Krueger et al., "Zoneout", ICLR 2017.
 *
 * @example
 * ```ts
 * import { DropoutRNN, key, zoneout } from "hadamask";
 * const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0.5] };
 * const rnn = new DropoutRNN({ ...options, dropout: zoneout({ hidden: 1 }), key: key(1) });
 * const h = rnn.forward([1, 1], { shape: [1, 2, 1], initial: { h: [0.5] } });
 * // at rate 1 nothing moves
 * console.log(h); // Float64Array(2) [ 0.5, 0.5 ]
 * ```
 */
export function zoneout(rates: { readonly hidden?: number; readonly cell?: number }): RecurrentDropout {
  return { zoneout: rates };
}

/**
 * DropConnect of the recurrent weights: one mask a pass, for all sequences and steps.
 *
 * @example
 * ```ts
 * import { weightDrop } from "hadamask";
 * console.log(weightDrop({ rate: 0.5 })); // { recurrentWeights: { rate: 0.5 } }
 * ```
 * @see Merity, Keskar and Socher, "Regularizing and optimizing LSTM language models", ICLR 2018, section 2.
 */
export function weightDrop(options: RateOption): RecurrentDropout {
  return { recurrentWeights: options };
}

/** The names of the places, in the order in which they act. */
export const PLACES = ["input", "recurrent", "update", "cell"] as const;
export type Place = (typeof PLACES)[number];

/** A checked place: how its draws lie in [batch, time, gates, width]. */
interface CheckedPlace {
  readonly keep: number;
  readonly isTied: boolean;
  readonly gates: number;
  readonly width: number;
}

export interface CheckedDropout {
  readonly places: { readonly [P in Place]?: CheckedPlace };
  /** Keep of the recurrent weights; 1 where they are not dropped. */
  readonly weightsKeep: number;
  readonly zoneout: { readonly hidden: number; readonly cell: number };
}

/** What the masks of a layer depend on. */
interface CellSize {
  readonly inputs: number;
  readonly hidden: number;
  readonly cell: Cell;
}

/** Checks the places of a recurrent layer. */
export function checkDropout(where: string, dropout: RecurrentDropout, size: CellSize): CheckedDropout {
  for (const name of Object.keys(dropout)) {
    if (![...PLACES, "recurrentWeights", "zoneout"].includes(name)) {
      throw rangeError(where, "dropout", `made of ${PLACES.join(", ")}, recurrentWeights and zoneout`, name);
    }
  }
  const places: { [P in Place]?: CheckedPlace } = {};
  for (const place of PLACES) {
    const option = dropout[place];
    if (option !== undefined) places[place] = checkPlace(where, place, option, size);
  }
  const { hidden = 0, cell = 0 } = dropout.zoneout ?? {};
  checkProbability(where, "dropout.zoneout.hidden", hidden);
  checkProbability(where, "dropout.zoneout.cell", cell);
  if (cell > 0) checkHas(where, "zoneout.cell", size.cell.hasCell);
  const ofWeights = dropout.recurrentWeights;
  const weightsKeep = ofWeights === undefined ? 1 : checkKeep(`${where}: dropout.recurrentWeights`, ofWeights);
  return { places, weightsKeep, zoneout: { hidden, cell } };
}

function checkHas(where: string, place: string, has: boolean): void {
  if (!has) throw new TypeError(`${where}: dropout.${place} has no place in this kind of cell`);
}

function checkPlace(where: string, place: Place, option: PlaceOption, size: CellSize): CheckedPlace {
  if (place === "update") checkHas(where, place, size.cell.hasUpdate);
  if (place === "cell") checkHas(where, place, size.cell.hasCell);
  const name = `dropout.${place}`;
  const keep = checkKeep(`${where}: ${name}`, option);
  const { per = "step", gates = "shared" } = option;
  if (per !== "step" && per !== "sequence") throw rangeError(where, `${name}.per`, '"step" or "sequence"', per);
  const feedsGates = place === "input" || place === "recurrent";
  if (gates !== "shared" && !(gates === "each" && feedsGates)) {
    throw rangeError(where, `${name}.gates`, feedsGates ? '"shared" or "each"' : '"shared"', gates);
  }
  const width = place === "input" ? size.inputs : size.hidden;
  return { keep, isTied: per === "sequence", gates: gates === "each" ? size.cell.gates : 1, width };
}

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
