// The runs of a sweep on disk: one folder a cell, in each the files that `hadamask train` writes too.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import { loadRun } from "../train/run-file.js";
import { expectedOf, folderOf, indicesOf, type Plan, type Shard } from "./plan.js";

/** Which runs are still to be trained. */
export interface Missing {
  readonly indices: readonly number[];
  /** How many of the shard are saved. */
  readonly found: number;
}

/** @param onDamaged Told in a sentence of each saved run that cannot be used. */
export function missingRuns(
  plan: Plan,
  out: string,
  shard: Shard | undefined,
  onDamaged: (sentence: string) => void,
): Missing {
  const indices: number[] = [];
  let found = 0;
  for (const index of indicesOf(plan, shard)) {
    const run = plan.at(index);
    const saved = loadRun(folderOf(out, run), expectedOf(run));
    if (saved !== undefined && "run" in saved) found++;
    else indices.push(index);
    if (saved !== undefined && "damage" in saved) onDamaged(`${saved.damage}; it is trained again`);
  }
  return { indices, found };
}

/** @throws {UsageError} If a folder has runs, and nobody said that they are to be gone on with. */
export function checkFresh(out: string): void {
  const cells = join(out, "cells");
  if (!existsSync(cells) || readdirSync(cells).length === 0) return;
  throw new UsageError(`sweep: --out: ${out} has runs of a sweep; pass --resume to continue, or choose another --out`);
}
