// What a comparison found, in whole sentences: what happened, how sure that is, what it cost. Knows no terminal and no page.

import type { Comparison, Difference, Measure, PairedSummary, VariantSummary } from "./result.js";

/** The sentences, in the order in which they are read. */
export function describeComparison(comparison: Comparison): string[] {
  const { variants, paired } = comparison;
  return [
    ...paired.flatMap((pair) => describePair(pair, comparison)),
    ...describeFit(variants),
    ...describeSeeds(comparison),
  ];
}

function describePair(pair: PairedSummary, { variants }: Comparison): string[] {
  const find = (name: string): VariantSummary => variants.find((variant) => variant.name === name)!;
  const [variant, against] = [find(pair.variant), find(pair.against)];
  const sentences = [
    describeMeasure("test NLL", pair.nll, variant, against, (v) => v.nll, nats),
    describeMeasure("calibration error", pair.ece, variant, against, (v) => v.ece, percent),
    describeMeasure("test error", pair.testError, variant, against, (v) => v.testError, percent),
  ];
  const share = variant.dropoutShareOfStep;
  if (share > 0) sentences.push(`${variant.name} takes ${percent(share)} of the time of a training step.`);
  return sentences;
}

type Format = (value: number) => string;

const nats: Format = (value) => value.toFixed(3);
const percent: Format = (value) => `${(100 * value).toFixed(Math.abs(value) < 0.1 ? 2 : 1)} %`;

function describeMeasure(
  what: string,
  { mean, ci95 }: Difference,
  variant: VariantSummary,
  against: VariantSummary,
  measure: (variant: VariantSummary) => Measure,
  format: Format,
): string {
  const [from, to] = [measure(against).mean, measure(variant).mean];
  const values = `from ${format(from)} to ${format(to)}`;
  const [least, most] = [Math.abs(ci95[0]), Math.abs(ci95[1])].sort((a, b) => a - b) as [number, number];
  if (ci95[1] < 0) {
    return `${variant.name} lowers the ${what} ${values} against ${against.name}: by ${format(-mean)} (95 %: ${format(least)} to ${format(most)}).`;
  }
  if (ci95[0] > 0) {
    return `${variant.name} raises the ${what} ${values} against ${against.name}: by ${format(mean)} (95 %: ${format(least)} to ${format(most)}).`;
  }
  const direction = mean < 0 ? "falls" : "rises";
  return (
    `With ${variant.name} the ${what} ${direction} ${values} against ${against.name}, which may be chance: ` +
    `the difference is between ${signed(ci95[0], format)} and ${signed(ci95[1], format)} (95 %).`
  );
}

const signed = (value: number, format: Format): string => (value < 0 ? `−${format(-value)}` : `+${format(value)}`);

/** Says where networks have learned their training rows by heart. */
function describeFit(variants: readonly VariantSummary[]): string[] {
  const perfect = variants.filter((variant) => variant.trainError.mean === 0).map(({ name }) => name);
  if (perfect.length === 0) return [];
  return [
    `${joined(perfect)} ${perfect.length === 1 ? "gets" : "get"} every training row right, and still errs on test rows.`,
  ];
}

function describeSeeds({ model, data }: Comparison): string[] {
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
