// Pictures turned: squares by a quarter, others by a half and called so; channels first or last.

import { key } from "hadamask";
import { expect, test } from "vitest";
import type { ModelRows } from "../../../src/uncertainty/model-rows.js";
import { type StrangeContext, strangeRows } from "../../../src/uncertainty/strange.js";

const turned = (values: number[], image: StrangeContext["image"], channels: StrangeContext["channels"]) => {
  const rows = { rows: 1, values: Float32Array.from(values) } as ModelRows;
  const read = (): never => {
    throw new Error("nothing is read");
  };
  const { name, values: found } = strangeRows("rotated", rows, { image, channels, from: key(1), read });
  return { name, values: [...found] };
};

test("a square is turned a quarter to the left, each channel by itself", () => {
  const two = { height: 2, width: 2 };
  expect(turned([1, 2, 3, 4], two, "first")).toEqual({ name: "rotated by 90°", values: [2, 4, 1, 3] });
  expect(turned([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], two, "first").values).toEqual([
    2, 4, 1, 3, 6, 8, 5, 7, 10, 12, 9, 11,
  ]);
  // the same picture with its colours last
  expect(turned([1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12], two, "last").values).toEqual([
    2, 6, 10, 4, 8, 12, 1, 5, 9, 3, 7, 11,
  ]);
});

test("what is no square is turned by a half, and called so", () => {
  const image = { height: 1, width: 3 };
  expect(turned([1, 2, 3], image, "first")).toEqual({ name: "rotated by 180°", values: [3, 2, 1] });
  expect(turned([1, 4, 7, 2, 5, 8, 3, 6, 9], image, "last").values).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7]);
});
