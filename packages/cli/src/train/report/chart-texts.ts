// What the charts of a comparison show, in words with numbers: for readers who do not see them.

import type { CurveName } from "@hadamask/experiments/charts";
import { type Comparison, type ComparisonResult, inUnit, type MeasureName } from "@hadamask/experiments/settings";
import { nats, percent, type Show, significant } from "../../page/digits.js";

interface Named {
  readonly name: string;
  readonly title: string;
}

const joined = (parts: readonly string[]): string => `${parts.join("; ")}.`;
const shownAs =
  (unit: string, show: Show): Show =>
  (value) =>
    `${show(value)} ${unit}`;
const OF_CLASSES: Readonly<Record<MeasureName | CurveName, Show>> = {
  nll: shownAs("nats", nats),
  testNll: shownAs("nats", nats),
  trainLoss: shownAs("nats", nats),
  testError: shownAs("%", percent),
  ece: shownAs("%", percent),
};

/** How values of a measure are shown: errors of values that are predicted in their unit. */
function showOf({ data: { target } }: Comparison, name: MeasureName | CurveName): Show {
  if (target === undefined || name === "nll" || name === "testNll" || name === "ece") return OF_CLASSES[name];
  return name === "testError" ? inUnit(target.deviation) : significant;
}

/** Means and intervals. */
export const measureText = (comparison: Comparison, name: MeasureName): string =>
  joined(
    comparison.variants.map(({ title, [name]: { mean, ci95 } }) => {
      const show = showOf(comparison, name);
      const interval = ci95 === undefined ? "" : ` (95 % interval ${show(ci95[0])} to ${show(ci95[1])})`;
      return `${title}: ${show(mean)}${interval}`;
    }),
  );

/** The end of each curve and its lowest point, as means over the seeds. */
export function curvesText(curves: ComparisonResult["curves"], comparison: Comparison, name: CurveName): string {
  const show = showOf(comparison, name);
  return joined(
    comparison.variants.map((variant) => {
      const sums = new Map<number, { sum: number; n: number }>();
      for (const curve of curves.filter(({ variant: of }) => of === variant.name)) {
        curve[name].forEach((value, i) => {
          const epoch = name === "trainLoss" ? i + 1 : curve.epochs[i]!;
          const { sum, n } = sums.get(epoch) ?? { sum: 0, n: 0 };
          sums.set(epoch, { sum: sum + value, n: n + 1 });
        });
      }
      const means = [...sums]
        .map(([epoch, { sum, n }]) => ({ epoch, mean: sum / n }))
        .sort((a, b) => a.epoch - b.epoch);
      const last = means.at(-1);
      if (last === undefined) return `${variant.title}: not measured`;
      const lowest = means.reduce((a, b) => (b.mean < a.mean ? b : a));
      return (
        `${variant.title}: ${show(last.mean)} after epoch ${last.epoch}, ` +
        `lowest ${show(lowest.mean)} after epoch ${lowest.epoch}`
      );
    }),
  );
}

/** Groups of fewer predictions are mostly chance; the chart shows them faintly, and the text leaves them out. */
const FEW = 20;

/** For each group of predictions, how sure and how often right. */
export const reliabilityText = (diagrams: ComparisonResult["reliability"], variants: readonly Named[]): string =>
  joined(
    variants.map(({ name, title }) => {
      const bins = (diagrams.find(({ variant }) => variant === name)?.bins ?? []).filter(({ count }) => count >= FEW);
      const groups = bins.map(
        ({ confidence, accuracy }) => `${percent(confidence)} % sure, ${percent(accuracy)} % right`,
      );
      return `${title}: ${groups.length === 0 ? "no group of 20 predictions" : groups.join(", ")}`;
    }),
  );

/** How far the weights of the units go. */
export function firstLayerText({ units }: ComparisonResult["firstLayers"][number]): string {
  const weights = units.flat();
  const [low, high] = weights.reduce(
    ([a, b], weight) => [Math.min(a, weight), Math.max(b, weight)],
    [Infinity, -Infinity],
  );
  return `Weights of ${units.length} units, from ${significant(low)} to ${significant(high)}.`;
}
