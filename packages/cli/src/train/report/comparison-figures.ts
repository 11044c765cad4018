// Which figures belong to a comparison, in the order they are read, each with words on how to read it.

import {
  type CurveName,
  firstLayer,
  firstLayerSize,
  reliability,
  reliabilitySize,
  weightLimit,
} from "@hadamask/experiments/charts";
import { type ComparisonResult, type MeasureName, predictsValues } from "@hadamask/experiments/settings";
import type { Figure } from "../../page/figure.js";
import { firstLayerText, reliabilityText } from "./chart-texts.js";
import { curveFigure, type Entry, measureFigure } from "./measure-figures.js";
import { valueFigures } from "./value-figures.js";

export function comparisonFigures(result: ComparisonResult): Figure[] {
  if (predictsValues(result.comparison)) return valueFigures(result);
  // In pairs of one height, since the page has two columns; the reliability diagram is as tall as the two after it.
  return [
    curveFigure(result, CURVES.testNll), // first what happens: one curve turns up, another goes on falling
    curveFigure(result, CURVES.testError),
    measureFigure(result, MEASURES.nll),
    measureFigure(result, MEASURES.testError),
    reliabilityFigure(result),
    measureFigure(result, MEASURES.ece),
    curveFigure(result, CURVES.trainLoss),
    ...firstLayerFigures(result),
  ];
}

const MEASURES: Readonly<Record<MeasureName, Entry<MeasureName>>> = {
  nll: {
    measure: "nll",
    name: "nll",
    caption: "How little probability the right class got: 0 is certainty every time. Being sure and wrong costs most.",
  },
  testError: {
    measure: "testError",
    name: "test-error",
    caption: "Share of test rows classified wrongly. With few test rows a small difference is a handful of them.",
  },
  ece: {
    measure: "ece",
    name: "calibration-error",
    caption:
      "How far confidence is from the share that is right, on average: 0 where 90 % sure is right 90 % of the time.",
  },
};

const CURVES: Readonly<Record<CurveName, Entry<CurveName>>> = {
  testNll: {
    measure: "testNll",
    name: "curves-nll",
    caption:
      "On rows the networks were not trained on. A curve that rises again after its lowest point is overfitting.",
  },
  testError: {
    measure: "testError",
    name: "curves-test-error",
    caption: "The same runs, counting only whether the likeliest class was the right one.",
  },
  trainLoss: {
    measure: "trainLoss",
    name: "curves-training-loss",
    caption: "What training lowers. With dropout it stays higher, because every step trains a thinned network.",
  },
};

function reliabilityFigure({ comparison: { variants }, reliability: diagrams }: ComparisonResult): Figure {
  return {
    name: "reliability",
    caption:
      "Test predictions of all seeds, grouped by confidence; below, how many each group has. Groups of fewer than 20 " +
      "are mostly chance: faint, and not joined.",
    values: reliabilityText(diagrams, variants),
    size: reliabilitySize(variants),
    option: (theme) => reliability(diagrams, variants, theme),
  };
}

/** Only where the weights of a unit form a picture: those of a table's columns have no places to be drawn at. */
function firstLayerFigures({ comparison: { variants }, firstLayers }: ComparisonResult): Figure[] {
  const image = firstLayers[0]?.image;
  if (image === undefined) return [];
  const limit = weightLimit(firstLayers, image);
  return firstLayers.map((layer, v) => ({
    name: `first-layer-${v + 1}`,
    caption:
      "What the first hidden units respond to: orange pixels raise a unit, blue ones lower it. The first units, not " +
      "the prettiest.",
    values: firstLayerText(layer),
    size: firstLayerSize(layer, image),
    option: (theme) => {
      const title = variants.find(({ name }) => name === layer.variant)?.title ?? layer.variant;
      return firstLayer(layer, image, title, limit, theme);
    },
  }));
}
