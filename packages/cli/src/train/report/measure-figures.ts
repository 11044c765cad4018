// Figures that comparisons of classes and of values share: a measure of all variants, and how one changed over the
// epochs.

import {
  byVariant,
  byVariantSize,
  type CurveName,
  learningCurves,
  learningCurvesSize,
  type Theme,
} from "@hadamask/experiments/charts";
import type { ComparisonResult, MeasureName } from "@hadamask/experiments/settings";
import type { Figure } from "../../page/figure.js";
import { curvesText, measureText } from "./chart-texts.js";

/** What is drawn, the base name of its file, and how to read it. */
export interface Entry<Name> {
  readonly measure: Name;
  readonly name: string;
  readonly caption: string;
}

export function measureFigure({ comparison }: ComparisonResult, entry: Entry<MeasureName>): Figure {
  const option = (theme: Theme) => byVariant(comparison, entry.measure, theme);
  const values = measureText(comparison, entry.measure);
  return { ...entry, values, size: byVariantSize(comparison.variants), option };
}

export function curveFigure({ comparison, curves }: ComparisonResult, entry: Entry<CurveName>): Figure {
  const option = (theme: Theme) => learningCurves(curves, comparison, entry.measure, theme);
  const values = curvesText(curves, comparison, entry.measure);
  return { ...entry, values, size: learningCurvesSize(comparison.variants), option };
}
