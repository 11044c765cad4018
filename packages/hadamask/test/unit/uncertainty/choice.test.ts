import { chooseByLikelihood } from "hadamask/uncertainty";
import { describe, expect, test } from "vitest";

/** 200 rows of two classes; the model says 0.99 for class 0, which is right four times in five. */
const labels = Array.from({ length: 200 }, (_, row) => (row % 5 === 0 ? 1 : 0));
const sure = labels.flatMap(() => [0.99, 0.01]);
const soften = (share: number) => sure.map((p) => (1 - share) * p + share / 2);

describe("choosing by likelihood", () => {
  test("finds what lowers the negative log-likelihood, and says by how much", async () => {
    const choice = await chooseByLikelihood([0.1, 0.4, 0.9], { labels, baseline: sure, predict: soften });
    const nll = (p: number) => -(0.8 * Math.log(p) + 0.2 * Math.log(1 - p));
    const at = (share: number) => (1 - share) * 0.99 + share / 2;
    expect(choice.baseline).toBeCloseTo(nll(0.99), 12);
    expect(choice.trials.map((trial) => trial.candidate)).toEqual([0.1, 0.4, 0.9]);
    choice.trials.forEach((trial) => {
      expect(trial.nll).toBeCloseTo(nll(at(trial.candidate)), 12);
      expect(trial.difference).toBeCloseTo(trial.nll - choice.baseline, 12);
    });
    expect(choice.best.candidate).toBe(0.4);
    expect(choice.helps).toBe("yes");
    expect(choice.sentence).toMatch(
      /^Monte-Carlo dropout helps on this data: negative log-likelihood 0\.\d+ against 0\.929 without dropout on 200 rows/,
    );
  });

  test("of several that are as likely, the first", async () => {
    const { best } = await chooseByLikelihood(["one", "two"], { labels, baseline: sure, predict: () => soften(0.4) });
    expect(best.candidate).toBe("one");
  });

  test("the interval is near that of a paired mean, wider for all candidates", async () => {
    const one = await chooseByLikelihood([0.4], { labels, baseline: sure, predict: soften });
    const [low, high] = one.best.interval;
    expect(Math.abs((high - low) / 2 / one.best.standardError / 1.97 - 1)).toBeLessThan(0.05); // Student's t
    const d = labels.map((label) => Math.log(sure[label]! / soften(0.4)[label]!));
    const mean = d.reduce((a, b) => a + b, 0) / 200;
    expect(one.best.standardError).toBeCloseTo(Math.sqrt(d.reduce((a, b) => a + (b - mean) ** 2, 0) / 199 / 200), 12);
    const five = await chooseByLikelihood([0.4, 0.4, 0.4, 0.4, 0.4], { labels, baseline: sure, predict: soften });
    const ratio = (five.best.interval[1] - five.best.interval[0]) / (high - low);
    expect(Math.abs(ratio / (2.5758 / 1.96) - 1)).toBeLessThan(0.03); // level 0.99
  });

  test("a few rows that are all right do not say that softer probabilities do harm", async () => {
    const found = await chooseByLikelihood([0.1], {
      labels: new Array(20).fill(0),
      baseline: sure.slice(0, 40),
      predict: (share) => soften(share).slice(0, 40),
    });
    expect(found.best.difference).toBeGreaterThan(0.04); // the same in every row: no spread at all
    expect(found.best.standardError).toBeLessThan(1e-9);
    expect(found.helps).toBe("unclear");
  });

  test("says plainly that it does harm, or that the rows do not tell", async () => {
    const right = labels.map(() => 0);
    const harm = await chooseByLikelihood([0.2, 0.5], { labels: right, baseline: sure, predict: soften });
    expect(harm.best.candidate).toBe(0.2);
    expect(harm.helps).toBe("no");
    expect(harm.sentence).toMatch(/^Monte-Carlo dropout does not help on this data, it does harm: /);
    const few = await chooseByLikelihood([0.2], {
      labels: [0, 1, 0],
      baseline: sure.slice(0, 6),
      predict: (share) => soften(share).slice(0, 6),
    });
    expect(few.helps).toBe("unclear");
    expect(few.sentence).toMatch(/^Monte-Carlo dropout does not help on this data beyond chance: /);
  });

  test("one row tells nothing", async () => {
    const choice = await chooseByLikelihood([0.2], { labels: [1], baseline: [0.9, 0.1], predict: () => [0.5, 0.5] });
    expect(choice.helps).toBe("unclear");
    expect(choice.best.standardError).toBe(Number.POSITIVE_INFINITY);
  });

  test("misuse", async () => {
    await expect(chooseByLikelihood([], { labels, baseline: sure, predict: soften })).rejects.toThrow(
      "chooseByLikelihood: candidates must have at least one entry, got 0",
    );
    await expect(chooseByLikelihood([1], { labels, baseline: sure, predict: () => [1, 0] })).rejects.toThrow(
      "chooseByLikelihood: probabilities must hold a whole number of probabilities for each of the 200 labels, got 2",
    );
  });
});
