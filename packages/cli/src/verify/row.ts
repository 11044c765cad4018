// Rows of the table of claims, as data and functions. A source's file is a list of them; nothing here knows a claim.

import type { Measure } from "./measure.js";

/** The five documents, what is said across them, and other libraries. */
export type Source = "000" | "001" | "002" | "003" | "004" | "across" | "references";

/** A: gives a wrong result or a crash; B: a wrong statement; C: incomplete, or notation. */
export type Severity = "A" | "B" | "C";

/** What a row says if its measures come out as they should. */
export type Intended = "holds" | "corrected" | "noted";

/** One claim of a source, and how it is checked. */
export interface Claim {
  readonly id: string;
  readonly source: Source;
  readonly place: string;
  /** What the source says, restated. */
  readonly claim: string;
  readonly intended: Intended;
  /** The right statement, where the source's is not, or not all of it. */
  readonly right?: string;
  /** For corrections (E-…). */
  readonly severity?: Severity;
  /** Computes what there is to compute, when called; the first one is the row's own. Absent for noted rows. */
  readonly measure?: () => readonly Measure[];
}

type Check = () => readonly Measure[];

/** How the rows of one source are written down. */
export interface RowsOf {
  /** A claim that is right. */
  holds(id: string, place: string, claim: string, measure: Check): Claim;
  /** A claim that is not: the measures prove the right statement, and refute the source's where it can be computed. */
  corrected(id: string, place: string, claim: string, right: string, measure: Check): Claim;
  /** Nothing to compute: a citation, a wording, typesetting. */
  noted(id: string, place: string, claim: string, right?: string): Claim;
  /** An entry of the errata with its severity, corrected by computation. */
  erratum(id: string, severity: Severity, place: string, claim: string, right: string, measure: Check): Claim;
  /** An entry of the errata about which there is nothing to compute. */
  notedErratum(id: string, severity: Severity, place: string, claim: string, right: string): Claim;
}

export function rowsOf(source: Source): RowsOf {
  const base = (id: string, place: string, claim: string) => ({ id, source, place, claim });
  return {
    holds: (id, place, claim, measure) => ({ ...base(id, place, claim), intended: "holds", measure }),
    corrected: (id, place, claim, right, measure) => ({
      ...base(id, place, claim),
      intended: "corrected",
      right,
      measure,
    }),
    noted: (id, place, claim, right) => ({
      ...base(id, place, claim),
      intended: "noted",
      ...(right === undefined ? {} : { right }),
    }),
    erratum: (id, severity, place, claim, right, measure) => ({
      ...base(id, place, claim),
      severity,
      intended: "corrected",
      right,
      measure,
    }),
    notedErratum: (id, severity, place, claim, right) => ({
      ...base(id, place, claim),
      severity,
      intended: "noted",
      right,
    }),
  };
}
