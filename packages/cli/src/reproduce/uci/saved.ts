// The table of what is saved, whatever it is: computes nothing, and needs no data.

import { REGRESSION_SETS, type SetName, type SetRow, type SplitResult, setRow } from "@hadamask/experiments/reproduce";
import { UsageError } from "@hadamask/experiments/settings";
import { madeWith } from "../../files/made-with.js";
import { KNOWN_SETS } from "./known.js";
import { readPublished } from "./published.js";
import { readSplit, type SplitProvenance, splitPath } from "./split-file.js";

/**
 * A row for each set with a saved split. Sets may have been run with different settings, the splits of one not.
 *
 * @throws {UsageError} If nothing is saved, or splits of a set are of different settings.
 */
export function savedRows(folder: string, sets: readonly SetName[], onDamaged: (sentence: string) => void): SetRow[] {
  const published = readPublished();
  const rows: SetRow[] = [];
  for (const set of REGRESSION_SETS.filter(({ name }) => sets.includes(name))) {
    const results: SplitResult[] = [];
    let first: SplitProvenance | undefined;
    for (let split = 0; split < set.splits; split++) {
      const path = splitPath(folder, { set: set.name, split });
      const saved = readSplit(path);
      if (saved === undefined) continue;
      if ("damage" in saved) {
        onDamaged(`${saved.damage}; it is left out`);
        continue;
      }
      first ??= saved.provenance;
      const difference = madeWith(saved.provenance, { ...first, split });
      if (difference !== undefined) throw new UsageError(`reproduce: --saved: ${path} was made with ${difference}`);
      results.push(saved.result);
    }
    if (first === undefined) continue;
    const { set: _, split: __, data, ...settings } = first;
    const isPublished = data === KNOWN_SETS.get(set.name)!.numbers;
    rows.push(setRow(set, settings, results, isPublished ? published.sets[set.name] : undefined));
  }
  if (rows.length === 0) throw new UsageError(`reproduce: --saved: there is no split in ${folder}`);
  return rows;
}
