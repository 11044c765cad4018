// A statement of source 003 beside the rows of the inventory. Its p keeps: `keep` here.

import { dropout } from "hadamask";
import { expectation } from "hadamask/theory";
import { atMost, differs, equals, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";

const { corrected } = rowsOf("003");

const STEPS = 10;

/** dh_T / dh_0 of h' = 0.9 h, for the masks of the recurrent path: a product of slopes. */
const slope = (mask: ArrayLike<number>, keep: number): number =>
  Array.from(mask).reduce((product, bit) => product * 0.9 * dropout([1], { keep, mask: [bit] })[0]!, 1);

function vanishing(): Measure[] {
  const keep = 0.8;
  const alive = expectation({ n: STEPS, keep }, (mask) => (slope(mask, keep) === 0 ? 0 : 1));
  return [
    equals(
      "gradient through 10 steps of h' = 0.9 h, masks on inputs only",
      slope(new Array(STEPS).fill(1), 1),
      0.9 ** 10,
    ),
    equals(
      "share of mask sequences that let any gradient through, a mask each step on the state",
      alive,
      keep ** STEPS,
    ),
    atMost("that share", alive, 0.11),
    equals(
      "mean gradient over all sequences, masks on the state",
      expectation({ n: STEPS, keep }, (mask) => slope(mask, keep)),
      0.9 ** 10,
    ),
    differs("gradient that vanishes without dropout, against one that does not", 0.9 ** 10, 1, 0.5),
  ];
}

export const statements003: readonly Claim[] = [
  corrected(
    "Q-003-1",
    "9.4.6",
    "CNNs and RNNs need placements of their own to avoid vanishing gradients",
    "No placement of dropout cures a vanishing gradient: off the recurrent path it is what it is without " +
      "dropout, on it with fresh masks most sequences have none. Placements are chosen so that the state is " +
      "kept, and whole maps are dropped",
    vanishing,
  ),
];
