// What sets and intervals promise, and what labelled rows say of it.

import type { ConformalCoverage } from "hadamask/uncertainty";
import type { ConformalEach, ConformalFound } from "./conformal-found.js";
import { digits, percent, percents } from "./words.js";

/** Sentences about labels are this many; of more the rest is in --json. */
const MOST = 10;

export function conformalSentences(found: ConformalFound, names: readonly string[]): string[] {
  if (found.perClass) return [perClass(found, names)];
  const shown = found.each.slice(0, MOST).map((each, v) => promised(found, each, v, names));
  const left = found.each.length - shown.length;
  return left > 0 ? [...shown, `The promises of ${left} more are in --json.`] : shown;
}

function promised(
  { level, score, each: all, kind }: ConformalFound,
  { promise, meanSize, coverage }: ConformalEach,
  v: number,
  names: readonly string[],
): string {
  const of = all.length === 1 ? "" : ` of value ${v + 1}`;
  const what =
    kind === "classes"
      ? `Sets for ${percent(level)} hold ${digits(meanSize)} classes on average`
      : kind === "labels"
        ? `Answers for ${percent(level)} on whether ${names[v]} is there leave ${digits(meanSize)} of two open ` +
          `on average`
        : `Intervals${of} for ${percent(level)} are ${digits(meanSize)} wide on average`;
  const covers =
    promise.threshold === Number.POSITIVE_INFINITY
      ? `${promise.rows} rows are too few to calibrate with: everything is inside`
      : `calibrated on ${promise.rows} rows by ${score}, they hold the right answer of ` +
        `${percent(promise.expected)} of new rows or more, on average over calibrations (95 of 100 lie between ` +
        `${percents(promise.interval).replace(" to ", " and ")})`;
  return `${what}; ${covers}${seen(coverage)}.`;
}

const seen = (coverage: ConformalCoverage | undefined): string =>
  coverage === undefined
    ? ""
    : `; of ${coverage.rows} rows that had no part in it they held that of ${percent(coverage.coverage)} ` +
      `(${percents(coverage.interval)})`;

/** One sentence for all classes: the least covered one is what a promise for each class is about. */
function perClass({ level, score, each, overall }: ConformalFound, names: readonly string[]): string {
  const counts = each.map(({ promise }) => promise.rows);
  const few = each.flatMap(({ promise }, c) => (promise.threshold === Number.POSITIVE_INFINITY ? [names[c]!] : []));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const covered = each.flatMap(({ coverage }, c) => (coverage === undefined ? [] : [{ name: names[c]!, coverage }]));
  const worst = covered.reduce<(typeof covered)[number] | undefined>(
    (a, b) => (a === undefined || b.coverage.coverage < a.coverage.coverage ? b : a),
    undefined,
  );
  const open =
    few.length === 0
      ? ""
      : `; ${few.slice(0, 5).join(", ")}${few.length > 5 ? ", …" : ""} had too few and are in every set`;
  const worstText =
    worst === undefined
      ? ""
      : `, least of class ${worst.name}: ${percent(worst.coverage.coverage)} ` +
        `(${percents(worst.coverage.interval)}) of ${worst.coverage.rows}`;
  return (
    `Sets for ${percent(level)} of each class hold ${digits(each[0]!.meanSize)} classes on average; ` +
    `calibrated on ${least === most ? least : `${least} to ${most}`} rows a class by ` +
    `${score}${open}${seen(overall)}${worstText}.`
  );
}
