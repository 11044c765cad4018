// What a comparison found, in whole sentences: what happened, how sure that is, what it cost. Knows no terminal and
// no page.

import type { Comparison, Difference, PairedSummary, VariantSummary } from "../result.js";

/** The sentences, in the order in which they are read. */
export function describeComparison(comparison: Comparison): string[] {
  const { variants, paired } = comparison;
  return [
    ...paired.flatMap((pair) => describePair(pair, variants)),
    ...describeFit(variants),
    ...describeIntervals(comparison),
  ];
}

/** A measure in words: its name, where it is found, and how its values and differences are written. */
interface Wording {
  readonly what: string;
  readonly name: "nll" | "ece" | "testError";
  readonly value: (value: number) => string;
  /** A difference without its sign. */
  readonly amount: (difference: number) => string;
  readonly unit: string;
}

const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
const points = (value: number): string => (100 * Math.abs(value)).toFixed(2);
const nats = (value: number): string => Math.abs(value).toFixed(3);

/** NLL and calibration first: they tell variants apart long before errors do. */
const WORDINGS: readonly Wording[] = [
  { what: "test NLL", name: "nll", value: nats, amount: nats, unit: "" },
  { what: "calibration error", name: "ece", value: percent, amount: points, unit: " points" },
  { what: "test error", name: "testError", value: percent, amount: points, unit: " points" },
];

function describePair(pair: PairedSummary, variants: readonly VariantSummary[]): string[] {
  const find = (name: string): VariantSummary => variants.find((variant) => variant.name === name)!;
  const [variant, against] = [find(pair.variant), find(pair.against)];
  const sentences = WORDINGS.map((wording) => {
    const values = `from ${wording.value(against[wording.name].mean)} to ${wording.value(variant[wording.name].mean)}`;
    return describeDifference(pair, wording, values);
  });
  const share = variant.dropoutShareOfStep;
  if (share > 0) sentences.push(`${pair.variant} takes ${percent(share)} of a training step's time.`);
  return sentences;
}

function describeDifference(pair: PairedSummary, { what, name, amount, unit }: Wording, values: string): string {
  const { mean, ci95 }: Difference = pair[name];
  if (ci95[0] <= 0 && ci95[1] >= 0) {
    const signed = (value: number): string => `${value < 0 ? "−" : "+"}${amount(value)}`;
    return (
      `With ${pair.variant} instead of ${pair.against} the ${what} goes ${values}, which may be chance: ` +
      `the difference is between ${signed(ci95[0])} and ${signed(ci95[1])}${unit} (95 %).`
    );
  }
  const verb = mean < 0 ? "lowers" : "raises";
  const [least, most] = ci95.map(Math.abs).sort((a, b) => a - b) as [number, number];
  return (
    `${pair.variant} instead of ${pair.against} ${verb} the ${what} ${values}: ` +
    `by ${amount(mean)}${unit}, ${amount(least)} to ${amount(most)} with 95 % confidence.`
  );
}

/** Says where networks have learned their training rows by heart. */
function describeFit(variants: readonly VariantSummary[]): string[] {
  const perfect = variants
    .filter(({ trainError, testError }) => trainError.mean === 0 && testError.mean > 0)
    .map(({ name }) => name);
  if (perfect.length === 0) return [];
  const verbs = perfect.length === 1 ? ["gets", "errs"] : ["get", "err"];
  return [`${joined(perfect)} ${verbs[0]} every training row right, and still ${verbs[1]} on test rows.`];
}

function describeIntervals({ model, data }: Comparison): string[] {
  const { seeds } = model;
  if (seeds.length === 1) {
    return ["One seed says nothing about other seeds: the intervals are for other test rows only."];
  }
  const rows =
    data.split === "given"
      ? `${data.testRows} test rows, the same for all`
      : `${data.testRows} test rows each, drawn anew with the training rows`;
  return [
    `Intervals are for ${seeds.length} seeds and ${rows}; all variants share each seed's rows, first weights and batches.`,
  ];
}

const joined = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
