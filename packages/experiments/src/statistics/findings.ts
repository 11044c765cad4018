// What a comparison found, in whole sentences: what happened, how sure that is, what it cost. Knows no terminal and
// no page.

import { listed } from "../listed.js";
import type { Comparison, Design, Difference, PairedSummary, VariantSummary } from "../result.js";
import { predictsValues, type Wording, wordings } from "../wording.js";

/** The sentences, in the order in which they are read. */
export function describeComparison(comparison: Comparison): string[] {
  return [
    ...comparison.paired.flatMap((pair) => describePair(pair, comparison)),
    ...(predictsValues(comparison) ? describeValueFit(comparison) : describeFit(comparison.variants)),
    ...describeCalibration(comparison),
    ...describeIntervals(comparison),
  ];
}

/** With the unit, where it is percent: nats and units of one's own are not said every time. */
const withUnit = ({ show, factor, unit }: Wording, value: number): string =>
  `${minus(show(factor * value))}${unit === "%" ? " %" : ""}`;

/** A difference without its sign. */
const amount = ({ show, factor }: Wording, difference: number): string => show(Math.abs(factor * difference));

const minus = (text: string): string => text.replace("-", "−");

function describePair(pair: PairedSummary, comparison: Comparison): string[] {
  const find = (name: string): VariantSummary => comparison.variants.find((variant) => variant.name === name)!;
  const [variant, against] = [find(pair.variant), find(pair.against)];
  return wordings(comparison).map((wording) => {
    const [from, to] = [against, variant].map((one) => withUnit(wording, one[wording.name].mean));
    return describeDifference(pair, wording, `from ${from} to ${to}`);
  });
}

/** Differences that are claimed: at most one comparison in twenty claims any that is not real. */
const LEVEL = 0.05;

function describeDifference(pair: PairedSummary, wording: Wording, values: string): string {
  const { what, name, differenceUnit } = wording;
  const unit = differenceUnit === "" ? "" : ` ${differenceUnit}`;
  const { mean, ci95, p }: Difference = pair[name];
  const instead = `${pair.variant} instead of ${pair.against}`;
  if (ci95 === undefined) return `With ${instead} the ${what} goes ${values}; what chance has in it is not known.`;
  if (!(p !== undefined && p < LEVEL)) {
    const signed = (value: number): string => `${value < 0 ? "−" : "+"}${amount(wording, value)}`;
    return (
      `With ${instead} the ${what} goes ${values}, which may be chance: ` +
      `the difference is between ${signed(ci95[0])} and ${signed(ci95[1])}${unit} (95 %).`
    );
  }
  const verb = mean < 0 ? "lowers" : "raises";
  const [least, most] = ci95.map(Math.abs).sort((a, b) => a - b) as [number, number];
  return (
    `${instead} ${verb} the ${what} ${values}: ` +
    `by ${amount(wording, mean)}${unit}, ${amount(wording, least)} to ${amount(wording, most)} with 95 % confidence.`
  );
}

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;

/** Says where networks have learned their training rows by heart. */
function describeFit(variants: readonly VariantSummary[]): string[] {
  const perfect = variants
    .filter(({ trainError, testError }) => trainError.mean === 0 && testError.mean > 0)
    .map(({ name }) => name);
  if (perfect.length === 0) return [];
  const verbs = perfect.length === 1 ? ["gets", "errs"] : ["get", "err"];
  return [`${listed(perfect)} ${verbs[0]} every training row right, and still ${verbs[1]} on test rows.`];
}

/** Says where networks know their training rows by heart, and what intervals hold. */
function describeValueFit(comparison: Comparison): string[] {
  const { variants } = comparison;
  const error = wordings(comparison).find(({ name }) => name === "testError")!;
  const show = (value: number): string => withUnit(error, value);
  const learned = variants.filter(({ trainError, testError }) => trainError.mean < testError.mean / 2);
  const fits = learned.map(
    ({ name, trainError, testError }) => `${name} ${show(trainError.mean)} there and ${show(testError.mean)} here`,
  );
  const held = variants.flatMap(({ name, coverage }) =>
    coverage === undefined ? [] : [`${name} ${percent(coverage.mean)}`],
  );
  return [
    ...(fits.length === 0
      ? []
      : [`On training rows the RMSE is less than half of that on test rows: ${fits.join("; ")}.`]),
    ...(held.length === 0 ? [] : [`Intervals that promise 95 % hold, of the test rows: ${held.join("; ")}.`]),
  ];
}

/** A calibration error is above 0 by chance alone: what it is beside that. */
function describeCalibration(comparison: Comparison): string[] {
  const { variants, model } = comparison;
  const { seeds } = model;
  const told = variants.flatMap(({ name, ece, eceFloor }) => {
    if (eceFloor === undefined) return [];
    const above =
      seeds.length === 1
        ? eceFloor.above === 1
          ? "above chance"
          : "not above chance"
        : `above chance in ${eceFloor.above} of ${seeds.length} seeds`;
    return [`${name} ${percent(ece.mean)} (calibrated: ${percent(eceFloor.mean)}; ${above})`];
  });
  if (told.length === 0) return [];
  const what = predictsValues(comparison)
    ? "Calibration error of intervals, beside that of a right law"
    : "Calibration error, beside that of a calibrated model with the same confidences";
  return [`${what}: ${told.join("; ")}.`];
}

function describeIntervals({ model, data, paired }: Comparison): string[] {
  const { seeds } = model;
  const together =
    paired.length > 1
      ? ` What may be chance is judged for all ${paired.length} differences of a measure together (Holm); each ` +
        "interval is for its difference alone."
      : "";
  if (seeds.length === 1) {
    return [`One seed says nothing about other seeds: the intervals are for other test rows only.${together}`];
  }
  return [
    `Intervals are for ${seeds.length} seeds ${DESIGNS[data.split](data)}; ` +
      `all variants share each seed's rows, first weights and batches.${together}`,
  ];
}

/** What a seed has of its own, and so what the intervals are for. */
const DESIGNS: Readonly<Record<Design, (data: Comparison["data"]) => string>> = {
  disjoint: ({ trainRows, testRows }) =>
    `with ${trainRows} training rows each, none in two of them, and for other test rows than these ${testRows}, ` +
    "which are the same for all",
  folds: ({ testRows }) =>
    `with ${testRows} test rows of their own each, and widened (Nadeau and Bengio 2003), since their training rows ` +
    "overlap",
  given: ({ trainRows, rows, testRows }) =>
    `${trainRows === rows ? "on the same training rows" : `that each draw from the same ${rows} rows`}, ` +
    `and for other test rows than these ${testRows}`,
};
