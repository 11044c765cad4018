// What a training shows, in words, as a table, as lines and as pictures. Knows no engine and no page.

import type { Curves } from "@hadamask/experiments/settings";
import type { ClassPredictions, FirstLayer } from "@hadamask/experiments/statistics";
import type { Axis, Point, Series } from "../../charts/chart.js";
import { percent, short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import type { State } from "./model.js";
import type { LiveRun, TrainingView } from "./view.js";
import type { Wording } from "./words.js";

type Curve = State["curve"];

/** The points of one curve, errors in percent. */
export function pointsOf(run: Curves, curve: Curve): readonly Point[] {
  if (curve === "loss") return run.trainLoss.map((value, i): Point => [i + 1, value]);
  const values = curve === "nll" ? run.testNll : run.testError.map((share) => 100 * share);
  return run.epochs.map((epoch, i): Point => [epoch, values[i]!]);
}

/** A line a variant for the seed in training; those of seeds before it are thin. */
export function linesOf(view: TrainingView, curve: Curve): readonly Series[] {
  const toneOf = (variant: string): number => view.variants.indexOf(variant);
  const before = view.done
    .filter(({ seed }) => seed !== view.seed)
    .map(
      (run): Series => ({
        name: `${run.variant} ${run.seed}`,
        points: pointsOf(run, curve),
        tone: toneOf(run.variant),
        style: "thin",
        isUnnamed: true,
      }),
    );
  const now = view.live.map(
    (run): Series => ({
      name: run.variant,
      points: pointsOf(run, curve),
      tone: toneOf(run.variant),
    }),
  );
  return [...before, ...now];
}

/** From 0 to a little above the highest point. */
export function heightOf(lines: readonly Series[]): number {
  const values = lines.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite);
  return 1.05 * values.reduce((most, value) => Math.max(most, value), 0) || 1;
}

export const epochAxis = (view: TrainingView | undefined, epochs: number, label: string): Axis => ({
  label,
  min: 0,
  max: view?.epochs ?? epochs,
});

/** Row by row: how many rows of each class were taken for which. */
export function confusionOf({ label, predicted }: ClassPredictions, classes: number): readonly (readonly number[])[] {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  label.forEach((right, i) => {
    counts[right]![predicted[i]!]! += 1;
  });
  return counts;
}

/** The mistakes that are made most often, the commonest first. */
export function mistakesIn(
  counts: readonly (readonly number[])[],
  most: number,
): readonly { readonly right: number; readonly taken: number; readonly count: number }[] {
  return counts
    .flatMap((row, right) => row.map((count, taken) => ({ right, taken, count })))
    .filter(({ right, taken, count }) => right !== taken && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

export interface Picture {
  readonly values: Float64Array;
  readonly columns: number;
  readonly rows: number;
}

/** Units in a row of the picture of weights, and how many there are at most. */
const [ACROSS, UNITS] = [4, 16];

/**
 * The weights of the first units, each a picture where the inputs form one: 0.5 is no weight, 0 and 1 are the largest
 * that there are, of either sign.
 */
export function weightPicture({ units, features, image }: FirstLayer): Picture {
  const shown = units.slice(0, UNITS);
  const largest = shown.flat().reduce((most, weight) => Math.max(most, Math.abs(weight)), 0) || 1;
  const value = (weight: number): number => 0.5 + weight / (2 * largest);
  if (image === undefined) {
    // A column a unit.
    const values = new Float64Array(features * shown.length);
    for (const [u, unit] of shown.entries())
      unit.forEach((weight, f) => {
        values[f * shown.length + u] = value(weight);
      });
    return { values, columns: shown.length, rows: features };
  }
  const { height, width } = image;
  const columns = ACROSS * (width + 1) - 1;
  const rows = Math.ceil(shown.length / ACROSS) * (height + 1) - 1;
  const values = new Float64Array(columns * rows).fill(0.5);
  for (const [u, unit] of shown.entries()) {
    const [left, top] = [(u % ACROSS) * (width + 1), Math.floor(u / ACROSS) * (height + 1)];
    unit.forEach((weight, f) => {
      values[(top + Math.floor(f / width)) * columns + left + (f % width)] = value(weight);
    });
  }
  return { values, columns, rows };
}

const last = (values: readonly number[]): number | undefined => values.at(-1);

/** The newest numbers of a run, as a reader sees them. */
export function latestOf(run: LiveRun): { readonly error: string; readonly nll: string } {
  const [error, nll] = [last(run.testError), last(run.testNll)];
  return {
    error: error === undefined ? "–" : percent(error),
    nll: nll === undefined ? "–" : short(nll),
  };
}

export function presentTraining(view: TrainingView | undefined, words: Wording): Presented {
  const columns = words.columns;
  if (view === undefined || (view.live.length === 0 && view.done.length === 0))
    return { summary: words.nothing, table: { columns, rows: [] } };
  const isDone = (run: Curves) => view.done.some(({ variant, seed }) => variant === run.variant && seed === run.seed);
  const runs: readonly Curves[] = [...view.done, ...view.live.filter((run) => !isDone(run))];
  const rows = runs.map((run) => [
    run.variant,
    run.seed,
    run.trainLoss.length,
    last(run.trainLoss) ?? "–",
    last(run.testError) ?? "–",
    last(run.testNll) ?? "–",
  ]);
  return { summary: summaryOf(view, words), table: { columns, rows } };
}

function summaryOf(view: TrainingView, words: Wording): string {
  const { comparison } = view;
  if (comparison === undefined) {
    const runs = view.live.map((run) => words.run({ variant: run.variant, epoch: run.done, ...latestOf(run) }));
    return words.now(view.seed, runs);
  }
  const means = comparison.variants.map(({ name, testError, nll }) =>
    words.mean({ variant: name, error: percent(testError.mean), nll: short(nll.mean) }),
  );
  const gaps = comparison.paired.map(({ variant, against, nll }) =>
    words.gap({
      variant,
      against,
      nll: short(nll.mean, 3),
      interval: nll.ci95?.map((end) => short(end, 3)) as [string, string] | undefined,
    }),
  );
  return words.end(view.seeds.length, means, gaps);
}
