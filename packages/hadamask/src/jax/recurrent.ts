// Recurrent layers in a graph, unrolled over time: the masks of the library's own layers as inputs, gradients by the
// engine.

import "./navigator.js";
import { type Array as JaxArray, numpy as np, tree } from "@jax-js/jax";
import { checkCount, checkIndex, checkKey } from "../check.js";
import { type Cell, gruCell, lstmCell, rnnCell } from "../layers/recurrent/cells.js";
import { checkDropout, type RecurrentDropout } from "../layers/recurrent/dropout.js";
import { drawMasks, drawWeightMultipliers, type PassMasks } from "../layers/recurrent/masks.js";
import { deriveKey, TAG } from "../random/derive.js";
import type { Key } from "../types.js";
import { safeSigmoid } from "./finite.js";
import { applyMultiplier } from "./sites.js";

/**
 * Multipliers by place, each [batch, time or 1, gates or 1, width] (of recurrent weights: of their shape): a jax-js
 * tree, which holds the places that drop.
 */
export type RecurrentDraws = { [place: string]: JaxArray };

/**
 * Parameters of a recurrent layer: `weights` [inputs, gates * hidden], `recurrentWeights` [hidden, gates * hidden],
 * `bias` [gates * hidden], and for a GRU `recurrentBias` [hidden].
 */
export type RecurrentParameters = {
  weights: JaxArray;
  recurrentWeights: JaxArray;
  bias: JaxArray;
  recurrentBias?: JaxArray;
};

export interface RecurrentNoise {
  readonly key: Key;
  /**
   * The masks of training step `step` for `batch` sequences of `time` steps.
   *
   * @throws {TypeError | RangeError} If `step` is not a whole number in [0, 2^53), or `batch` or `time` not one of at
   *   least 1.
   */
  train(step: number, batch: number, time: number): RecurrentDraws;
  /** Those of pass `pass` of Monte-Carlo prediction. */
  sample(pass: number, batch: number, time: number): RecurrentDraws;
  /**
   * The states h_t of all steps, [batch, time, hidden], from x [batch, time, inputs] and zeros before the first step;
   * without draws those of mode "eval". Takes over all its arguments.
   */
  apply(x: JaxArray, parameters: RecurrentParameters, draws?: RecurrentDraws): JaxArray;
}

export interface RecurrentNoiseOptions {
  readonly inputs: number;
  readonly hidden: number;
  /** Where to drop: made by `zaremba`, `gal`, `semeniuta`, `moon` or `zoneout` of `hadamask`. */
  readonly dropout: RecurrentDropout;
  readonly key: Key;
}

/**
 * A plain recurrent layer with dropout, as `DropoutRNN` of `hadamask` with tanh.
 *
 * Randomness. The masks of the layer with the same key at the same step or pass.
 * Cost. The graph is unrolled: it grows with the number of time steps, and is compiled anew for another number.
 *
 * @throws {TypeError | RangeError} If a size or `key` is not valid, or a place of `dropout` is not one of this cell's.
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { gal, key } from "hadamask";
 * import { dropoutRNN } from "hadamask/jax";
 * const dropout = gal({ input: { rate: 0.2 }, recurrent: { rate: 0.2 } });
 * const noise = dropoutRNN({ inputs: 2, hidden: 3, dropout, key: key(1) });
 * const bias = np.zeros([3]);
 * const parameters = { weights: np.ones([2, 3]), recurrentWeights: np.ones([3, 3]), bias };
 * const h = noise.apply(np.ones([4, 5, 2]), parameters, noise.train(0, 4, 5)); // 4 sequences of 5 steps
 * console.log(h.shape); // [ 4, 5, 3 ]
 * ```
 */
export const dropoutRNN = (options: RecurrentNoiseOptions): RecurrentNoise =>
  recurrent("dropoutRNN", rnnCell("tanh"), rnnStep, options);

/**
 * A gated recurrent unit with dropout, as `DropoutGRU` of `hadamask`; the rest as {@link dropoutRNN}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { gal, key } from "hadamask";
 * import { dropoutGRU } from "hadamask/jax";
 * const dropout = gal({ input: { rate: 0.2 }, recurrent: { rate: 0.2 } });
 * const noise = dropoutGRU({ inputs: 2, hidden: 3, dropout, key: key(1) });
 * const weights = { weights: np.ones([2, 9]), recurrentWeights: np.ones([3, 9]) };
 * const parameters = { ...weights, bias: np.zeros([9]), recurrentBias: np.zeros([3]) };
 * const h = noise.apply(np.ones([4, 5, 2]), parameters, noise.train(0, 4, 5)); // 4 sequences of 5 steps
 * console.log(h.shape); // [ 4, 5, 3 ]
 * ```
 */
