// What learned noise became, over the seeds: as numbers, and as the rows of a table. Knows no terminal and no page.

import type { Comparison, LearnedPlace, LearnedSummary } from "../result.js";
import type { TrainedRun } from "../training/run.js";
import { meanOf } from "./estimate.js";

/** @param runs Those of one variant, one a seed. Undefined where its noise learns nothing. */
export function summariseLearned(runs: readonly TrainedRun[], trainRows: number): LearnedSummary | undefined {
  const learned = runs.flatMap((run) => run.learned ?? []);
  const first = learned[0];
  if (first === undefined) return undefined;
  const pruned = learned.flatMap(({ prunedShare }) => prunedShare ?? []);
  return {
    penaltyPerRow: overSeeds(learned.map(({ penalty }) => penalty / trainRows)),
    places: first.places.map((place, p) =>
      overRuns(
        place,
        learned.map(({ places }) => places[p]!),
      ),
    ),
    ...(pruned.length > 0 && { prunedShare: overSeeds(pruned) }),
  };
}

const overSeeds = (perSeed: readonly number[]) => ({ mean: meanOf(perSeed), perSeed });

const overRuns = ({ place, quantity }: LearnedPlace, runs: readonly LearnedPlace[]): LearnedPlace => ({
  place,
  quantity,
  mean: meanOf(runs.map(({ mean }) => mean)),
  lowest: Math.min(...runs.map(({ lowest }) => lowest)),
  highest: Math.max(...runs.map(({ highest }) => highest)),
});

/** One row of a table: all as text. */
export interface LearnedRow {
  readonly name: string;
  readonly title: string;
  readonly penalty: string;
  readonly learned: string;
  readonly pruned: string;
}

/** One row for each variant whose noise learns; none where no noise does. */
export function learnedRows({ variants }: Pick<Comparison, "variants">): LearnedRow[] {
  return variants.flatMap(({ name, title, learned }) => {
    if (learned === undefined) return [];
    const { penaltyPerRow, places, prunedShare } = learned;
    return {
      name,
      title,
      penalty: penaltyPerRow.mean.toFixed(3).replace("-", "−"),
      learned: describePlaces(places),
      pruned: prunedShare === undefined ? "" : `${(100 * prunedShare.mean).toFixed(1)} %`,
    };
  });
}

const QUANTITIES: Readonly<Record<LearnedPlace["quantity"], string>> = {
  rate: "rate",
  alpha: "variance",
  keep: "mean multiplier",
};

/** "rate: input 0.02, hidden1 0.4 (0.38 to 0.42)"; ends are named where they differ from the mean. */
function describePlaces(places: readonly LearnedPlace[]): string {
  if (places.length === 0) return "";
  const short = (value: number): string => String(Number(value.toPrecision(2)));
  const one = ({ place, mean, lowest, highest }: LearnedPlace): string =>
    short(lowest) === short(highest)
      ? `${place} ${short(mean)}`
      : `${place} ${short(mean)} (${short(lowest)} to ${short(highest)})`;
  return `${QUANTITIES[places[0]!.quantity]}: ${places.map(one).join(", ")}`;
}
