// Runs claims and says what became of them. Knows no claim and no output format.

import { holds, type Measure, type Value } from "./measure.js";
import type { Claim, Intended, Severity, Source } from "./row.js";

/** `fails`: a check of ours did not come out as it should, whatever the source said. */
export type Verdict = Intended | "fails";

/** A checked claim: what `hadamask verify --json` prints, one object a row. */
export interface Row {
  readonly id: string;
  readonly source: Source;
  readonly place: string;
  readonly claim: string;
  /** Of the row's first measure; null where there is nothing to compute. */
  readonly measured: Value | null;
  readonly expected: Value | null;
  readonly bound: number | null;
  readonly verdict: Verdict;
  /** The right statement; null where the source's is right. */
  readonly right: string | null;
  /** Of an erratum; null for other rows. */
  readonly severity: Severity | null;
  /** All measures of the row, the first one included, and whether each came out as it should. */
  readonly measures: readonly (Measure & { readonly passes: boolean })[];
  /** Why nothing could be measured, where a check ended in an error. */
  readonly error: string | null;
}

/** Checks one claim. An error in a check is a failure of that row, not of the run. */
export function check(claim: Claim): Row {
  let measures: readonly Measure[] = [];
  let error: string | null = null;
  try {
    measures = claim.measure?.() ?? [];
    if (claim.measure !== undefined && measures.length === 0) error = "nothing was measured";
  } catch (cause) {
    error = cause instanceof Error ? cause.message : String(cause);
  }
  return judge(claim, measures, error);
}

/** The row of a claim for given measures. */
export function judge(claim: Claim, measures: readonly Measure[], error: string | null = null): Row {
  const judged = measures.map((measure) => ({ ...measure, passes: holds(measure) }));
  const first = judged[0];
  const isSound = error === null && judged.every(({ passes }) => passes);
  return {
    id: claim.id,
    source: claim.source,
    place: claim.place,
    claim: claim.claim,
    measured: first?.measured ?? null,
    expected: first?.expected ?? null,
    bound: first?.bound ?? null,
    verdict: isSound ? claim.intended : "fails",
    right: claim.right ?? null,
    severity: claim.severity ?? null,
    measures: judged,
    error,
  };
}

/** How many rows have each verdict. */
export function countVerdicts(rows: readonly Row[]): Readonly<Record<Verdict, number>> {
  const counts = { holds: 0, corrected: 0, noted: 0, fails: 0 };
  for (const { verdict } of rows) counts[verdict]++;
  return counts;
}
