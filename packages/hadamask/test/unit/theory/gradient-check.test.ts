import { dropout, dropoutBackward, key } from "hadamask";
import { checkGradient, numericalGradient } from "hadamask/theory";
import { expect, test } from "vitest";

const sumOfSquares = (y: Float64Array) => y.reduce((sum, v) => sum + v ** 2, 0);

test("accepts the right gradient of a dropout layer", () => {
  const options = { rate: 0.3, key: key(7) };
  const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i) * 3);
  const loss = (v: Float64Array) => sumOfSquares(dropout(v, options));
  const dx = dropoutBackward(
    dropout(x, options).map((y) => 2 * y),
    options,
  );
  expect(checkGradient(loss, x, dx).error).toBeLessThan(1e-9);
});

test("rejects a gradient that is wrong in one component, and names it", () => {
  const x = [1, -2, 3];
  const check = checkGradient(sumOfSquares, x, [2, -4, 6.001]);
  expect(check.at).toBe(2);
  expect(check.error).toBeGreaterThan(1e-4);
  expect(checkGradient(sumOfSquares, x, [2, Number.NaN, 6])).toMatchObject({ at: 1, error: Number.POSITIVE_INFINITY });
});

test("rejects a gradient taken under another mask", () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => 1 + i);
  const loss = (v: Float64Array) => dropout(v, { rate: 0.5, key: key(1) }).reduce((sum, y) => sum + y, 0);
  const dx = dropoutBackward(new Float64Array(40).fill(1), { rate: 0.5, key: key(2) });
  expect(checkGradient(loss, x, dx).error).toBe(1);
});

test("a gradient of zeros is right for a constant", () => {
  expect(checkGradient(() => 5, [1, 2], [0, 0]).error).toBe(0);
});

test("differences scale with large x", () => {
  const [g] = numericalGradient((x) => x[0]! ** 2, [1e6]);
  expect(Math.abs(g! - 2e6) / 2e6).toBeLessThan(1e-9);
});

test("leaves x as it was", () => {
  const x = new Float64Array([1, 2]);
  numericalGradient((v) => v[0]! * v[1]!, x);
  expect([...x]).toEqual([1, 2]);
});

test("bad arguments get a sentence", () => {
  expect(() => checkGradient(() => 0, [1, 2], [0])).toThrow(
    new RangeError("checkGradient: gradient must have 2 elements like x, got 1"),
  );
  expect(() => numericalGradient(() => Number.NaN, [1])).toThrow(
    new RangeError("numericalGradient: f(x) must be a finite number near x, got NaN"),
  );
  expect(() => numericalGradient(() => 0, [1], { step: 0 })).toThrow(
    new RangeError("numericalGradient: step must be above 0 and below 1, got 0"),
  );
  expect(() => numericalGradient(3 as never, [1])).toThrow(
    new TypeError("numericalGradient: f must be a function of a Float64Array, got 3"),
  );
});
