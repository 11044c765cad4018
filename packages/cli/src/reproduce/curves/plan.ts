// What is trained for the two figures: comparisons, and which of their variants is which point. Trains nothing.

import { listed, type TrainRequest } from "@hadamask/experiments/settings";

/** A comparison, in a folder of its own. */
export interface Job {
  readonly name: string;
  readonly request: TrainRequest;
}

/** A point of a curve: a variant of a job. */
export interface PlannedPoint {
  readonly x: number;
  readonly job: string;
  readonly variant: string;
}

export interface Plan {
  readonly figure: "rate" | "size";
  readonly jobs: readonly Job[];
  readonly curves: readonly { readonly title: string; readonly points: readonly PlannedPoint[] }[];
}

/** What all networks of a figure share. */
export interface SharedSettings {
  readonly hidden: readonly number[];
  /** Steps of training, whatever the number of rows. */
  readonly steps: number;
  readonly batchSize: number;
  readonly seeds: number;
  readonly maxNorm: number;
  readonly inputRate: number;
}

/** The rate at which the two curves of the figure meet. */
const COMMON_RATE = 0.5;

/**
 * Test error against the rate: once with hidden layers of one width, once with as many units kept on average, so that
 * layers are the wider the more is dropped.
 *
 * @see Srivastava et al., "Dropout", JMLR 15 (2014), section 7.3 and figure 9, where p is the probability of keeping.
 */
export function ratePlan(rates: readonly number[], trainRows: number, shared: SharedSettings): Plan {
  const variants = rates.map(variantOf);
  const fixed: Job = { name: "width", request: requestFor(shared, { variants, trainRows }) };
  const widened = rates.map((rate): Job => {
    const hidden = shared.hidden.map((units) => Math.max(1, Math.round((units * (1 - COMMON_RATE)) / (1 - rate))));
    if (hidden.every((units, i) => units === shared.hidden[i])) return fixed; // where the curves meet
    const request = requestFor({ ...shared, hidden }, { variants: [variantOf(rate)], trainRows });
    return { name: `kept-${rate}`, request };
  });
  return {
    figure: "rate",
    jobs: [...new Set([fixed, ...widened])],
    curves: [
      {
        title: `hidden layers of ${listed(shared.hidden)} units`,
        points: rates.map((x) => ({ x, job: fixed.name, variant: variantOf(x) })),
      },
      {
        title: `${listed(shared.hidden.map((units) => units * (1 - COMMON_RATE)))} units kept on average`,
        points: rates.map((x, r) => ({ x, job: widened[r]!.name, variant: variantOf(x) })),
      },
    ],
  };
}

/**
 * Test error with and without dropout against the number of training rows.
 *
 * @see Srivastava et al., JMLR 15 (2014), section 7.4 and figure 10.
 */
export function sizePlan(sizes: readonly number[], rate: number, shared: SharedSettings): Plan {
  const variants = ["none", variantOf(rate)];
  const jobs = sizes.map(
    (size): Job => ({
      name: `rows-${size}`,
      request: requestFor(shared, { variants, trainRows: size }),
    }),
  );
  return {
    figure: "size",
    jobs,
    curves: variants.map((variant) => ({
      title: variant === "none" ? "no dropout" : `dropout, inputs ${shared.inputRate}, hidden ${rate}`,
      points: sizes.map((x, s) => ({ x, job: jobs[s]!.name, variant })),
    })),
  };
}

const variantOf = (rate: number): string => `bernoulli:${rate}`;

function requestFor(
  { hidden, steps, batchSize, seeds, maxNorm, inputRate }: SharedSettings,
  { variants, trainRows }: { readonly variants: readonly string[]; readonly trainRows: number },
): TrainRequest {
  const epochs = Math.max(1, Math.round(steps / Math.ceil(trainRows / batchSize)));
  return {
    ...{ model: "mlp", hidden, activation: "relu", variants, inputRate, maxNorm, batchSize, seeds },
    // Asked about once, at the end: that is all the figures show.
    ...{ trainSize: trainRows, epochs, evaluate: epochs },
  };
}
