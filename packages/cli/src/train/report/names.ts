// One name for each variant, the same in the words, tables and charts of a report: the one that is typed, which is
// short. What it stands for is said once.

import type { Comparison, ComparisonResult } from "@hadamask/experiments/settings";
import { escaped } from "../../page/html.js";

/** The comparison with variants called by their names. */
export function byName(result: ComparisonResult): ComparisonResult {
  const variants = result.comparison.variants.map((variant) => ({ ...variant, title: variant.name }));
  return { ...result, comparison: { ...result.comparison, variants } };
}

/** What each name stands for. */
export function variantNames({ variants }: Comparison): string {
  const rows = variants.map(({ name, title }) => `<dt>${escaped(name)}</dt><dd>${escaped(title)}</dd>`);
  return `<dl class="variants">\n${rows.join("\n")}\n</dl>`;
}
