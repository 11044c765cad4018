// Statements of source 002 beside the rows of the inventory: what it says in passing.

import { dropout, dropoutBackward, keepMask, key, unpackMask } from "hadamask";
import { expectedMoments } from "hadamask/theory";
import { differs, equals, exactly, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";
import { meanBound, meanOf } from "../statistics.js";

const { corrected, noted } = rowsOf("002");

/** Two features with mean 0, variance 1 and correlation 0.8: four equally likely points. */
const POINTS = [
  [Math.sqrt(1.8), 0],
  [-Math.sqrt(1.8), 0],
  [0, Math.sqrt(0.2)],
  [0, -Math.sqrt(0.2)],
].map(([along, across]) => [along! + across!, along! - across!]);

/** Correlation of the two after dropout, over the points and all masks. */
function correlation(keep: number): number {
  const moments = POINTS.map((x) => expectedMoments({ n: 2, keep }, (mask) => dropout(x, { keep, mask })));
  const second = (i: number, j: number) =>
    meanOf(moments.map(({ mean, covariance }) => covariance[2 * i + j]! + mean[i]! * mean[j]!));
  return second(0, 1) / Math.sqrt(second(0, 0) * second(1, 1));
}

function correlations(): Measure[] {
  const keeps = [1, 0.8, 0.5];
  return [
    equals(
      "correlation of two features of mean 0 in training, keep 1, 0.8, 0.5",
      keeps.map(correlation),
      keeps.map((keep) => 0.8 * keep),
    ),
    differs("the same in training and at prediction, keep 0.5", correlation(0.5), correlation(1), 0.1),
  ];
}

function droppedUnit(): Measure[] {
  const options = { rate: 0.5, mask: [0, 1] };
  const output = (x: number) => dropout([x, 3], options);
  return [
    exactly("output when the dropped input goes from 1 to 100", output(100), [...output(1)]),
    exactly("gradient at the dropped place", dropoutBackward([5, 7], options)[0]!, 0),
    differs("at prediction it counts: the same two outputs", dropout([100], { rate: 0.5, mode: "eval" }), 1),
  ];
}

/** Half of the units are a million times as large as the others; the mask does not look. */
function blindMask(): Measure[] {
  const n = 2 ** 18;
  const y = dropout(
    Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 1000 : 0.001)),
    { rate: 0.3, key: key(23) },
  );
  const bits = unpackMask(keepMask(n, { rate: 0.3, key: key(23) }), n);
  const share = (parity: number) => meanOf(y.filter((_, i) => i % 2 === parity).map((v) => (v === 0 ? 1 : 0)));
  return [
    equals("share dropped of large and of small units", [share(0), share(1)], [0.3, 0.3], meanBound(0.21, 0.7, n / 2)),
    exactly("decisions that change with the values", bits.filter((bit, i) => (bit === 1) !== (y[i] !== 0)).length, 0),
    differs("share dropped of large units, against never", share(0), 0, 0.2),
  ];
}

export const statements002: readonly Claim[] = [
  corrected(
    "Q-002-1",
    "2.1",
    "Dropout lowers the correlation of features",
    "In training the correlation of two features of mean 0 is multiplied by keep; at prediction it is what it " +
      "was. Whether the learned features differ is an empirical question",
    correlations,
  ),
  corrected(
    "Q-002-2",
    "2.1",
    "A dropped unit's output still takes part in the computation",
    "Not in that pass: neither the output nor any gradient depends on it. It takes part at prediction",
    droppedUnit,
  ),
  corrected(
    "Q-002-3",
    "2.3",
    "A unit that is not chosen in a batch is unimportant there",
    "The mask is drawn without a look at the values: large and small units are dropped equally often",
    blindMask,
  ),
  noted(
    "Q-002-4",
    "2.4",
    "DropConnect converges better and finds features that layers have in common",
    "Wan et al. (2013), section 6.1, report the opposite of the first: it converges more slowly than dropout, " +
      "and dropout more slowly than neither. They say nothing of the second",
  ),
];
