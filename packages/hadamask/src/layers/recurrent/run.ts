// One pass of a recurrent layer over whole sequences: the loop over time around a cell and its masks, forward and back.
// Knows no options and no checks.

import type { FloatArray } from "../../types.js";
import type { Cell, Step } from "./cells.js";
import { feed, feedBack } from "./feed.js";
import type { Multipliers, PassMasks } from "./masks.js";
import type { RunSize } from "./run-size.js";

/**
 * Parameters of all recurrent layers, [inputs, gates * hidden], [hidden, gates * hidden], [gates * hidden]; a GRU has
 * a bias more.
 */
export interface RecurrentParameters {
  readonly [name: string]: FloatArray;
  readonly weights: FloatArray;
  readonly recurrentWeights: FloatArray;
  readonly bias: FloatArray;
}

/** h, and for a cell that has one c, of all sequences: [batch, hidden] each; c is empty otherwise. */
export interface States {
  readonly h: Float64Array;
  readonly c: Float64Array;
}

/** Gradients that the way back collects. */
export interface RunGradients {
  readonly x: Float64Array;
  readonly initial: States;
  readonly parameters: Readonly<Record<string, Float64Array>>;
}

export class RecurrentRun {
  readonly size: RunSize;
  readonly masks: PassMasks;
  /** What the recurrent weights were multiplied by, where they are dropped. */
  readonly weightFactors: Float64Array | undefined;
  readonly #cell: Cell;
  readonly #parameters: RecurrentParameters;
  readonly #x: FloatArray;
  /** States before each step and after the last, [batch, time + 1, hidden]. */
  readonly #h: Float64Array;
  readonly #c: Float64Array;
  /** Cell states before zoneout, [batch, time, hidden]. */
  readonly #cNew: Float64Array;
  /** [batch, time, gates * hidden] each. */
  readonly #gates: Float64Array;
  readonly #fromState: Float64Array;

  constructor(
    cell: Cell,
    size: RunSize,
    parameters: RecurrentParameters,
    masks: PassMasks,
    x: FloatArray,
    initial: States,
    weightFactors?: Float64Array,
  ) {
    const { batch, time, hidden } = size;
    this.size = size;
    this.masks = masks;
    this.weightFactors = weightFactors;
    this.#cell = cell;
    this.#parameters = parameters;
    this.#x = x;
    this.#h = new Float64Array(batch * (time + 1) * hidden);
    this.#c = new Float64Array(cell.hasCell ? this.#h.length : 0);
    this.#cNew = new Float64Array(cell.hasCell ? batch * time * hidden : 0);
    this.#gates = new Float64Array(batch * time * cell.gates * hidden);
    this.#fromState = new Float64Array(this.#gates.length);
    this.#putStates(this.#h, initial.h, 0);
    this.#putStates(this.#c, initial.c, 0);
    for (let b = 0; b < batch; b++) for (let t = 0; t < time; t++) this.#step(b, t);
  }

