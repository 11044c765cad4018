// Where masks go in source 003, section 9.4.5: over channels, and through time. Its p keeps: `keep` here.

import {
  Dropout2d,
  DropoutRNN,
  dropout,
  gal,
  key,
  type RecurrentDropout,
  SpatialDropout,
  zaremba,
  zoneout,
} from "hadamask";
import {
  bernoulliMultiplier,
  expectedMoments,
  numericalGradient,
  outputMoments,
  recurrentChain,
  sharedOutputMoments,
} from "hadamask/theory";
import { maskSizes } from "../mask-size.js";
import { differs, equals, exactly, type Measure } from "../measure.js";
import { meanBound, meanOf } from "../statistics.js";
import { sum } from "../vectors.js";

export function channels(): Measure[] {
  const layer = new Dropout2d({ rate: 0.5, key: key(44) });
  const y = layer.forward(new Float64Array(48).fill(1), { shape: [2, 4, 2, 3] });
  const maps = Array.from({ length: 8 }, (_, c) => y.subarray(6 * c, 6 * c + 6));
  const x = [1, 2, 3, 4];
  const one = new SpatialDropout({ rate: 0.5, sharedAxes: [1], key: key(0) });
  const exact = expectedMoments({ n: 1, keep: 0.5 }, (mask) => one.forward(x, { shape: [1, 4], mask }));
  const positions = new SpatialDropout({ rate: 0.5, sharedAxes: [1], key: key(44) });
  return [
    exactly(
      "decisions for shape [2, 4, 2, 3]: one a sample and channel",
      maskSizes((mask) => layer.forward(new Float64Array(48), { shape: [2, 4, 2, 3], mask })),
      8,
    ),
    exactly("maps that are not constant", maps.filter((map) => map.some((v) => v !== map[0])).length, 0),
    exactly("values other than 0 and 2", y.filter((v) => v !== 0 && v !== 2).length, 0),
    equals(
      "covariance within the channel [1, 2, 3, 4], keep 0.5: x x'",
      exact.covariance,
      sharedOutputMoments(x, bernoulliMultiplier({ keep: 0.5 })).covariance,
    ),
    equals("variance of the channel's sum", sum(exact.covariance), 100),
    differs(
      "against that of independent elements, 30",
      sum(exact.covariance),
      sum(outputMoments(x, bernoulliMultiplier({ keep: 0.5 })).covariance),
    ),
    differs(
      "decisions of the other reading, one mask over positions for all channels of a sample",
      maskSizes((mask) => positions.forward(new Float64Array(48), { shape: [2, 4, 2, 3], mask })),
      8,
    ),
  ];
}

const SEQUENCES = 2 ** 14;
const STEPS = 5;

/** The last state of a linear recurrent layer that only repeats its state, from 1, for many sequences. */
function lastStates(dropout: RecurrentDropout): Float64Array {
  const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [1], activation: "linear", dropout } as const;
  const layer = new DropoutRNN({ ...options, key: key(45) });
  const x = new Float64Array(SEQUENCES * STEPS);
  const h = layer.forward(x, { shape: [SEQUENCES, STEPS, 1], initial: { h: new Float64Array(SEQUENCES).fill(1) } });
  return h.filter((_, at) => at % STEPS === STEPS - 1);
}

/** The placements of the layers: mean of the state after five steps at keep 0.8, against the closed forms. */
function recurrentLayers(): Measure[] {
  const keep = 0.8;
  const mean = (masks: "fresh" | "tied", dropout: RecurrentDropout): Measure => {
    const { mean: expected, variance } = recurrentChain(STEPS, masks, { keep });
    const bound = meanBound(variance, keep ** -STEPS, SEQUENCES);
    const what = masks === "fresh" ? "a new mask each step" : "one mask a sequence (Gal)";
    return equals(
      `recurrent layer, ${what}: mean state of ${SEQUENCES} sequences`,
      meanOf(lastStates(dropout)),
      expected,
      bound,
    );
  };
  const off = lastStates(zaremba({ keep }));
  return [
    mean("fresh", { recurrent: { keep, per: "step" } }),
    mean("tied", gal({ input: { rate: 0 }, recurrent: { keep } })),
    exactly(
      "recurrent layer, masks on inputs only (Zaremba): states other than 1",
      off.filter((h) => h !== 1).length,
      0,
    ),
  ];
}

/** Zoneout keeps the old state where it drops: at a rate near 1 nothing moves, near 0 everything does. */
function zoneouts(): Measure[] {
  const x = Float64Array.from({ length: 2 ** 14 }, () => 1);
  const states = (hidden: number) => {
    const options = { inputs: 1, hidden: 1, weights: [1], recurrentWeights: [0], activation: "linear" } as const;
    const layer = new DropoutRNN({ ...options, dropout: zoneout({ hidden }), key: key(22) });
    return layer.forward(x, { shape: [x.length, 1, 1] });
  };
  const moved = states(0.3).filter((h) => h === 1).length / x.length;
  return [
    equals("zoneout at rate 0.3: share of states that a step moves", moved, 0.7, meanBound(0.21, 0.7, x.length)),
    exactly("the others stay where they began, at 0", states(0.3).filter((h) => h !== 0 && h !== 1).length, 0),
  ];
}

export function recurrence(): Measure[] {
  const chain = (steps: number, keep: number, masks: "fresh" | "tied") => {
    const n = masks === "fresh" ? steps : 1;
    const pass = (bits: Uint8Array) =>
      Array.from({ length: steps }, (_, t) => bits[n === 1 ? 0 : t]!).reduce(
        (h, bit) => dropout([h], { keep, mask: [bit] })[0]!,
        1,
      );
    const { mean, covariance } = expectedMoments({ n, keep }, (bits) => [pass(bits)]);
    return [mean[0]!, covariance[0]!];
  };
  const closed = (steps: number, keep: number, masks: "fresh" | "tied") =>
    Object.values(recurrentChain(steps, masks, { keep }));
  // A linear cell with masked input: h' = 0.9 h + 0.5 m x.
  const slopes = [0, 1].map(
    (bit) => numericalGradient((h) => 0.9 * h[0]! + 0.5 * dropout([2], { keep: 0.5, mask: [bit] })[0]!, [0.3])[0]!,
  );
  return [
    equals(
      "masks on inputs only: slope of the state in the one before, element dropped and kept",
      slopes,
      [0.9, 0.9],
      1e-9,
    ),
    equals(
      "a new mask each step on the state, keep 0.8, 5 steps: mean, variance, enumerated",
      chain(5, 0.8, "fresh"),
      closed(5, 0.8, "fresh"),
    ),
    equals("their values", chain(5, 0.8, "fresh"), [1, 2.0518], 5e-5),
    equals("one mask for all steps: mean and variance", chain(5, 0.8, "tied"), closed(5, 0.8, "tied")),
    equals("their values: the mean grows to keep^(1 - T)", chain(5, 0.8, "tied"), [2.4414, 1.4901], 5e-5),
    differs("tied mean against a kept one", chain(5, 0.8, "tied")[0]!, 1),
    equals(
      "keep 0.5, 10 steps: variance of new masks, mean of tied ones",
      [chain(10, 0.5, "fresh")[1]!, chain(10, 0.5, "tied")[0]!],
      [1023, 512],
    ),
    ...recurrentLayers(),
    ...zoneouts(),
  ];
}
