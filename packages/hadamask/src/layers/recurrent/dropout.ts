// Where a recurrent network drops: its places, as asked for and as checked.

import { checkKeep, checkProbability, rangeError } from "../../check.js";
import { checkOptions } from "../../options.js";
import type { RateOption } from "../../types.js";
import type { Cell } from "./cells.js";

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

/** The names of the places, in the order in which they act. */
const PLACES = ["input", "recurrent", "update", "cell"] as const;
export type Place = (typeof PLACES)[number];

/** A checked place: how its draws lie in [batch, time, gates, width]. */
export interface CheckedPlace {
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
  checkOptions(`${where}: dropout`, dropout, [...PLACES, "recurrentWeights", "zoneout"]);
  const places: { [P in Place]?: CheckedPlace } = {};
  for (const place of PLACES) {
    const option = dropout[place];
    if (option !== undefined) places[place] = checkPlace(where, place, option, size);
  }
  if (dropout.zoneout !== undefined) checkOptions(`${where}: dropout.zoneout`, dropout.zoneout, ["hidden", "cell"]);
  const { hidden = 0, cell = 0 } = dropout.zoneout ?? {};
  checkProbability(where, "dropout.zoneout.hidden", hidden);
  checkProbability(where, "dropout.zoneout.cell", cell);
  if (cell > 0) checkHas(where, "zoneout.cell", size.cell.hasCell);
  const ofWeights = dropout.recurrentWeights;
  if (ofWeights !== undefined) checkOptions(`${where}: dropout.recurrentWeights`, ofWeights, ["rate", "keep"]);
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
  checkOptions(`${where}: ${name}`, option, ["rate", "keep", "per", "gates"]);
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
