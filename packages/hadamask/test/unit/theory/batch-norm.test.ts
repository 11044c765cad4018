import { dropout } from "hadamask";
import { expectedMoments, varianceShift, varianceShiftAfterLinear } from "hadamask/theory";
import { expect, test } from "vitest";
import { expectClose } from "./close.js";

test.each([
  [0, 0.9, 10 / 9, 0.9],
  [0, 0.8, 1.25, 0.8],
  [0, 0.5, 2, 0.5],
  [1, 0.9, 11 / 9, 9 / 11],
  [1, 0.8, 1.5, 2 / 3],
  [1, 0.5, 3, 1 / 3],
])("mean %d and variance 1 at keep %d", (mean, keep, train, ratio) => {
  const shift = varianceShift({ mean, variance: 1 }, { keep });
  expectClose(shift.train, train);
  expectClose(shift.eval, 1);
  expectClose(shift.ratio, ratio);
});

test("a ReLU of a standard normal at keep 1/2", () => {
  const mean = 1 / Math.sqrt(2 * Math.PI);
  const shift = varianceShift({ mean, variance: 0.5 - mean ** 2 }, { keep: 0.5 });
  expectClose(shift.train, 0.8408, 6e-5);
  expectClose(shift.eval, 0.3408, 6e-5);
  expectClose(shift.ratio, 0.405, 6e-4);
});

test("classic scaling shifts by the same ratio", () => {
  const feature = { mean: 1, variance: 2 };
  const inverted = varianceShift(feature, { keep: 0.7 });
  expectClose(varianceShift(feature, { keep: 0.7, scaling: "classic" }).ratio, inverted.ratio);
});

test("through a linear map, against enumeration over correlated inputs and masks", () => {
  // Two inputs 1 +- 2, equal with probability 3/4: mean 1, variance 4, correlation 1/2.
  const w = [1, 0.5];
  const keep = 0.7;
  const inputs = (bits: Uint8Array) => {
    const first = bits[0]! * 4 - 1;
    return [first, bits[1] === 1 ? first : 2 - first];
  };
  const train = expectedMoments({ keeps: [0.5, 0.75, keep, keep] }, (bits) => {
    const h = dropout(inputs(bits), { keep, mask: bits.slice(2) });
    return [h[0]! * w[0]! + h[1]! * w[1]!];
  }).covariance[0]!;
  const evaluation = expectedMoments({ keeps: [0.5, 0.75] }, (bits) => {
    const h = inputs(bits);
    return [h[0]! * w[0]! + h[1]! * w[1]!];
  }).covariance[0]!;
  const shift = varianceShiftAfterLinear({ mean: 1, variance: 4 }, w, 0.5, { keep });
  expectClose(shift.train, train);
  expectClose(shift.eval, evaluation);
});

test("a wide layer over correlated features hardly shifts", () => {
  const wide = new Float64Array(1000).fill(1);
  expect(varianceShiftAfterLinear({ mean: 0, variance: 1 }, wide, 0.5, { keep: 0.5 }).ratio).toBeGreaterThan(0.995);
  expectClose(varianceShiftAfterLinear({ mean: 0, variance: 1 }, wide, 0, { keep: 0.5 }).ratio, 0.5);
});

test("bad arguments get a sentence", () => {
  expect(() => varianceShift({ mean: 0, variance: -1 }, { rate: 0.5 })).toThrow(
    new RangeError("varianceShift: variance must be at least 0, got -1"),
  );
  expect(() => varianceShiftAfterLinear({ mean: 0, variance: 1 }, [1], 2, { rate: 0.5 })).toThrow(
    new RangeError("varianceShiftAfterLinear: correlation must be in [-1, 1], got 2"),
  );
});
