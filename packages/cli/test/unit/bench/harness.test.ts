import { describe, expect, test } from "vitest";
import { PLANS } from "../../../src/bench/groups.js";
import { type Case, measure } from "../../../src/bench/harness.js";
import { groupTable, isMet } from "../../../src/bench/report.js";
import { noColours } from "../../../src/output/terminal.js";

/** Waits for the given time without giving the processor away. */
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const spinning = (name: string, ms: number, rest: Partial<Case> = {}): Case => ({
  name,
  elements: 1000,
  run: () => spin(ms),
  check: () => undefined,
  ...rest,
});

describe("measure", () => {
  test("gives times an element, and ratios to the first case", async () => {
    const cases = [spinning("base", 5), spinning("double", 10, { target: 3 }), spinning("more", 15, { target: 2 })];
    const { baseline, rounds, results } = await measure({ name: "waiting", cases }, 5);
    expect([baseline, rounds]).toEqual(["base", 5]);
    const [base, double, more] = results;
    // Never shorter than it spins; how much longer is up to the machine.
    expect(base!.ns.min).toBeGreaterThanOrEqual(5000);
    expect(base!.ratio).toEqual({ median: 1, quartiles: [1, 1] });
    expect(double!.ns.min).toBeGreaterThanOrEqual(10_000);
    expect(more!.ns.median).toBeGreaterThanOrEqual(more!.ns.min);
    expect(double!.ratio.quartiles[0]).toBeLessThanOrEqual(double!.ratio.median);
  });

  test("waits for cases that are asynchronous", async () => {
    let done = 0;
    const run = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 6));
      done++;
    };
    const { results } = await measure({ name: "async", cases: [spinning("later", 0, { run })] }, 2);
    expect(done).toBeGreaterThanOrEqual(3);
    expect(results[0]!.ns.min).toBeGreaterThan(4000);
  });

  test("refuses to time what gives a wrong result", async () => {
    const check = (): void => {
      throw new Error("element 3 is 7");
    };
    const wrong = measure({ name: "group", cases: [spinning("wrong", 1, { check })] }, 1);
    await expect(wrong).rejects.toThrow("bench: group, wrong: the result is wrong");
  });
});

describe("the report", () => {
  const spread = (median: number) => ({ median, quartiles: [median - 0.1, median + 0.1] as const });
  const result = (name: string, ratio: number, rest = {}) => ({
    name,
    elements: 64,
    ns: { ...spread(ratio * 2), min: 1 },
    ratio: spread(ratio),
    aboveNs: spread(500),
    ...rest,
  });

  test("says what is aimed at, and whether it is met", () => {
    const results = [result("copy", 1), result("fast", 1.5, { target: 1.6 }), result("slow", 2.5, { target: 1.6 })];
    const small = result("small", 3, { targetAboveNs: 400 });
    expect([...results, small].map(isMet)).toEqual([undefined, true, false, false]);
    const text = groupTable({ name: "16M", baseline: "copy", rounds: 3, results: [...results, small] }, noColours);
    expect(text).toBe(`16M
       ns/element  ratio  quartiles    aim
-----  ----------  -----  -----------  ----------------  ------
copy         2.00      1
fast         3.00   1.50  1.40 - 1.60  <= 1.6            met
slow         5.00   2.50  2.40 - 2.60  <= 1.6            missed
small        6.00   3.00  2.90 - 3.10  + 500 ns, <= 400  missed
`);
  });
});

describe("the groups", () => {
  // The small ones; the large ones do the same on more elements.
  const small = PLANS.filter(({ name }) => /^64k|64 elements$/.test(name));

  test.each(small)("$name: every result is right", async (plan) => {
    const { group, close } = plan.open();
    const { results } = await measure(group, 1);
    close();
    expect(results).toHaveLength(group.cases.length);
    expect(results.slice(1).some((item) => isMet(item) !== undefined)).toBe(true);
  });

  test("have names of their own, and some are quick", () => {
    expect(new Set(PLANS.map(({ name }) => name)).size).toBe(PLANS.length);
    expect(PLANS.filter(({ isQuick }) => isQuick).length).toBeGreaterThan(3);
    expect(small.length).toBeGreaterThan(1);
  });
});
