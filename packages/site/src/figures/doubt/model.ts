// How sure is the network? A regression through a few points, its stochastic passes, and a conformal interval.

import { foldIn, key } from "hadamask";
import { evenly, type Point } from "../../charts/chart.js";
import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, listField, numberField, type StateOf } from "../../state/fields.js";
import { remembered } from "../../state/remembered.js";
import { SmallNet, type Stepped } from "../../training/small-net.js";
import type { Wording } from "./words.js";

export const EDGE = 3;
export const TALL = 2.5;
export const MOST_STEPS = 600;
export const MOST_POINTS = 40;
export const MOST_PASSES = 100;
/** Share of new points that a conformal interval is to hold. */
export const COVERAGE = 0.8;
const PLACES = evenly(-EDGE, EDGE, 61);

/** A wave with a gap in the middle: x and y in turn. */
const START: readonly number[] = [
  -2.8, -0.2, -2.5, -0.7, -2.3, -0.6, -2.1, -1.0, -1.9, -0.9, -1.7, -1.1, -1.5, -0.8, -1.3, -1.0, -1.1, -0.8, -0.9,
  -0.9, 1.0, 0.7, 1.2, 1.0, 1.4, 0.8, 1.6, 1.1, 1.8, 1.0, 2.0, 0.8, 2.2, 0.9, 2.4, 0.6, 2.6, 0.7, 2.8, 0.3,
];

export const FIELDS = {
  points: listField(START, -EDGE, EDGE, 2 * MOST_POINTS),
  rate: numberField(0.2, 0.02, 0.8),
  steps: numberField(0, 0, MOST_STEPS, true),
  passes: numberField(40, 2, MOST_PASSES, true),
  view: choiceField("passes", ["passes", "conformal"]),
  place: numberField(0, -EDGE, EDGE),
  seed: numberField(1, 0, 999_999, true),
};

export type State = StateOf<typeof FIELDS>;

export const pointsOf = ({ points }: Pick<State, "points">): readonly Point[] =>
  Array.from({ length: Math.floor(points.length / 2) }, (_, i) => [points[2 * i]!, points[2 * i + 1]!]);

export interface Fit extends Stepped {
  readonly net: SmallNet;
  /** Points that it learns, and those that are kept for calibration (none, unless intervals are conformal). */
  readonly learned: readonly Point[];
  readonly kept: readonly Point[];
}

/**
 * The network before its first step; without points it makes none. For conformal intervals every second point, by x, is
 * kept for calibration.
 */
export function startFit(state: State): Fit {
  const all = [...pointsOf(state)].sort((a, b) => a[0] - b[0]);
  const isConformal = state.view === "conformal";
  const learned = isConformal ? all.filter((_, i) => i % 2 === 0) : all;
  const kept = isConformal ? all.filter((_, i) => i % 2 === 1) : [];
  const net = new SmallNet({
    sizes: [1, 32, 32, 1],
    rate: state.rate,
    activation: "relu",
    loss: "values",
    learningRate: 0.01,
    weightDecay: 1e-3,
    key: foldIn(key(state.seed), 10),
  });
  const data = { x: Float64Array.from(learned, ([x]) => x), y: Float64Array.from(learned, ([, y]) => y) };
  return {
    net,
    learned,
    kept,
    get steps() {
      return net.steps;
    },
    train(steps, isLate = () => false) {
      const isBehind = () => learned.length > 0 && net.steps < steps;
      while (isBehind() && !isLate()) net.step(data);
      return isBehind();
    },
  };
}

export interface Doubt {
  /** Means over the passes, or the plain prediction where intervals are conformal. */
  readonly mean: readonly Point[];
  /** Mean plus and minus two standard deviations of the passes, or the conformal interval. */
  readonly band: readonly (readonly [x: number, low: number, high: number])[];
  /** Standard deviation of the passes at each x; 0 where intervals are conformal. */
  readonly deviation: readonly Point[];
  /** A few passes, to be seen one by one. */
  readonly single: readonly (readonly Point[])[];
  /** Half the width of the conformal interval; infinite with too few points to calibrate it. */
  readonly half: number | undefined;
}

export const doubtOf = remembered(
  (fit: Fit, { view, passes }: Pick<State, "view" | "passes">) => [fit, fit.steps, view, passes],
  measureDoubt,
);

function measureDoubt(fit: Fit, { view, passes }: Pick<State, "view" | "passes">): Doubt {
  const { net, kept } = fit;
  if (view === "conformal") {
    const plain = net.predict(Float64Array.from(PLACES));
    const half = conformalHalf(net, kept);
    const reach = Math.min(half, 99);
    return {
      mean: PLACES.map((x, i) => [x, plain[i]!]),
      band: PLACES.map((x, i) => [x, plain[i]! - reach, plain[i]! + reach]),
      deviation: PLACES.map((x) => [x, 0]),
      single: [],
      half,
    };
  }
  const x = Float64Array.from(PLACES);
  const all = Array.from({ length: passes }, (_, pass) => net.predict(x, pass));
  const mean = PLACES.map((_, i) => all.reduce((sum, y) => sum + y[i]!, 0) / passes);
  const deviation = PLACES.map((_, i) =>
    Math.sqrt(all.reduce((sum, y) => sum + (y[i]! - mean[i]!) ** 2, 0) / (passes - 1)),
  );
  return {
    mean: PLACES.map((place, i) => [place, mean[i]!]),
    band: PLACES.map((place, i) => [place, mean[i]! - 2 * deviation[i]!, mean[i]! + 2 * deviation[i]!]),
    deviation: PLACES.map((place, i) => [place, deviation[i]!]),
    single: all.slice(0, 5).map((y) => PLACES.map((place, i): Point => [place, y[i]!])),
    half: undefined,
  };
}

/**
 * Split conformal prediction: the (n + 1) coverage-th smallest distance of a kept point from its prediction. A new
 * point like them lies no farther with at least that probability, whatever the network is worth.
 */
function conformalHalf(net: SmallNet, kept: readonly Point[]): number {
  const predicted = net.predict(Float64Array.from(kept, ([x]) => x));
  const distances = kept.map(([, y], i) => Math.abs(y - predicted[i]!)).sort((a, b) => a - b);
  return distances[Math.ceil((kept.length + 1) * COVERAGE) - 1] ?? Number.POSITIVE_INFINITY;
}

const at = (points: readonly Point[], x: number): number =>
  points[Math.round(((x + EDGE) / (2 * EDGE)) * (points.length - 1))]![1];

/** What the figure says of a fit as it is now. */
export function presentFit(fit: Fit, state: State, words: Wording): Presented {
  const { mean, band, deviation, half } = doubtOf(fit, state);
  const { place } = state;
  const values = { place: short(place, 3), steps: fit.net.steps, mean: short(at(mean, place), 3) };
  return {
    summary:
      half === undefined
        ? words.summary({ ...values, passes: state.passes, deviation: short(at(deviation, place), 3) })
        : words.conformalSummary({
            ...values,
            kept: fit.kept.length,
            half: Number.isFinite(half) ? short(half, 3) : "∞",
          }),
    table: { columns: words.columns, rows: band.map(([x, low, high], i) => [x, mean[i]![1], low, high]) },
  };
}

export function present(state: State, words: Wording): Presented {
  const fit = startFit(state);
  fit.train(state.steps);
  return presentFit(fit, state, words);
}
