// The two figures as charts.

import type { Lines } from "@hadamask/experiments/charts";
import type { FigureResult } from "./run.js";

/** Test error in percent, against the rate or the logarithm of the number of training rows. */
export function figureOf({ figure, curves, data, seeds }: FigureResult): Lines {
  const isRate = figure === "rate";
  const at = (x: number): number => (isRate ? x : Math.log10(x));
  const xs = curves.flatMap(({ points }) => points.map(({ x }) => at(x)));
  const ys = curves.flatMap(({ points }) => points.map(({ testError }) => 100 * testError.mean));
  const step = stepFor(Math.max(...ys));
  return {
    title: isRate ? "Test error against the rate" : "Test error against the number of training rows",
    explanation: `${data}; ${seeds === 1 ? "one seed" : `means of ${seeds} seeds`}`,
    xName: isRate ? "probability of dropping a hidden unit" : "decimal logarithm of the number of training rows",
    yName: "test error, %",
    curves: curves.map(({ title, points }, c) => ({
      title,
      colour: c + 1,
      points: points.map(({ x, testError }) => [at(x), 100 * testError.mean] as const),
    })),
    x: isRate
      ? { min: 0, max: 1, interval: 0.2 }
      : { min: Math.floor(Math.min(...xs)), max: Math.ceil(Math.max(...xs)), interval: 1 },
    y: { min: 0, max: step * Math.ceil(Math.max(...ys) / step) },
  };
}

const stepFor = (most: number): number => (most > 20 ? 10 : most > 5 ? 5 : 1);
