import { dropout, type Scaling } from "hadamask";
import {
  bernoulliMultiplier,
  bernoulliRawMoment,
  coefficientOfVariation,
  expectation,
  expectedMoments,
  gaussianRawMoment,
  outputMoments,
  outputMomentsOfRandomInput,
  recurrentChain,
  sharedOutputMoments,
} from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { expectClose, expectCloseAll } from "./close.js";

const scalings: Scaling[] = ["inverted", "classic"];

describe.each(scalings)("%s scaling", (scaling) => {
  test.each([0.1, 0.5, 0.7, 1])("closed-form moments of dropout agree with enumeration at keep %d", (keep) => {
    const x = [2, -4, 6];
    const law = { keep, scaling };
    const closed = outputMoments(x, bernoulliMultiplier(law));
    const exact = expectedMoments({ n: 3, keep }, (mask) => dropout(x, { ...law, mask }));
    expectCloseAll(closed.mean, exact.mean);
    expectCloseAll(closed.covariance, exact.covariance);
  });

  test("raw moments agree with enumeration", () => {
    for (const order of [1, 2, 3, 4]) {
      const exact = expectation({ n: 1, keep: 0.3 }, (mask) => dropout([1], { keep: 0.3, scaling, mask })[0]! ** order);
      expectClose(bernoulliRawMoment(order, { keep: 0.3, scaling }), exact);
    }
  });

  test("one multiplier for all elements: covariance of rank one", () => {
    const x = [1, 2, 3, 4];
    const law = { keep: 0.5, scaling };
    const closed = sharedOutputMoments(x, bernoulliMultiplier(law));
    const exact = expectedMoments({ n: 1, keep: 0.5 }, ([bit]) =>
      dropout(x, { ...law, mask: [bit!, bit!, bit!, bit!] }),
    );
    expectCloseAll(closed.covariance, exact.covariance);
  });

  test("at rate 1 everything is 0", () => {
    expect(bernoulliMultiplier({ rate: 1, scaling })).toEqual({ mean: 0, variance: 0 });
    expect(bernoulliRawMoment(2, { rate: 1, scaling })).toBe(0);
  });
});

test("keep 0.7 of [2, 4, 6]: the variances worked out by hand", () => {
  const classic = outputMoments([2, 4, 6], bernoulliMultiplier({ keep: 0.7, scaling: "classic" }));
  expectCloseAll(classic.covariance, [0.84, 0, 0, 0, 3.36, 0, 0, 0, 7.56]);
});

test("coefficient of variation: sqrt(rate / keep), infinite at rate 1", () => {
  const expected = { 0.1: 3, 0.3: 1.5275252316519465, 0.5: 1, 0.7: 0.6546536707079772, 0.9: 1 / 3 };
  for (const [keep, value] of Object.entries(expected)) expectClose(coefficientOfVariation({ keep: +keep }), value);
  expect(coefficientOfVariation({ rate: 1 })).toBe(Number.POSITIVE_INFINITY);
});

test("a variance of a Gaussian with Bernoulli's two moments has other third and fourth moments", () => {
  const table = [
    { keep: 0.8, third: [1.5625, 1.75], fourth: [1.953125, 2.6875] },
    { keep: 0.5, third: [4, 4], fourth: [8, 10] },
    { keep: 0.2, third: [25, 13], fourth: [125, 73] },
  ];
  for (const { keep, third, fourth } of table) {
    const noise = bernoulliMultiplier({ keep });
    expectCloseAll([bernoulliRawMoment(3, { keep }), gaussianRawMoment(3, noise)], third);
    expectCloseAll([bernoulliRawMoment(4, { keep }), gaussianRawMoment(4, noise)], fourth);
    expectClose(gaussianRawMoment(2, noise), bernoulliRawMoment(2, { keep }));
  }
});

test("random inputs: covariances between features survive", () => {
  const input = { mean: Float64Array.of(1, -1), covariance: Float64Array.of(1, 0.6, 0.6, 2) };
  const classic = outputMomentsOfRandomInput(input, bernoulliMultiplier({ keep: 0.5, scaling: "classic" }));
  expectCloseAll(classic.mean, [0.5, -0.5]);
  expectCloseAll(classic.covariance, [0.75, 0.15, 0.15, 1.25]);
  const inverted = outputMomentsOfRandomInput(input, bernoulliMultiplier({ keep: 0.5 }));
  expectCloseAll(inverted.mean, [1, -1]);
  expectCloseAll(inverted.covariance, [3, 0.6, 0.6, 5]);
});

test("random inputs agree with enumeration over two points", () => {
  // x is (2, 1) or (-1, 3) with probability 1/2 each: its bit is enumerated with the mask bits.
  const points = [
    [2, 1],
    [-1, 3],
  ] as const;
  const keeps = [0.5, 0.3, 0.3];
  const exact = expectedMoments({ keeps }, (bits) =>
    dropout([...points[bits[0]!]!], { keep: 0.3, mask: bits.slice(1) }),
  );
  const input = expectedMoments({ n: 1, keep: 0.5 }, (bits) => points[bits[0]!]!);
  const closed = outputMomentsOfRandomInput(input, bernoulliMultiplier({ keep: 0.3 }));
  expectCloseAll(closed.mean, exact.mean);
  expectCloseAll(closed.covariance, exact.covariance);
});

describe("masks on a recurrent path", () => {
  test.each(scalings)("closed form agrees with enumeration, %s", (scaling) => {
    const law = { keep: 0.6, scaling };
    const pass = (h: number, bit: number) => dropout([h], { ...law, mask: [bit] })[0]!;
    const fresh = expectedMoments({ n: 4, keep: 0.6 }, (mask) => [mask.reduce(pass, 1)]);
    const tied = expectedMoments({ n: 1, keep: 0.6 }, ([bit]) => [[bit!, bit!, bit!, bit!].reduce(pass, 1)]);
    const { mean, variance } = recurrentChain(4, "fresh", law);
    expectCloseAll([mean, variance], [fresh.mean[0]!, fresh.covariance[0]!]);
    const held = recurrentChain(4, "tied", law);
    expectCloseAll([held.mean, held.variance], [tied.mean[0]!, tied.covariance[0]!]);
  });

  test("golden values: tied masks grow, fresh ones do not", () => {
    expectClose(recurrentChain(5, "fresh", { keep: 0.8 }).variance, 0.8 ** -5 - 1);
    expectClose(recurrentChain(5, "tied", { keep: 0.8 }).mean, 2.44140625);
    expectClose(recurrentChain(5, "tied", { keep: 0.8 }).variance, 1.4901161193847656);
    expectClose(recurrentChain(10, "fresh", { keep: 0.5 }).variance, 1023);
    expectClose(recurrentChain(10, "tied", { keep: 0.5 }).mean, 512);
  });
});

test("bad arguments get a sentence", () => {
  expect(() => bernoulliMultiplier({ rate: Number.NaN })).toThrow(
    new RangeError("bernoulliMultiplier: rate must be in [0, 1], got NaN"),
  );
  expect(() =>
    outputMomentsOfRandomInput(
      { mean: Float64Array.of(1), covariance: Float64Array.of(1, 2) },
      { mean: 1, variance: 1 },
    ),
  ).toThrow(new RangeError("outputMomentsOfRandomInput: input.covariance must have 1 element (d * d), got 2"));
});
