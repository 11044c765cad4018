// Which figures belong to a comparison that predicts values, in the order they are read.

import {
  intervalCalibration,
  intervalCalibrationSize,
  predicted,
  predictedRange,
  predictedSize,
  type Theme,
  transformHistogram,
  transformHistogramSize,
} from "@hadamask/experiments/charts";
import type { ComparisonResult } from "@hadamask/experiments/settings";
import type { Figure } from "../../page/figure.js";
import { curveFigure, measureFigure } from "./measure-figures.js";

export function valueFigures(result: ComparisonResult): Figure[] {
  return [
    curveFigure(result, {
      measure: "testError",
      name: "curves-test-error",
      caption:
        "Root mean square error on rows the networks were not trained on. A curve that rises again is overfitting.",
    }),
    curveFigure(result, {
      measure: "testNll",
      name: "curves-nll",
      caption: "The same runs by the density that each value got. Being sure and far off costs most.",
    }),
    measureFigure(result, {
      measure: "testError",
      name: "test-error",
      caption: "Root of the mean square error, in the unit of the value. A few rows that are far off weigh much.",
    }),
    measureFigure(result, {
      measure: "nll",
      name: "nll",
      caption: "How little density values got: it can be below 0, since densities can be above 1.",
    }),
    ...predictedFigures(result),
    intervalFigure(result),
    measureFigure(result, {
      measure: "ece",
      name: "calibration-error",
      caption: "How far the share that intervals hold is from what they promise, on average over levels of 5 to 95 %.",
    }),
    transformFigure(result),
    curveFigure(result, {
      measure: "trainLoss",
      name: "curves-training-loss",
      caption: "What training lowers. With dropout it stays higher, because every step trains a thinned network.",
    }),
  ];
}

/** One a variant, on the same axes. */
function predictedFigures({ comparison, values = [] }: ComparisonResult): Figure[] {
  const range = predictedRange(values);
  return values.map((fit, v) => {
    const { title } = comparison.variants.find(({ name }) => name === fit.variant)!;
    const { name: target } = comparison.data.target!;
    return {
      name: `predicted-${v + 1}`,
      caption: "Each mark is a test row. Marks far from the diagonal are what the root mean square error is made of.",
      size: predictedSize,
      option: (theme: Theme) => predicted(fit, { title, target, v, range }, theme),
    };
  });
}

function intervalFigure({ comparison: { variants }, values = [] }: ComparisonResult): Figure {
  return {
    name: "coverage",
    caption:
      "Intervals in the middle of each predicted law, test rows of all seeds: the share of values inside against " +
      "what is promised.",
    size: intervalCalibrationSize(variants),
    option: (theme) => intervalCalibration(values, variants, theme),
  };
}

function transformFigure({ comparison: { variants }, values = [] }: ComparisonResult): Figure {
  return {
    name: "transforms",
    caption:
      "Probability integral transforms: how much of its predicted law lies below each value. Even if the law is right.",
    size: transformHistogramSize(variants),
    option: (theme) => transformHistogram(values, variants, theme),
  };
}
