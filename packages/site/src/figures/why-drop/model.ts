// Why drop units: two networks on the same noisy points, one with dropout and one without, trained side by side.

import { foldIn, key, normal, uniform } from "hadamask";
import { percent } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { numberField, type StateOf } from "../../state/fields.js";
import { remembered } from "../../state/remembered.js";
import { type SmallData, SmallNet, type Stepped, secondClass } from "../../training/small-net.js";
import type { Wording } from "./words.js";

export const MOST_STEPS = 400;
export const MOST_UNITS = 64;
/** The picture shows [-EDGE, EDGE] in both directions, in GRID x GRID squares. */
export const EDGE = 2.4;
export const GRID = 30;
const TEST_ROWS = 500;

export const FIELDS = {
  rate: numberField(0.5, 0, 0.9),
  points: numberField(60, 20, 200, true),
  flipped: numberField(0.15, 0, 0.4),
  units: numberField(40, 4, MOST_UNITS, true),
  seed: numberField(2, 0, 999_999, true),
  steps: numberField(0, 0, MOST_STEPS, true),
};

export type State = StateOf<typeof FIELDS>;

/** Points of a normal cloud; the class says on which side of a wave they lie, and a share of classes is wrong. */
function drawPoints(count: number, flipped: number, root: readonly [number, number]): SmallData {
  const x = normal(2 * count, { key: foldIn(root, 0) });
  const chance = uniform(count, { key: foldIn(root, 1) });
  const y = Uint8Array.from({ length: count }, (_, i) => {
    const isAbove = x[2 * i + 1]! > 0.8 * Math.sin(1.8 * x[2 * i]!);
    return Number(chance[i]! < flipped ? !isAbove : isAbove);
  });
  return { x, y };
}

/** Shares of right answers on the points trained on, and on 500 others without wrong classes. */
interface Shares {
  readonly train: number;
  readonly test: number;
}

export interface Side {
  readonly net: SmallNet;
  accuracy(): Shares;
  /** Probability of the second class over the picture, row by row from the top. */
  picture(): Float64Array;
}

/** Both learn the same number of steps. */
export interface Pair extends Stepped {
  readonly data: SmallData;
  readonly without: Side;
  readonly dropout: Side;
}

/** What a network is before its first step, whatever its rate: points, share of wrong classes, units, seed. */
type Beginning = readonly [number, number, number, number];

/** What it answers then: both sides ask for it, and so does a figure that begins anew. */
const firstShares = remembered(
  (beginning: Beginning, _compute: () => Shares) => beginning,
  (_beginning, compute) => compute(),
);
const firstPicture = remembered(
  (beginning: Beginning, _compute: () => Float64Array) => beginning,
  (_beginning, compute) => compute(),
);

/** The two networks before their first step: the same first weights, the same data. */
export function startPair({ rate, points, flipped, units, seed }: State): Pair {
  const root = key(seed);
  const data = drawPoints(points, flipped, foldIn(root, 1));
  const test = drawPoints(TEST_ROWS, 0, foldIn(root, 2));
  const beginning: Beginning = [points, flipped, units, seed];
  const side = (ownRate: number): Side => {
    const net = new SmallNet({
      sizes: [2, units, units, 2],
      rate: ownRate,
      activation: "relu",
      loss: "classes",
      learningRate: 0.01,
      key: foldIn(root, 3),
    });
    const share = ({ x, y }: SmallData) => {
      const p = secondClass(net.predict(x));
      return p.reduce((right, value, i) => right + Number(Number(value > 0.5) === y[i]), 0) / p.length;
    };
    const accuracy = () => ({ train: share(data), test: share(test) });
    const picture = () => secondClass(net.predict(GRID_POINTS));
    const sinceStep = () => [net.steps];
    return {
      net,
      accuracy: remembered(sinceStep, () => (net.steps === 0 ? firstShares(beginning, accuracy) : accuracy())),
      picture: remembered(sinceStep, () => (net.steps === 0 ? firstPicture(beginning, picture) : picture())),
    };
  };
  const [without, dropout] = [side(0), side(rate)];
  return {
    data,
    without,
    dropout,
    get steps() {
      return without.net.steps;
    },
    train(steps, isLate = () => false) {
      while (without.net.steps < steps && !isLate()) {
        without.net.step(data);
        dropout.net.step(data);
      }
      return without.net.steps < steps;
    },
  };
}

/** A picture before it is there. */
export const BLANK: Float64Array = new Float64Array(GRID * GRID).fill(0.5);

const GRID_POINTS = Float64Array.from({ length: 2 * GRID * GRID }, (_, i) => {
  const square = Math.floor(i / 2);
  const place = i % 2 === 0 ? square % GRID : GRID - 1 - Math.floor(square / GRID);
  return ((2 * place + 1) / GRID - 1) * EDGE;
});

/** What the figure says of a pair as it is now. */
export function presentPair(pair: Pair, words: Wording): Presented {
  const [a, b] = [pair.without.accuracy(), pair.dropout.accuracy()];
  return {
    summary: words.summary({
      steps: pair.steps,
      withoutTrain: percent(a.train),
      withoutTest: percent(a.test),
      dropoutTrain: percent(b.train),
      dropoutTest: percent(b.test),
    }),
    table: {
      columns: words.columns,
      rows: [
        [words.without, a.train, a.test],
        [words.dropout, b.train, b.test],
      ],
    },
  };
}

export function present(state: State, words: Wording): Presented {
  const pair = startPair(state);
  pair.train(state.steps);
  return presentPair(pair, words);
}
