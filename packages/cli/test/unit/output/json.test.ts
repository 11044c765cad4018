// Results as JSON: nothing is null without a reason beside it.

import { describe, expect, test } from "vitest";
import { absent, jsonText } from "../../../src/output/json.js";
import { run } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

/** Names of fields that are null, and of those that are given a reason in the same object. */
function unexplained(value: unknown, place = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((entry, i) => unexplained(entry, `${place}[${i}]`));
  if (typeof value !== "object" || value === null) return [];
  const { absent: reasons = {}, ...rest } = value as { absent?: Record<string, string> };
  return Object.entries(rest).flatMap(([name, entry]) =>
    entry === null ? (name in reasons ? [] : [`${place}.${name}`]) : unexplained(entry, `${place}.${name}`),
  );
}

test("numbers that JSON has not are texts, and so are large whole ones", () => {
  expect(jsonText({ a: Number.NaN, b: [Number.POSITIVE_INFINITY, -0.5], c: 2n ** 60n })).toBe(
    '{"a":"NaN","b":["Infinity",-0.5],"c":"1152921504606846976"}',
  );
  expect(absent({ a: null, b: 1, c: undefined }, { a: "why", b: "never" })).toEqual({ absent: { a: "why" } });
  expect(absent({ a: 1 }, { a: "why" })).toEqual({});
});

describe("--json has no null without a reason beside it", () => {
  const { fixture, path, digits } = uncertaintyFolder();
  const mlp = fixture("mlp-train.onnx");
  const TRAIN = "train --train-size 60 --epochs 1 --hidden 4 --seeds 1 --threads 0 --variants none,bernoulli:0.5 --out";
  const commands: readonly (readonly string[])[] = [
    [...TRAIN.split(" "), path("out")],
    ["uncertainty", mlp, path("plain.csv"), "--samples", "2"],
    ["uncertainty", mlp, digits, "--labels", "digit", "--kind", "classes", "--samples", "2", "--conformal", "0.999"],
    ["inspect", mlp],
    ["inspect", fixture("linear.onnx")],
    ["explain", "--rate", "1"],
    ["explain", "--mode", "eval", "--grad", "1,2,3,4"],
    ["verify", "--only", "S3-15", "E-003-17"],
  ];
  test.each(commands)("hadamask %s %s", async (...args) => {
    const { code, out, err } = await run([...args, "--json"]);
    expect(code, err).toBe(0);
    expect(unexplained(JSON.parse(out))).toEqual([]);
  });

  test("hadamask doctor, with and without a rate; hadamask mask", async () => {
    await run(["mask", "--shape", "64,16", "--out", path("mask.npy")]);
    for (const more of [[], ["--rate", "0.5"]]) {
      const { out } = await run(["doctor", path("mask.npy"), "--json", ...more]);
      expect(unexplained(JSON.parse(out))).toEqual([]);
    }
    const { out } = await run(["mask", "--shape", "4", "--format", "json"]);
    expect(unexplained(JSON.parse(out))).toEqual([]);
  });
});
