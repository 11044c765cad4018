// Which figures belong to an uncertainty run, in the order they are read.

import {
  type Curve,
  type Histogram,
  histogram,
  histogramSize,
  type Lines,
  lines,
  linesSize,
  type Picture,
  pixels,
  pixelsSize,
  reliability,
  reliabilitySize,
} from "@hadamask/experiments/charts";
import { type RiskCoverage, reliabilityBins } from "hadamask/uncertainty";
import type { Figure } from "../../page/figure.js";
import type { UncertaintyResult } from "../request.js";
import { leastCertain } from "../rows.js";
import { pick } from "../some-rows.js";
import { enlarged } from "./enlarged.js";
import { mapFigures } from "./maps.js";

export function uncertaintyFigures(result: UncertaintyResult): Figure[] {
  return [
    ...pictures(result),
    ...mapFigures(result),
    ...judgementFigures(result),
    ...strangeFigures(result),
    ...curveFigures(result),
  ];
}

/** Pictures shown: two rows of four. */
const PICTURES = 8;

/** The rows that the model is least certain of, as pictures. */
function pictures(result: UncertaintyResult): Figure[] {
  const { image, prediction } = result;
  const first = result.pixels(0);
  if (image === undefined || prediction.kind !== "classes" || first.length % (image.height * image.width) !== 0)
    return [];
  const rows = leastCertain(result, PICTURES);
  const range = rangeOf(rows.map((row) => result.pixels(row)));
  const shown = rows.map((row) => enlarged(pictureOf(result, row, image, range)));
  return [
    {
      name: "least-certain",
      caption:
        "The rows that the model is least certain of, the least certain first, with what it says and how sure it " +
        "is of that.",
      size: pixelsSize(shown),
      isFixed: true,
      option: (theme) =>
        pixels(
          "Least certain",
          "By predictive entropy. Over each: confidence, entropy, mutual information (nats).",
          shown,
          theme,
        ),
    },
  ];
}

/** From 0, or from the lowest value where pictures were normalised, to the highest. */
function rangeOf(rows: readonly ArrayLike<number>[]): Range {
  let [low, high] = [0, Number.MIN_VALUE];
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      low = Math.min(low, row[i]!);
      high = Math.max(high, row[i]!);
    }
  }
  return { low, high };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function pictureOf(
  result: UncertaintyResult,
  row: number,
  { height, width }: NonNullable<UncertaintyResult["image"]>,
  { low, high }: Range,
): Picture {
  const { prediction, classNames, labels } = result;
  if (prediction.kind !== "classes") throw new Error("pictures are of classes");
  const says = classNames[prediction.predicted[row]!]!;
  const is = labels === undefined ? "" : `, is ${classNames[labels[row]!]!}`;
  const values = result.pixels(row);
  const area = height * width;
  const hasColours = values.length === 3 * area;
  const isLast = hasColours && result.channels === "last";
  const light = (i: number): number => (values[i]! - low) / (high - low);
  // Ink on paper: dark where the value is high, as most data of digits have it.
  const channel = (i: number, c: number): number =>
    hasColours ? light(isLast ? 3 * i + c : c * area + i) : 1 - light(i);
  return {
    title: `says ${says}${is}`,
    explanation:
      `${(100 * prediction.maxProbability[row]!).toFixed(0)} % sure, ` +
      `${prediction.predictiveEntropy[row]!.toFixed(2)}, ${prediction.mutualInformation[row]!.toFixed(2)}`,
    height,
    width,
    values: Float32Array.from({ length: 3 * area }, (_, i) => channel(Math.floor(i / 3), i % 3)),
  };
}

const VARIANTS = [
  { name: "plain", title: "without dropout" },
  { name: "monte-carlo", title: "Monte-Carlo dropout" },
];

function judgementFigures(result: UncertaintyResult): Figure[] {
  const { classes, prediction, labels } = result;
  if (classes === undefined || labels === undefined || prediction.kind !== "classes") return [];
  const isRight = (row: number): boolean => prediction.predicted[row] === labels[row];
  const rows = Array.from(labels.keys());
  const entropyOf = (some: number[]): Float64Array => pick(prediction.predictiveEntropy, Int32Array.from(some), 1);
  const entropies: Histogram = {
    title: "Entropy of right and wrong answers",
    explanation: "A model that knows when it does not know keeps the two apart.",
    xName: "predictive entropy, nats",
    groups: [
      { title: "right", values: entropyOf(rows.filter(isRight)) },
      { title: "wrong", values: entropyOf(rows.filter((row) => !isRight(row))) },
    ],
  };
  const diagrams = [prediction.deterministic.mean, prediction.mean].map((probabilities, v) => ({
    variant: VARIANTS[v]!.name,
    bins: reliabilityBins(probabilities, labels),
  }));
  const coverage = coverageChart(classes);
  return [
    {
      name: "reliability",
      caption: "All rows, grouped by confidence: how often they are right; below, how many each group has.",
      size: reliabilitySize(VARIANTS),
      option: (theme) => reliability(diagrams, VARIANTS, theme),
    },
    {
      name: "risk-coverage",
      caption:
        "The error rate among the rows that are answered, as the least certain are refused. The lower the curve, " +
        "the more the uncertainty is worth.",
      size: linesSize(coverage),
      option: (theme) => lines(coverage, theme),
    },
    {
      name: "entropy",
      caption: "How unsure the model is of answers that turn out right, and of those that turn out wrong.",
      size: histogramSize(entropies),
      option: (theme) => histogram(entropies, theme),
    },
  ];
}

