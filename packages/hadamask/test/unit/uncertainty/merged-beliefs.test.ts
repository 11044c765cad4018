import { expect, test } from "vitest";
import { mergedBeliefs } from "../../../src/uncertainty/merged-beliefs.js";

test("beliefs in the same pass become their mean; one that nobody holds stays finite", () => {
  const weights = Float64Array.of(0.75, 0.25, 0.5, 0.5, 0.25, 0.75);
  const { weights: merged, shares } = mergedBeliefs({ weights, shares: Float64Array.of(0.25, 0.75, 0) }, 2);
  expect([...shares]).toEqual([1, 0]);
  expect([...merged]).toEqual([0.5625, 0.4375, 0, 0]);
});

test("a share below 1 is divided out", () => {
  const { weights, shares } = mergedBeliefs(
    { weights: Float64Array.of(1, 0, 0.5, 0.5, 0, 1), shares: Float64Array.of(0.25, 0.25, 0.5) },
    2,
  );
  expect([...shares]).toEqual([0.5, 0.5]);
  expect([...weights]).toEqual([0.75, 0.25, 0, 1]);
});
