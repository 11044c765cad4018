import { stationaryVariance } from "hadamask/theory";
import { expect, test } from "vitest";
import { expectClose } from "./close.js";

test.each([
  [0.5, 2 / 3],
  [0.1, 0.5263157894736842],
  [0.01, 0.5025125628140703],
])("precision 2, step %d: %d, above the target's 0.5", (step, variance) => {
  expectClose(stationaryVariance({ precision: 2, step }), variance);
});

test.each([
  [0.004, 0.02078],
  [0.001, 0.01241],
  [0.0002, 0.01039],
])("minibatch noise at step %d", (step, variance) => {
  const gradientVariance = (100 ** 2 / 10) * 0.887;
  expectClose(stationaryVariance({ precision: 101, step, gradientVariance }), variance, 6e-6);
});

test("the formula is the fixed point of the recursion of the variance", () => {
  const [precision, step, gradientVariance] = [3, 0.2, 5];
  let variance = 0;
  for (let t = 0; t < 1000; t++) {
    variance = (1 - (step * precision) / 2) ** 2 * variance + step + (step ** 2 * gradientVariance) / 4;
  }
  expectClose(stationaryVariance({ precision, step, gradientVariance }), variance);
});

test("a step at which the chain diverges is refused", () => {
  expect(() => stationaryVariance({ precision: 2, step: 2 })).toThrow(
    new RangeError("stationaryVariance: step must be above 0 and below 4 / precision = 2, got 2"),
  );
});
