// Which values a run gets for any choice of rows, in any order, on any axis: of texts as of numbers.

import { describe, expect, test } from "vitest";
import { RowTable } from "../../src/predict/inputs.js";
import type { Ort } from "../../src/predict/ort.js";

/** Tensors that only hold what they were made of. */
class Tensor {
  readonly type: string;
  readonly data: ArrayLike<unknown>;
  readonly dims: readonly number[];

  constructor(type: string, data: ArrayLike<unknown>, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
}

const numbers = Array.from({ length: 12 }, (_, i) => i);
const texts = numbers.map((i) => `text ${i}`);

describe.each([
  ["float32", Float32Array.from(numbers)],
  ["string", texts],
] as const)("rows of %s", (type, data) => {
  const feeds = (dims: readonly number[], axis: number | "none", rows: readonly number[]) => {
    const spec = { name: "x", type, dims: dims.map(() => undefined), rows: axis };
    const found = new RowTable("test", { Tensor } as unknown as Ort, [spec], { x: { data, dims } as never });
    const { data: values, dims: own } = found.feeds(rows).x as unknown as Tensor;
    return { values: Array.from(values, (value) => Number(String(value).replace("text ", ""))), dims: own };
  };

  test("on the first axis, the last and one between", () => {
    expect(feeds([3, 4], 0, [2, 0, 2])).toEqual({ values: [8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11], dims: [3, 4] });
    expect(feeds([3, 4], 1, [3, 1])).toEqual({ values: [3, 1, 7, 5, 11, 9], dims: [3, 2] });
    expect(feeds([2, 3, 2], 1, [2, 1])).toEqual({ values: [4, 5, 2, 3, 10, 11, 8, 9], dims: [2, 2, 2] });
  });

  test("all of them, in their order, are what was given", () => {
    expect(feeds([3, 4], 0, [0, 1, 2])).toEqual({ values: numbers, dims: [3, 4] });
    expect(feeds([3, 4], 0, [0, 1]).values).toEqual(numbers.slice(0, 8));
  });
});
