// What is better than dropout, if anything is: in sentences.

import type { UncertaintyResult } from "./request.js";
import { methodName, type RivalScores } from "./rivals.js";
import { digits, percent } from "./words.js";

type Compared = Pick<UncertaintyResult, "rivals" | "classes" | "request" | "labelScores" | "positions" | "values">;

/** Nothing where nothing was compared. */
export function comparisonSentences(result: Compared): string[] {
  const { rivals, request, classes } = result;
  const method = methodName(request);
  if (rivals.length === 0) {
    const isInVain = classes !== undefined && classes.difference.interval[1] >= 0;
    return isInVain ? ["Pass --compare all to see whether calibration or fixed masks are better on these rows."] : [];
  }
  const [first] = rivals;
  if (first!.choice !== undefined) return [ofClasses(first!.choice, method)];
  return [...rivals.slice(1).flatMap(own), ...lowest(result)];
}

/** All are held against the answer without dropout at once, and the best is named. */
function ofClasses(choice: NonNullable<RivalScores["choice"]>, method: string): string {
  const { best, baseline, helps, trials } = choice;
  const name = best.candidate;
  const [low, high] = best.interval;
  const numbers =
    `negative log-likelihood ${digits(best.nll)} against ${digits(baseline)} without dropout ` +
    `(difference ${digits(best.difference)}, ${digits(low)} to ${digits(high)} for all ${trials.length} at once)`;
  if (helps !== "yes")
    return (
      `Of ${trials.length} that were compared none is better than the plain answer beyond chance: the best ` +
      `is ${name}, ${numbers}; use the plain probabilities.`
    );
  if (name === method) return `Of ${trials.length} that were compared ${name} is the best: ${numbers}.`;
  const own = trials.find(({ candidate }) => candidate === method);
  const subject = `${method[0]!.toUpperCase()}${method.slice(1)}`;
  const isHelp = own !== undefined && own.interval[1] < 0;
  return isHelp
    ? `${subject} helps, but ${name} has the lowest of all: ${numbers}.`
    : `${subject} is not worth it here; use ${name}: ${numbers}.`;
}

function own({ name, labels, positions, values }: RivalScores): string[] {
  if (labels) return [`With ${name} the mean negative log-likelihood of a label is ${digits(labels.nll)}.`];
  if (positions)
    return [
      `With ${name} ${percent(positions.accuracy.value)} of the positions are right; the negative ` +
        `log-likelihood is ${digits(positions.nll.value)}, the calibration error ${percent(positions.ece)}.`,
    ];
  return (values ?? []).map(({ rmse, nll, coverage }, v) => {
    const of = values!.length === 1 ? "" : ` of value ${v + 1}`;
    return (
      `With ${name} the root mean square error${of} is ${digits(rmse.value)}, ${percent(coverage.value)} ` +
      `of the right values lie within 1.96 standard deviations, and the negative log-likelihood is ` +
      `${likelihood(nll.value)}.`
    );
  });
}

const likelihood = (value: number): string => (Number.isFinite(value) ? digits(value) : "infinite");

/** Which has the lowest mean negative log-likelihood; no interval says whether by chance. */
function lowest({ rivals }: Compared): string[] {
  const nllOf = ({ labels, positions, values }: RivalScores): number =>
    labels?.nll ?? positions?.nll.value ?? mean((values ?? []).map(({ nll }) => nll.value));
  const best = rivals.reduce((a, b) => (nllOf(b) < nllOf(a) ? b : a));
  return [`Of ${rivals.length} that were compared ${best.name} has the lowest negative log-likelihood.`];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