export const dropoutGRU = (options: RecurrentNoiseOptions): RecurrentNoise =>
  recurrent("dropoutGRU", gruCell, gruStep, options);

/**
 * A long short-term memory with dropout, as `DropoutLSTM` of `hadamask`; the rest as {@link dropoutRNN}.
 *
 * @example
 * ```ts
 * import { numpy as np } from "@jax-js/jax";
 * import { gal, key } from "hadamask";
 * import { dropoutLSTM } from "hadamask/jax";
 * const dropout = gal({ input: { rate: 0.2 }, recurrent: { rate: 0.2 } });
 * const noise = dropoutLSTM({ inputs: 2, hidden: 3, dropout, key: key(1) });
 * const bias = np.zeros([12]);
 * const parameters = { weights: np.ones([2, 12]), recurrentWeights: np.ones([3, 12]), bias };
 * const h = noise.apply(np.ones([4, 5, 2]), parameters, noise.train(0, 4, 5)); // 4 sequences of 5 steps
 * console.log(h.shape); // [ 4, 5, 3 ]
 * ```
 */
export const dropoutLSTM = (options: RecurrentNoiseOptions): RecurrentNoise =>
  recurrent("dropoutLSTM", lstmCell, lstmStep, options);

/**
 * Pre-activations of one step, gate by gate, and the states before it, all [batch, hidden]; masks undefined where
 * nothing drops.
 */
interface StepInputs {
  readonly fromInput: readonly JaxArray[];
  readonly fromState: readonly JaxArray[];
  readonly h: JaxArray;
  readonly c: JaxArray | undefined;
  readonly update: JaxArray | undefined;
  readonly cell: JaxArray | undefined;
}

/** New states before zoneout. */
interface States {
  readonly h: JaxArray;
  readonly c: JaxArray | undefined;
}

type StepFunction = (inputs: StepInputs) => States;

const masked = (values: JaxArray, mask: JaxArray | undefined): JaxArray =>
  mask === undefined ? values : applyMultiplier(values, mask);

const rnnStep: StepFunction = ({ fromInput, fromState, h }) => {
  h.dispose();
  return { h: np.tanh(fromInput[0]!.add(fromState[0]!)), c: undefined };
};

const gruStep: StepFunction = ({ fromInput: [xr, xz, xn], fromState: [hr, hz, hn], h, update }) => {
  const r = safeSigmoid(xr!.add(hr!));
  const z = safeSigmoid(xz!.add(hz!));
  const n = np.tanh(xn!.add(r.mul(hn!)));
  return { h: z.ref.mul(h).add(masked(n, update).mul(z.neg().add(1))), c: undefined };
};

const lstmStep: StepFunction = ({ fromInput, fromState, h, c, update, cell }) => {
  h.dispose();
  const [zi, zf, zg, zo] = fromInput.map((z, gate) => z.add(fromState[gate]!));
  const added = safeSigmoid(zi!).mul(masked(np.tanh(zg!), update));
  const next = masked(safeSigmoid(zf!).mul(c!).add(added), cell);
  return { h: safeSigmoid(zo!).mul(np.tanh(next.ref)), c: next };
};

function recurrent(where: string, cell: Cell, step: StepFunction, options: RecurrentNoiseOptions): RecurrentNoise {
  const inputs = checkCount(where, "inputs", options.inputs);
  const hidden = checkCount(where, "hidden", options.hidden);
  const key = checkKey(where, options.key);
  const places = checkDropout(where, options.dropout, { inputs, hidden, cell });
  const draw = (tag: "step" | "pass", number: number, batch: number, time: number): RecurrentDraws => {
    const size = { batch, time, inputs, hidden };
    const masks = drawMasks(where, places, "inverted", deriveKey(key, TAG[tag], number), size, undefined);
    const draws = drawsOf(masks, batch, (place) => placeShape(places, place, time, hidden));
    const n = hidden * cell.gates * hidden;
    const factors = drawWeightMultipliers(places.weightsKeep, "inverted", deriveKey(key, TAG[tag], number), n);
    if (factors === undefined) return draws;
    const shape = [hidden, cell.gates * hidden];
    return { ...draws, recurrentWeights: np.array(Float32Array.from(factors), { shape }) };
  };
  const checked = (name: "train" | "sample", what: "step" | "pass", number: number, batch: number, time: number) =>
    draw(what, checkIndex(name, what, number), checkCount(name, "batch", batch), checkCount(name, "time", time));
  return {
    key,
    train: (number, batch, time) => checked("train", "step", number, batch, time),
    sample: (pass, batch, time) => checked("sample", "pass", pass, batch, time),
    apply: (x, parameters, draws) => unroll(cell, step, hidden, places.zoneout, x, parameters, draws),
  };
}

