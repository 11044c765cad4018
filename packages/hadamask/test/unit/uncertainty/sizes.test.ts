// Sizes and counts are looked at before memory is taken, or a loop is begun that never ends.

import { emptyClassStatistics, emptyLabelStatistics, emptyValueStatistics, exactShare } from "hadamask/uncertainty";
import { expect, test } from "vitest";

/** What says that it is long, and holds nothing. */
const long = { length: 1e9 } as never;

test.each<[string, () => unknown, string]>([
  ["rows", () => emptyClassStatistics(long, 2), "emptyClassStatistics: rows must be a whole number, got Object"],
  [
    "classes",
    () => emptyClassStatistics(2, -1),
    "emptyClassStatistics: classes must be a whole number in [0, 2^53), got -1",
  ],
  ["labels", () => emptyLabelStatistics(2, long), "emptyLabelStatistics: labels must be a whole number, got Object"],
  [
    "values",
    () => emptyValueStatistics(2, Number.NaN, [], false),
    "emptyValueStatistics: values must be a whole number in [0, 2^53), got NaN",
  ],
  [
    "successes",
    () => exactShare(long, 10, 0.95),
    "exactShare: successes must be a finite number at least 0, got Object",
  ],
  ["more successes", () => exactShare(11, 10, 0.95), "exactShare: successes must be at most n, 10, got 11"],
  ["a level", () => exactShare(1, 10, 95), "exactShare: level must be in [0, 1], got 95; pass 0.95 for 95 %"],
])("%s", (_, call, message) => expect(call).toThrow(message));
