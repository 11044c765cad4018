import { describe, expect, test } from "vitest";
import { run } from "../../support/run.js";

const json = async (...only: string[]) => JSON.parse((await run(["verify", "--json", "--only", ...only])).out);
const ids = async (...only: string[]) => (await json(...only)).map(({ id }: { id: string }) => id);

describe("hadamask verify", () => {
  test("one row of each verdict, with what is right below", async () => {
    const { code, out, err } = await run(["verify", "--only", "000"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain(
      "S0-09     holds      example, forward: x = [2, 4, 6], keep 0.5,      [4, 0, 12]           [4, 0, 12]    " +
        "       0\n",
    );
    expect(out).toContain(
      "E-000-5   noted      last formula: The display formula ends in a                          nothing to compute\n",
    );
    expect(out).toMatch(/E-000-2 {3}corrected .*\n(.*\n)* {21}right: The factor is the chain rule/);
    expect(out).toContain("refuted: 6, where 12 is measured");
    expect(out).toMatch(/\n21 claims, \d+ measures, \d+\.\d s\n/);
    expect(Math.max(...out.split("\n").map((line) => [...line].length))).toBeLessThanOrEqual(120);
  });

  test("a few rows are shown with everything that was measured", async () => {
    const { out } = await run(["verify", "--only", "S3-10"]);
    expect(out).toContain("✓ E[y^2] / x^2 at keep 0.5 and 0.8: 1 / keep\n      [2, 1.25] equals [2, 1.25]");
    expect(out).toContain("      [2, 1.25] differs from [1, 1]");
    const many = await run(["verify", "--only", "000", "--details"]);
    expect(many.out).toContain("✓ E[dL/dx] against the gradient without dropout");
  });

  test("sources, groups and rows can be chosen, apart or together, in either case", async () => {
    expect(await ids("s3-15", "E-003-8")).toEqual(["S3-15", "E-003-8"]);
    expect(await ids("S3-15,e-003-8")).toEqual(["S3-15", "E-003-8"]);
    expect(await ids("E-X")).toEqual(["E-X1", "E-X2", "E-X3"]);
    expect(await ids("E-000")).toHaveLength(5);
    expect(await ids("S0")).toHaveLength(16);
    expect(await ids("000")).toHaveLength(21);
  });

  test("JSON rows have the promised fields", async () => {
    const [row] = await json("E-000-4");
    expect(row).toMatchObject({
      id: "E-000-4",
      source: "000",
      place: "code",
      claim: "keep 0 divides the mask by 0; the range is not checked",
      measured: [0, 0, 0],
      expected: [0, 0, 0],
      bound: 0,
      verdict: "corrected",
      right: "keep 0 gives zeros, forward and back; values outside [0, 1] and NaN are refused",
      severity: "C",
      error: null,
    });
    // JSON has no NaN: the source's 0 / 0 is a string.
    expect(row.measures[2]).toMatchObject({ expected: ["NaN", "NaN", "NaN"], relation: "differs from", passes: true });
    const [noted] = await json("S0-01");
    expect(noted).toMatchObject({ verdict: "noted", measured: null, expected: null, bound: null, right: null });
  });

  test("what names nothing is misuse", async () => {
    const { code, err } = await run(["verify", "--only", "S9"]);
    expect(code).toBe(2);
    expect(err).toBe(
      "verify: --only must be a source (000 to 004, across, references), a group (S3, E-003) or a row (S3-15, " +
        'E-003-17), got "S9"\n',
    );
  });

  test("colours only in a terminal", async () => {
    const { out } = await run(["verify", "--only", "S0-09"], { isInteractive: true });
    expect(out).toContain("\u001b[32mholds\u001b[39m");
    expect((await run(["verify", "--only", "S0-09"])).out).not.toContain("\u001b");
  });
});
