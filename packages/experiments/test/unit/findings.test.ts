import { describe, expect, test } from "vitest";
import { nextSteps } from "../../../cli/src/train/print.js";
import type { Comparison, Difference, Measure } from "../../src/result.js";
import { describeComparison } from "../../src/statistics/findings.js";
import { sampleResult } from "../support/sample-result.js";

const measure = (mean: number): Measure => ({ mean, ci95: [mean, mean], perSeed: [mean] });
const { comparison: sample } = sampleResult();

interface Case {
  readonly nll: Difference;
  readonly ece: Difference;
  readonly testError: Difference;
  readonly seeds?: readonly number[];
  readonly split?: Comparison["data"]["split"];
  readonly trainError?: number;
}

function comparisonWith({ nll, ece, testError, seeds = [0, 1, 2], split, trainError = 0.01 }: Case): Comparison {
  const variant = (name: string, add: (d: Difference) => number) => ({
    name,
    title: name,
    nll: measure(0.12 + add(nll)),
    ece: measure(0.02 + add(ece)),
    testError: measure(0.03 + add(testError)),
    trainError: measure(trainError),
    secondsPerEpoch: 1,
  });
  return {
    ...sample,
    data: { ...sample.data, split: split ?? sample.data.split },
    model: { ...sample.model, seeds },
    variants: [variant("none", () => 0), variant("bernoulli:0.5", (d) => d.mean)],
    paired: [{ variant: "bernoulli:0.5", against: "none", nll, ece, testError }],
  };
}

describe("describeComparison", () => {
  test("says what falls, what rises and what may be chance", () => {
    const sentences = describeComparison(
      comparisonWith({
        nll: { mean: -0.03, ci95: [-0.05, -0.01], p: 0.004 },
        ece: { mean: 0.004, ci95: [0.001, 0.007], p: 0.01 },
        testError: { mean: -0.005, ci95: [-0.012, 0.002], p: 0.09 },
      }),
    );
    expect(sentences).toEqual([
      "bernoulli:0.5 instead of none lowers the test NLL from 0.120 to 0.090: by 0.030, 0.010 to 0.050 with 95 " +
        "% confidence.",
      "bernoulli:0.5 instead of none raises the calibration error from 2.00 % to 2.40 %: by 0.40 points, 0.10 " +
        "to 0.70 with 95 % confidence.",
      "With bernoulli:0.5 instead of none the test error goes from 3.00 % to 2.50 %, which may be chance: the " +
        "difference is between −1.20 and +0.20 points (95 %).",
      "Intervals are for 3 seeds with 797 test rows of their own each, and widened (Nadeau and Bengio 2003), " +
        "since their training rows overlap; all variants share each seed's rows, first weights and batches.",
    ]);
  });

  test("claims only what is left after Holm's correction, and says what is not known", () => {
    const unsure = { mean: -0.03, ci95: [-0.05, -0.01] as const, p: 0.06 }; // its own interval has no 0 in it
    const sentences = describeComparison(comparisonWith({ nll: unsure, ece: { mean: 0.004 }, testError: unsure }));
    expect(sentences[0]).toMatch(/^With bernoulli:0\.5 instead of none the test NLL goes .+ which may be chance/);
    expect(sentences[1]).toBe(
      "With bernoulli:0.5 instead of none the calibration error goes from 2.00 % to 2.40 %; what chance has in " +
        "it is not known.",
    );
  });

  const chance: Difference = { mean: 0, ci95: [0, 0] };
  const none = { nll: chance, ece: chance, testError: chance };

  test("says who knows the training rows by heart", () => {
    expect(describeComparison(comparisonWith({ ...none, trainError: 0 }))).toContain(
      "none and bernoulli:0.5 get every training row right, and still err on test rows.",
    );
  });

  test("says what the intervals are for", () => {
    expect(describeComparison(comparisonWith({ ...none, seeds: [0] })).at(-1)).toBe(
      "One seed says nothing about other seeds: the intervals are for other test rows only.",
    );
    expect(describeComparison(comparisonWith({ ...none, split: "given" })).at(-1)).toMatch(
      /^Intervals are for 3 seeds that each draw from the same 1797 rows, and for other test rows than these 797; /,
    );
  });
});

test("nextSteps goes on in the same folder, and repeats nothing", () => {
  const command = "hadamask train --seeds 5 --epochs 9";
  const steps = nextSteps({ ...sample, command }, " --out here").map(([line]) => line);
  expect(steps).toContain(
    "npx hadamask train --seeds 5 --epochs 9 --variants none,bernoulli:0.2,bernoulli:0.5,bernoulli:0.8 --out here " +
      "--resume",
  );
  expect(steps).toContain("npx hadamask train --epochs 9 --seeds 20 --out here --resume");
  expect(nextSteps({ ...sample, data: { ...sample.data, split: "disjoint" }, command }, "").join()).not.toContain(
    "--seeds 20",
  );
  const done = { ...sample, model: { ...sample.model, seeds: Array.from({ length: 20 }, (_, i) => i) } };
  expect(nextSteps(done, "").every(([line]) => !line.includes("--seeds 20"))).toBe(true);
});
