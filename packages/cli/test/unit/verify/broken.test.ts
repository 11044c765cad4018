// With a library that is wrong in one place, the rows that rest on it fail, and the command says so and exits with 1.

import { describe, expect, test, vi } from "vitest";

const broken = vi.hoisted(() => ({ by: "nothing" as "nothing" | "scale" | "mask" | "gradient" }));

vi.mock("hadamask", async (original) => {
  const library = await original<typeof import("hadamask")>();
  type Options = import("hadamask").DropoutOptions;
  return {
    ...library,
    dropout: (x: Float64Array, options: Options) =>
      broken.by === "scale" && options.mode !== "eval"
        ? library.dropout(x, { ...options, scaling: "classic" })
        : library.dropout(x, options),
    dropoutBackward: (dy: Float64Array, options: Options) =>
      broken.by === "gradient" ? Float64Array.from(dy) : library.dropoutBackward(dy, options),
    keepMask: (n: number, options: { keep?: number; rate?: number; key: readonly [number, number] }) =>
      broken.by === "mask"
        ? library.keepMask(n, { keep: options.rate ?? 1 - options.keep!, key: options.key })
        : library.keepMask(n, options as Parameters<typeof library.keepMask>[1]),
  };
});

const { claims } = await import("../../../src/verify/claims.js");
const { check } = await import("../../../src/verify/verify.js");
const { run } = await import("../../support/run.js");

const failing = (ids: readonly string[]) =>
  claims
    .filter(({ id }) => ids.includes(id))
    .filter((claim) => check(claim).verdict === "fails")
    .map(({ id }) => id);

describe.each([
  {
    by: "scale",
    rows: ["S0-03", "S0-09", "S0-15", "S1-02", "S1-15", "S1-34", "S3-07", "S3-10", "S4-05", "S4-08", "E-X2"],
  },
  { by: "mask", rows: ["S0-02", "S1-01", "S1-04", "S3-02", "S4-03", "S4-13"] },
  { by: "gradient", rows: ["S0-06", "S0-10", "S1-08", "S1-11", "S1-17", "S4-13"] },
] as const)("a library with a wrong $by", ({ by, rows }) => {
  test("fails the rows that rest on it", () => {
    broken.by = by;
    expect(failing(rows)).toEqual(claims.map(({ id }) => id).filter((id) => (rows as readonly string[]).includes(id)));
  });

  test("and none of them before", () => {
    broken.by = "nothing";
    expect(failing(rows)).toEqual([]);
  });
});

test("the command names the failing rows, shows why, and exits with 1", async () => {
  broken.by = "scale";
  const { code, out, err } = await run(["verify", "--only", "S0-09", "S0-10"]);
  expect(code).toBe(1);
  expect(err).toBe("verify: 1 of 2 checks fail: S0-09\n");
  expect(out).toContain("✗ y\n      [2, 0, 6] equals [4, 0, 12], bound 0");
  const json = await run(["verify", "--only", "S0-09", "--json"]);
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)[0]).toMatchObject({
    id: "S0-09",
    verdict: "fails",
    measured: [2, 0, 6],
    expected: [4, 0, 12],
  });
});
