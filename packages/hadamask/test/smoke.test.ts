import { dropout } from "hadamask";
import { expect, test } from "vitest";

test("the worked example of 001", () => {
  expect([...dropout([2, 4, 6, 8], { rate: 0.5, mask: [1, 0, 1, 0] })]).toEqual([4, 0, 12, 0]);
});
