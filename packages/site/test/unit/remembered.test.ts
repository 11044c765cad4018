// Results that are kept: computed once for the same values, anew for others.

import { expect, test } from "vitest";
import { remembered } from "../../src/state/remembered.js";

test("computes once for the same values, whatever else a state has, and anew for others", () => {
  let computed = 0;
  const half = remembered(
    ({ rate }: { rate: number; seed?: number }) => [rate],
    ({ rate }) => {
      computed += 1;
      return { half: rate / 2 };
    },
  );
  const first = half({ rate: 0.5 });
  expect(half({ rate: 0.5, seed: 3 })).toBe(first);
  expect(computed).toBe(1);
  expect(half({ rate: 0.2 })).toEqual({ half: 0.1 });
  expect(half({ rate: 0.5 })).toEqual(first);
  expect(computed).toBe(3);
});

test("one value more or less is another state", () => {
  const twice = remembered(
    (values: readonly number[]) => values,
    (values) => values.length,
  );
  expect(twice([1, 2])).toBe(2);
  expect(twice([1])).toBe(1);
});