  #putStates(to: Float64Array, states: Float64Array, t: number): void {
    const { batch, time, hidden } = this.size;
    if (states.length === 0) return;
    for (let b = 0; b < batch; b++) {
      to.set(states.subarray(b * hidden, (b + 1) * hidden), (b * (time + 1) + t) * hidden);
    }
  }

  #getStates(from: Float64Array, t: number): Float64Array {
    const { batch, time, hidden } = this.size;
    const states = new Float64Array(from.length === 0 ? 0 : batch * hidden);
    for (let b = 0; b * hidden < states.length; b++) {
      const at = (b * (time + 1) + t) * hidden;
      states.set(from.subarray(at, at + hidden), b * hidden);
    }
    return states;
  }

  /** The states after the last step. */
  get final(): States {
    return { h: this.#getStates(this.#h, this.size.time), c: this.#getStates(this.#c, this.size.time) };
  }

  /** Writes h of all steps, [batch, time, hidden]. */
  writeOutputs(out: FloatArray): void {
    const { batch, time, hidden } = this.size;
    const length = time * hidden;
    for (let b = 0; b < batch; b++) {
      const from = (b * (time + 1) + 1) * hidden;
      out.set(this.#h.subarray(from, from + length), b * length);
    }
  }

  /** Views of what step t of sequence b reads and fills. */
  #view(b: number, t: number): Step & { readonly c: Float64Array } {
    const { time, hidden } = this.size;
    const width = this.#cell.gates * hidden;
    const at = b * time + t;
    const before = (at + b) * hidden;
    return {
      fromInput: new Float64Array(width),
      fromState: this.#fromState.subarray(at * width, (at + 1) * width),
      gates: this.#gates.subarray(at * width, (at + 1) * width),
      hPrevious: this.#h.subarray(before, before + hidden),
      cPrevious: this.#c.subarray(before, before + hidden),
      c: this.#cNew.subarray(at * hidden, (at + 1) * hidden),
      update: multiplierOf(this.masks.update, b, t),
      cell: multiplierOf(this.masks.cell, b, t),
    };
  }

  #step(b: number, t: number): void {
    const { time, inputs, hidden } = this.size;
    const { input, recurrent, zoneoutHidden, zoneoutCell } = this.masks;
    const { weights, recurrentWeights, bias, recurrentBias } = this.#parameters;
    const view = this.#view(b, t);
    const at = b * time + t;
    view.fromInput.set(bias);
    const x = this.#x.subarray(at * inputs, (at + 1) * inputs);
    feed(view.fromInput, { values: x, weights, hidden, masks: input, b, t });
    if (recurrentBias !== undefined) view.fromState.set(recurrentBias, view.fromState.length - hidden);
    feed(view.fromState, { values: view.hPrevious, weights: recurrentWeights, hidden, masks: recurrent, b, t });
    const after = (at + b + 1) * hidden;
    const h = this.#h.subarray(after, after + hidden);
    this.#cell.forward(view, h, view.c);
    mix(h, h, view.hPrevious, zoneoutHidden, b, t);
    if (this.#cell.hasCell) mix(this.#c.subarray(after, after + hidden), view.c, view.cPrevious, zoneoutCell, b, t);
  }

  /** Back through all steps, from the gradients of the outputs [batch, time, hidden] and of the final states. */
  backward(dy: FloatArray, final: States): RunGradients {
    const { batch, time, hidden } = this.size;
    const dh = new Float64Array(this.#h.length);
    const dc = new Float64Array(this.#c.length);
    this.#putStates(dh, final.h, time);
    this.#putStates(dc, final.c, time);
    const parameters: Record<string, Float64Array> = {};
    for (const [name, { length }] of Object.entries(this.#parameters)) parameters[name] = new Float64Array(length);
    const x = new Float64Array(this.#x.length);
    for (let b = 0; b < batch; b++) {
      for (let t = time - 1; t >= 0; t--) {
        const before = (b * (time + 1) + t) * hidden;
        for (let j = 0; j < hidden; j++) dh[before + hidden + j]! += dy[(b * time + t) * hidden + j]!;
        this.#stepBack(
          dh.subarray(before, before + 2 * hidden),
          dc.subarray(before, before + 2 * hidden),
          x,
          parameters,
          b,
          t,
        );
      }
    }
    return { x, initial: { h: this.#getStates(dh, 0), c: this.#getStates(dc, 0) }, parameters };
  }

  /** `dh` and `dc` hold the gradients of the states before the step (added to) and after it (used up). */
  #stepBack(
    dh: Float64Array,
    dc: Float64Array,
    dx: Float64Array,
    sums: Readonly<Record<string, Float64Array>>,
    b: number,
    t: number,
  ): void {
    const { time, inputs, hidden } = this.size;
    const { input, recurrent, zoneoutHidden, zoneoutCell } = this.masks;
    const { weights, recurrentWeights } = this.#parameters;
    const view = this.#view(b, t);
    const [dhPrevious, dhNew] = [dh.subarray(0, hidden), dh.subarray(hidden)];
    const [dcPrevious, dcNew] = [dc.subarray(0, hidden), dc.subarray(hidden)];
    mixBack(dhNew, dhPrevious, zoneoutHidden, b, t);
    if (this.#cell.hasCell) mixBack(dcNew, dcPrevious, zoneoutCell, b, t);
    const width = view.gates.length;
    const fromInput = new Float64Array(width);
    const fromState = new Float64Array(width);
    this.#cell.backward(view, view.c, dhNew, dcNew, {
      fromInput,
      fromState,
      hPrevious: dhPrevious,
      cPrevious: dcPrevious,
    });
    for (let i = 0; i < width; i++) sums.bias![i]! += fromInput[i]!;
    for (let j = 0; j < (sums.recurrentBias?.length ?? 0); j++)
      sums.recurrentBias![j]! += fromState[width - hidden + j]!;
    const at = (b * time + t) * inputs;
    const x = this.#x.subarray(at, at + inputs);
    const ofInput = { values: x, weights, hidden, masks: input, b, t };
    const ofState = { values: view.hPrevious, weights: recurrentWeights, hidden, masks: recurrent, b, t };
    feedBack(fromInput, ofInput, sums.weights!, dx.subarray(at, at + inputs));
    feedBack(fromState, ofState, sums.recurrentWeights!, dhPrevious);
  }
}

function multiplierOf(multipliers: Multipliers | undefined, b: number, t: number): (j: number) => number {
  if (multipliers === undefined) return () => 1;
  const at = multipliers.offset(b, t, 0);
  return (j) => multipliers.values[at + j]!;
}

/** out = share * previous + (1 - share) * next: zoneout, where share is 0 or 1 in training. */
function mix(
  out: Float64Array,
  next: Float64Array,
  previous: Float64Array,
  shares: Multipliers | undefined,
  b: number,
  t: number,
): void {
  const share = shares === undefined ? () => 0 : multiplierOf(shares, b, t);
  for (let j = 0; j < out.length; j++) {
    const stays = share(j);
    // At 0 and 1 a choice, so that what is not chosen may be NaN.
    out[j] = stays === 0 ? next[j]! : stays === 1 ? previous[j]! : stays * previous[j]! + (1 - stays) * next[j]!;
  }
}

/**
 * Splits the gradient of a mixed state: what belongs to the previous one is added to its gradient, `d` keeps the
 * rest.
 */
function mixBack(
  d: Float64Array,
  dPrevious: Float64Array,
  shares: Multipliers | undefined,
  b: number,
  t: number,
): void {
  if (shares === undefined) return;
  const share = multiplierOf(shares, b, t);
  for (let j = 0; j < d.length; j++) {
    dPrevious[j]! += d[j]! * share(j);
    d[j]! *= 1 - share(j);
  }
}
