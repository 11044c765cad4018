// Choosing among settings by the rows that were held back, and what the chosen are worth on the test rows.

import type { Design } from "../result.js";
import type { Choice, SweepConfig } from "../sweep-result.js";
import type { TrainedRun } from "../training/run.js";
import { measureRuns } from "./measure-runs.js";

/** The configurations of one kind on one task, by their index. */
export interface Field {
  readonly data: string;
  readonly trainRows: number;
  readonly kind: string;
  readonly members: readonly number[];
}

/** Tasks in the order of the configurations, and in each the kinds. */
export function fieldsOf(configs: readonly SweepConfig[]): Field[] {
  const fields = new Map<string, { data: string; trainRows: number; kind: string; members: number[] }>();
  const tasks = [...new Set(configs.map(taskOf))];
  configs.forEach((config, c) => {
    const { data, trainRows, kind } = config;
    const name = `${tasks.indexOf(taskOf(config))} ${kind}`;
    const field = fields.get(name) ?? { data, trainRows, kind, members: [] };
    field.members.push(c);
    fields.set(name, field);
  });
  const list = [...fields.values()];
  return tasks.flatMap((task) => list.filter((field) => taskOf(field) === task));
}

const taskOf = ({ data, trainRows }: { readonly data: string; readonly trainRows: number }): string =>
  JSON.stringify([data, trainRows]);

/** The one with the lowest mean validation NLL, the first of those that are equal; undefined where there is none. */
export function bestOf(configs: readonly SweepConfig[], members: readonly number[]): number | undefined {
  const scored = members.filter((c) => Number.isFinite(configs[c]!.validation?.nll.mean));
  return scored.reduce<number | undefined>(
    (best, c) =>
      best === undefined || configs[c]!.validation!.nll.mean < configs[best]!.validation!.nll.mean ? c : best,
    undefined,
  );
}

/**
 * Chooses, on every task, one configuration of each kind by validation, and compares the chosen on the test rows, in
 * pairs with that of the first kind.
 *
 * Numerics. The intervals are those of a comparison: the test rows had no part in the choice. (Where training rows of
 * the seeds overlap, a row that one seed validates on is a test row of another: what that does to the intervals is
 * simulated in test/unit/choice.test.ts.)
 *
 * @param runsOf The runs of a configuration, by seed.
 * @param fitted Rows that its networks were fitted to.
 */
export function choose(
  configs: readonly SweepConfig[],
  runsOf: (config: number) => readonly TrainedRun[],
  fitted: (config: number) => number,
): Choice[] {
  const fields = fieldsOf(configs).flatMap(({ members, ...field }) => {
    const config = bestOf(configs, members);
    return config === undefined ? [] : [{ ...field, config, of: members.length }];
  });
  const tasks = [...new Set(fields.map(taskOf))];
  return tasks.flatMap((task) => {
    const chosen = fields.filter((field) => taskOf(field) === task);
    const [first, ...others] = chosen;
    const design: Design = configs[first!.config]!.design;
    const runs = chosen.map(({ config }) => runsOf(config));
    const measured = measureRuns(runs, design, fitted(first!.config));
    return [
      first!,
      ...others.map((choice, i) => ({
        ...choice,
        against: {
          kind: first!.kind,
          nll: measured.nll.differences[i]!,
          testError: measured.testError.differences[i]!,
        },
      })),
    ];
  });
}
