// What the page of errata says.

import type { Words } from "../state/words.js";

const en = {
  source: "source",
  sources: {
    all: "all",
    "000": "000, a note with formulas",
    "001": "001, a derivation of the gradient",
    "002": "002, an article with code",
    "003": "003, a chapter of a book",
    "004": "004, a notebook",
    across: "across all five",
    references: "other libraries",
  },
  verdict: "verdict",
  verdicts: { all: "all", holds: "holds", corrected: "corrected", noted: "noted", fails: "fails" },
  severity: "severity",
  severities: { all: "all", A: "A: wrong result or crash", B: "B: wrong statement", C: "C: incomplete, or notation" },
  text: "words",
  count: (shown: number, of: number) => `${shown} of ${of} claims`,
  more: (rest: number) => `Show more (${rest} left)`,
  right: "Right:",
  measures: (n: number) => (n === 1 ? "one measure" : `${n} measures`),
  none: "nothing to compute",
};

export const ERRATA_WORDS: Words<typeof en> = { en };