function coverageChart({ byEntropy, byConfidence }: NonNullable<UncertaintyResult["classes"]>): Lines {
  const points = ({ coverage, risk }: RiskCoverage): [number, number][] =>
    thinned(Array.from(coverage, (share, i): [number, number] => [100 * share, 100 * risk[i]!]));
  const curve = (title: string, of: RiskCoverage, colour: number): Curve => ({
    title: `${title}, area ${(100 * of.aurc).toFixed(2)} %`,
    points: points(of),
    colour,
  });
  const most = Math.max(...byEntropy.risk.slice(-Math.ceil(0.9 * byEntropy.risk.length)), byConfidence.random) * 115;
  return {
    title: "What refusing is worth",
    explanation: "Error rate of the answered rows against the share that is answered.",
    xName: "rows answered, %",
    yName: "error rate, %",
    curves: [
      { ...curve("without dropout, by confidence", byConfidence, 0), style: "dashed" },
      curve("Monte-Carlo dropout, by predictive entropy", byEntropy, 1),
    ],
    x: { min: 0, max: 100, interval: 20 },
    y: { min: 0, max: most === 0 ? 1 : Number(most.toPrecision(1)) },
  };
}

/** As many points as can be seen. */
const thinned = (points: [number, number][]): [number, number][] => {
  const step = Math.ceil(points.length / 400);
  return points.filter((_, i) => (points.length - 1 - i) % step === 0);
};

function strangeFigures({ strange, prediction }: UncertaintyResult): Figure[] {
  if (strange.length === 0 || prediction.kind !== "classes") return [];
  const chart: Histogram = {
    title: "Familiar and strange rows",
    explanation: "Mutual information: how much the passes disagree about a row.",
    xName: "mutual information, nats",
    groups: [
      { title: "the data", values: prediction.mutualInformation },
      ...strange.map(({ name, mutualInformation, prediction: theirs }) => ({
        title: `${name}, AUROC ${mutualInformation.auroc.toFixed(3)}`,
        values: theirs.mutualInformation,
      })),
    ],
  };
  return [
    {
      name: "strange",
      caption:
        "Rows that are not like the data should make the passes disagree. AUROC 1 would tell all of them apart, " +
        "0.5 is chance.",
      size: histogramSize(chart),
      option: (theme) => histogram(chart, theme),
    },
  ];
}

/** Of a regression with one feature: the mean and a band of two standard deviations. */
function curveFigures({ prediction, pixels: features }: UncertaintyResult): Figure[] {
  if (prediction.kind !== "values" || prediction.values !== 1 || features(0).length !== 1) return [];
  const { mean, variance, total } = prediction;
  const order = Array.from(mean.keys()).sort((a, b) => features(a)[0]! - features(b)[0]!);
  const x = order.map((row) => features(row)[0]!);
  const at = (f: (row: number) => number): [number, number][] => order.map((row, i) => [x[i]!, f(row)]);
  const spread = (row: number): number => 2 * Math.sqrt((total ?? variance)[row]!);
  const curves: Curve[] = [
    { title: "mean over passes", points: at((row) => mean[row]!), colour: 1 },
    { title: "two standard deviations", points: at((row) => mean[row]! + spread(row)), colour: 2, style: "dashed" },
    { title: "below", points: at((row) => mean[row]! - spread(row)), colour: 2, style: "dashed", isUnnamed: true },
  ];
  const all = curves.flatMap(({ points }) => points.map(([, y]) => y));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const chart: Lines = {
    title: "Prediction and its uncertainty",
    explanation:
      total === undefined
        ? "What the passes disagree on."
        : "What the passes disagree on, and the noise that the model expects.",
    xName: "feature",
    yName: "answer",
    curves,
    x: { min: x[0]!, max: x.at(-1)!, interval: Number(((x.at(-1)! - x[0]!) / 5 || 1).toPrecision(1)) },
    y: {
      min: Number((low - 0.05 * (high - low)).toPrecision(2)),
      max: Number((high + 0.05 * (high - low)).toPrecision(2)),
    },
  };
  return [
    {
      name: "prediction",
      caption: "The mean of the passes and two standard deviations around it.",
      size: linesSize(chart),
      option: (theme) => lines(chart, theme),
    },
  ];
}