type Places = ReturnType<typeof checkDropout>;

/** Lengths of the axes of a place's mask after that of the sequences. */
function placeShape({ places }: Places, place: string, time: number, hidden: number): number[] {
  const option = places[place as keyof Places["places"]];
  if (option === undefined) return [time, 1, hidden]; // zoneout
  return [option.isTied ? 1 : time, option.gates, option.width];
}

function drawsOf(masks: PassMasks, batch: number, shapeOf: (place: string) => number[]): RecurrentDraws {
  const draws: RecurrentDraws = {};
  for (const [place, mask] of Object.entries(masks) as [string, PassMasks["input"]][]) {
    if (mask === undefined) continue;
    draws[place] = np.array(Float32Array.from(mask.values), { shape: [batch, ...shapeOf(place)] });
  }
  return draws;
}

function unroll(
  cell: Cell,
  step: StepFunction,
  hidden: number,
  zoneout: Places["zoneout"],
  x: JaxArray,
  parameters: RecurrentParameters,
  draws: RecurrentDraws | undefined,
): JaxArray {
  const [batch, time] = x.shape as [number, number];
  const { weights, bias, recurrentBias } = parameters;
  const factors = draws?.recurrentWeights;
  const recurrentWeights = masked(parameters.recurrentWeights.ref, factors?.ref);
  /** The mask of one place at step t, [batch, gates, width]. */
  const maskOf = (place: string, t: number): JaxArray | undefined => {
    const mask = draws?.[place];
    return mask?.ref.slice([], mask.shape[1] === 1 ? 0 : t, [], []);
  };
  const unitMask = (place: string, t: number): JaxArray | undefined => maskOf(place, t)?.slice([], 0, []);
  let h = np.zeros([batch, hidden]);
  let c = cell.hasCell ? np.zeros([batch, hidden]) : undefined;
  const outputs: JaxArray[] = [];
  for (let t = 0; t < time; t++) {
    const fromInput = feed(x.ref.slice([], t, []), weights.ref, maskOf("input", t), cell.gates, hidden);
    const fromState = feed(h.ref, recurrentWeights.ref, maskOf("recurrent", t), cell.gates, hidden);
    if (recurrentBias !== undefined) fromState.push(fromState.pop()!.add(recurrentBias.ref));
    const withBias = fromInput.map((z, gate) => z.add(bias.ref.slice([gate * hidden, (gate + 1) * hidden])));
    const masks = { update: unitMask("update", t), cell: unitMask("cell", t) };
    const next = step({ fromInput: withBias, fromState, h: h.ref, c: c?.ref, ...masks });
    const isDrawn = draws !== undefined;
    h = mix(next.h, h, unitMask("zoneoutHidden", t), isDrawn ? 0 : zoneout.hidden);
    if (c !== undefined) c = mix(next.c!, c, unitMask("zoneoutCell", t), isDrawn ? 0 : zoneout.cell);
    outputs.push(h.ref);
  }
  h.dispose();
  c?.dispose();
  recurrentWeights.dispose();
  tree.dispose([x, parameters, draws ?? {}] as never);
  return np.stack(outputs, 1);
}

/** (m_g * values) W_g for each gate g. */
function feed(
  values: JaxArray,
  weights: JaxArray,
  mask: JaxArray | undefined,
  gates: number,
  hidden: number,
): JaxArray[] {
  const part = (of: JaxArray, gate: number): JaxArray => of.slice([], [gate * hidden, (gate + 1) * hidden]);
  const all = Array.from({ length: gates }, (_, gate) => gate);
  if (mask !== undefined && mask.shape[1] !== 1) {
    const products = all.map((gate) => {
      const own = applyMultiplier(values.ref, mask.ref.slice([], gate, []));
      return np.dot(own, part(weights.ref, gate));
    });
    for (const array of [values, mask, weights]) array.dispose();
    return products;
  }
  const product = np.dot(masked(values, mask?.slice([], 0, [])), weights);
  const gatesOf = all.map((gate) => part(product.ref, gate));
  product.dispose();
  return gatesOf;
}

/** Zoneout: where `stays` is 1 the previous value remains; without a draw a share of it does. */
function mix(next: JaxArray, previous: JaxArray, stays: JaxArray | undefined, share: number): JaxArray {
  if (stays !== undefined) return np.where(stays.notEqual(0), previous, next);
  if (share === 0) {
    previous.dispose();
    return next;
  }
  return previous.mul(share).add(next.mul(1 - share));
}
