// What is odd about the labels of IDX files, in sentences: a network can be trained on them all the same.

import type { IdxFolder } from "./idx.js";

/** Labels are class numbers: the highest one says how many classes there are. */
export function idxNotes({ train, test }: Pick<IdxFolder, "train" | "test">): string[] {
  const known = new Set(train.labels);
  const strange = Array.from(test.labels).filter((label) => !known.has(label));
  const classes = 1 + Math.max(...known, ...new Set(strange));
  const empty = classes - known.size;
  const rows = strange.length;
  const notes: string[] = [];
  if (empty > 0)
    notes.push(
      `the highest label is ${classes - 1}, so there are ${classes} classes; ` +
        `${empty} of them ${empty === 1 ? "has" : "have"} no training row`,
    );
  if (rows > 0)
    notes.push(`${rows} test ${rows === 1 ? "row has a class" : "rows have classes"} without a training row`);
  return notes;
}
