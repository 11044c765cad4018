// The figures of docs/theory.md, computed when asked for.

import type { Size } from "@hadamask/experiments/charts";
import { type Curve, type Lines, light, lines, linesSize, pixels, pixelsSize } from "@hadamask/experiments/charts";
import type { EChartsOption } from "echarts";
import { bernoulliMultiplier, dropoutRidge, featureSquares, ridge } from "hadamask/theory";
import { deepRelu } from "../verify/003/deep-relu.js";
import { DATA, X } from "../verify/regression-data.js";
import { norm, sum } from "../verify/vectors.js";
import { pictures, RATE } from "./pictures.js";

export interface Figure {
  /** Also its file: docs/figures/NAME.svg. */
  readonly name: string;
  readonly size: Size;
  readonly option: EChartsOption;
}

export const figures = (): Figure[] => [
  chart("noise-strength", noiseStrength()),
  chart("ridge-path", ridgePath()),
  chart("depth-growth", depthGrowth()),
  gallery(),
];

const chart = (name: string, definition: Lines): Figure => ({
  name,
  size: linesSize(definition),
  option: lines(definition, light),
});

/** Rates from 0 to `last`, evenly. */
const ratesTo = (last: number): number[] => Array.from({ length: 101 }, (_, i) => (last * i) / 100);

function noiseStrength(): Lines {
  const rates = ratesTo(0.95);
  const curve = (title: string, colour: number, f: (rate: number) => number, style: "line" | "dashed"): Curve => ({
    title,
    colour,
    style,
    points: rates.map((rate) => [rate, f(rate)]),
  });
  const full = norm(dropoutRidge(DATA, { rate: 0 }));
  return {
    title: "How strong is the noise of dropout?",
    explanation: "Variance for x = 1, and how far it shrinks the weights of a linear model trained to its end.",
    xName: "rate (probability of dropping)",
    yName: "variance, or share",
    curves: [
      curve(
        "keep * rate: classic scaling, weights held fixed (largest at 1/2)",
        0,
        (rate) => bernoulliMultiplier({ rate, scaling: "classic" }).variance,
        "dashed",
      ),
      curve(
        "rate / keep: inverted scaling, and what trained weights feel under both",
        1,
        (rate) => bernoulliMultiplier({ rate }).variance,
        "line",
      ),
      curve(
        "share of the weights' norm that training with dropout removes",
        2,
        (rate) => 1 - norm(dropoutRidge(DATA, { rate })) / full,
        "line",
      ),
    ],
    x: { min: 0, max: 1, interval: 0.1 },
    y: { min: 0, max: 3 },
  };
}

function ridgePath(): Lines {
  const rates = ratesTo(0.99);
  const G = featureSquares(X);
  const average = sum(G) / G.length;
  const plain = (rate: number) => ridge(DATA, (average * rate) / (1 - rate));
  const features = [0, 1, 2];
  const curve = (
    j: number,
    title: string,
    weights: (rate: number) => Float64Array,
    style: "line" | "dashed",
  ): Curve => ({
    title,
    colour: j + 1,
    style,
    points: rates.map((rate) => [rate, weights(rate)[j]!]),
  });
  return {
    title: "The ridge path of dropout",
    explanation: "Trained to the minimum with dropout on the inputs. Dotted: ridge, lambda = mean(G) rate / keep.",
    xName: "rate (probability of dropping)",
    yName: "weight used at prediction",
    curves: [
      ...features.map((j) => curve(j, `feature ${j + 1}`, (rate) => dropoutRidge(DATA, { rate }), "line")),
      ...features.map((j): Curve => ({ ...curve(j, `feature ${j + 1}, ridge`, plain, "dashed"), isUnnamed: true })),
    ],
    x: { min: 0, max: 1, interval: 0.1 },
    y: { min: -0.2, max: 0.6 },
  };
}

const DEPTHS = [1, 2, 3, 4, 5, 6, 7, 8];

function depthGrowth(): Lines {
  const keeps = [0.9, 0.8, 0.5];
  const measured = keeps.map((keep) => deepRelu({ depths: DEPTHS, keep, width: 64, nets: 20, passes: 200, seed: 7 }));
  return {
    title: "Inverted dropout makes ReLU networks louder, not quieter",
    explanation: "Mean over 20 networks of width 64, 200 masks each. Dotted: keep^(-depth / 2), the wide limit.",
    xName: "depth (layers, each with dropout before it)",
    yName: "ratio of mean activations",
    curves: [
      ...keeps.map(
        (keep, k): Curve => ({
          title: `keep ${keep}`,
          colour: k + 1,
          style: "points",
          points: DEPTHS.map((d, i) => [d, measured[k]!.growth[i]!]),
        }),
      ),
      ...keeps.map(
        (keep, k): Curve => ({
          title: `keep ${keep}, limit`,
          colour: k + 1,
          style: "dashed",
          isUnnamed: true,
          points: DEPTHS.map((d) => [d, keep ** (-d / 2)]),
        }),
      ),
    ],
    x: { min: 0, max: 9, interval: 1 },
    y: "log",
  };
}

function gallery(): Figure {
  const shown = pictures();
  const explanation = `Training at rate ${RATE}, each drawn once. Dropped is black; kept is brighter by 1 / keep.`;
  return {
    name: "masks",
    size: pixelsSize(shown),
    option: pixels("What each kind of dropout does to a picture", explanation, shown, light),
  };
}
