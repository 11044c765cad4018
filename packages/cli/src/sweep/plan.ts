// All runs of a grid, numbered. A run's id says all that it depends on, so that equal runs have equal ids everywhere.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { testRowCount } from "@hadamask/experiments/settings";
import type { Expected, Provenance } from "../train/run-file.js";
import type { Cell } from "./grid.js";

export interface PlannedRun {
  readonly index: number;
  readonly cell: Cell;
  readonly variant: string;
  readonly seed: number;
}

export interface Plan {
  readonly cells: readonly Cell[];
  readonly total: number;
  /** Run `index`, of 0 … total - 1: cell by cell, seed by seed. */
  at(index: number): PlannedRun;
}

export function planOf(cells: readonly Cell[]): Plan {
  const starts: number[] = [];
  let total = 0;
  for (const { settings } of cells) {
    starts.push(total);
    total += settings.variants.length * settings.seeds.length;
  }
  const cellAt = (index: number): number => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= index) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    cells,
    total,
    at(index) {
      const c = cellAt(index);
      const cell = cells[c]!;
      const { variants, seeds } = cell.settings;
      const rest = index - starts[c]!;
      const seed = seeds[Math.floor(rest / variants.length)]!;
      return { index, cell, variant: variants[rest % variants.length]!, seed };
    },
  };
}

export const provenanceOfRun = ({ cell, variant, seed }: PlannedRun): Provenance => ({
  ...cell.provenance,
  variant,
  seed,
});

/** What the run's file has to be. */
export const expectedOf = (run: PlannedRun): Expected => ({
  provenance: provenanceOfRun(run),
  testRows: testRowCount(run.cell.data, run.cell.settings.design, run.seed),
});

/** Where the run's file is. */
export const folderOf = (out: string, { cell }: PlannedRun): string => join(out, cell.folder, "runs");

/** 128 bits of a sum over plain data. The letter keeps it from being taken for a number. */
export const sumOf = (data: unknown): string =>
  `r${createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 32)}`;

/** The sum over all that a run depends on. */
export const idOf = (provenance: Provenance): string => sumOf(provenance);

/** Shard `i` of `n`, from 1 on: every n-th run, so that each shard has short and long ones. */
export interface Shard {
  readonly i: number;
  readonly n: number;
}

export function* indicesOf({ total }: Plan, { i, n }: Shard = { i: 1, n: 1 }): Generator<number> {
  for (let index = i - 1; index < total; index += n) yield index;
}

/** "bernoulli:0.5, seed 3, 100 rows" and what else tells it from others. */
export function nameOf({ cell: { data, settings }, variant, seed }: PlannedRun): string {
  const { model, hidden, trainRows } = settings;
  return `${variant}, seed ${seed}, ${trainRows} rows of ${data.name}, ${model} ${hidden.join("-")}`;
}
