// Dense products in SIMD and natively against the plain ones, bit for bit.

import { type FloatArray, key } from "hadamask";
import { describe, expect, test } from "vitest";
import * as native from "../../src/kernels/dense-native.js";
import * as plain from "../../src/kernels/dense-plain.js";
import * as simd from "../../src/kernels/dense-simd.js";
import { threshold } from "../../src/random/threshold.js";
import { addon, nativeReason } from "./native-kernels.js";

/** The fast ones: products and gradients, with masks on the weights or without. */
interface Fast {
  readonly name: string;
  readonly addProducts: (out: Float64Array, dense: native.Dense) => void;
  readonly addGradients: (dW: Float64Array, dx: Float64Array, dy: FloatArray, dense: native.Dense) => void;
}

const FAST: readonly Fast[] = [
  {
    name: "simd",
    addProducts: (out, dense) => {
      if (dense.masks === undefined) simd.addProduct(out, dense.x, dense.weights, dense.inputs, dense.outputs);
      else simd.addDrawnProducts(out, dense as plain.DrawnDense);
    },
    addGradients: simd.addGradients,
  },
  ...(addon?.levels ?? []).map((level) => ({
    name: `native, ${level}`,
    addProducts: (out: Float64Array, dense: native.Dense) => {
      addon!.use(level);
      native.addProducts(addon!, out, dense);
    },
    addGradients: (dW: Float64Array, dx: Float64Array, dy: FloatArray, dense: native.Dense) => {
      addon!.use(level);
      native.addGradients(addon!, dW, dx, dy, dense);
    },
  })),
];

test.skipIf(addon === undefined)(`dense products: native (${nativeReason})`, () => {
  expect(FAST.length).toBe(1 + addon!.levels.length);
});

/** [rows, inputs, outputs]: one of each, odd ones, whole vectors and chunks, and more than one chunk. */
const SHAPES = [
  [1, 1, 1],
  [2, 3, 5],
  [3, 4, 8],
  [1, 5, 7],
  [4, 9, 16],
  [2, 7, 33],
  [3, 31, 64],
  [2, 70, 257],
  [5, 40, 1024],
  [2, 3, 20_001],
  [1, 2, simd.MOST_OUTPUTS],
] as const;

/** Different values, some of them such that a dropped one that counted would be seen. */
function values(n: number, seed: number, type: "float32" | "float64", special: readonly number[] = []): FloatArray {
  const array = type === "float32" ? new Float32Array(n) : new Float64Array(n);
  for (let i = 0; i < n; i++) array[i] = (((i + 1) * seed * 2654435761) % 4294967296) / 2 ** 31 - 1;
  special.forEach((value, k) => {
    if (n > 40) array[(k * 17 + 5) % n] = value;
  });
  return array;
}

function expectEqual(actual: FloatArray, expected: FloatArray, what: string): void {
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) expect.fail(`${what}, element ${i}: ${actual[i]}, expected ${expected[i]}`);
  }
}

const SPECIAL = [Number.NaN, Infinity, -Infinity, -0, 1e300];

const CASES = FAST.flatMap((fast) => SHAPES.map((shape) => [fast.name, ...shape, fast] as const));

describe.each(CASES)("%s: rows %d, inputs %d, outputs %d", (_, rows, inputs, outputs, fast) => {
  for (const type of ["float32", "float64"] as const) {
    const x = values(rows * inputs, 3, type);
    const weights = values(inputs * outputs, 5, type);
    const dy = values(rows * outputs, 7, type);
    const start = (n: number): Float64Array => values(n, 11, "float64") as Float64Array;

    test(`the plain product and its gradients, ${type}`, () => {
      const [a, b] = [start(rows * outputs), start(rows * outputs)];
      plain.addProduct(a, x, weights, inputs, outputs);
      fast.addProducts(b, { x, weights, inputs, outputs });
      expectEqual(b, a, "product");
      const [dW, dx] = [start(inputs * outputs), start(rows * inputs)];
      const [dW2, dx2] = [dW.slice(), dx.slice()];
      plain.addWeightGradient(dW, x, dy, inputs, outputs);
      plain.addInputGradient(dx, dy, weights, inputs, outputs);
      fast.addGradients(dW2, dx2, dy, { x, weights, inputs, outputs });
      expectEqual(dW2, dW, "dW");
      expectEqual(dx2, dx, "dx");
    });

    test.each([0.5, 0.25, 0.9])(`with a mask on every weight, kept with probability %d, ${type}`, (keep) => {
      const D = inputs * outputs;
      // Masks side by side, masks of keys of their own, and where the counter's high word changes.
      for (const maskOf of [
        (s: number) => ({ key: key(1), offset: s * D }),
        (s: number) => ({ key: key(s), offset: 0 }),
        (s: number) => ({ key: key(2), offset: 2 ** 38 - 100 + s * 13 }),
      ]) {
        const masks = Array.from({ length: rows }, (_, s) => maskOf(s));
        const wild = { x: values(rows * inputs, 3, type, SPECIAL), weights: values(D, 5, type, SPECIAL) };
        for (const { x: input, weights: W } of [{ x, weights }, wild]) {
          const dense = { x: input, weights: W, inputs, outputs, masks, T: threshold(keep) };
          const [a, b] = [start(rows * outputs), start(rows * outputs)];
          plain.addDrawnProducts(a, dense);
          fast.addProducts(b, dense);
          expectEqual(b, a, "product");
          const [dW, dx] = [start(D), start(rows * inputs)];
          const [dW2, dx2] = [dW.slice(), dx.slice()];
          plain.addDrawnGradients(dW, dx, dy, dense);
          fast.addGradients(dW2, dx2, dy, dense);
          expectEqual(dW2, dW, "dW");
          expectEqual(dx2, dx, "dx");
        }
      }
    });
  }
});

test.each(FAST)("$name: a weight that is dropped counts for nothing, whatever it holds", (fast) => {
  const [inputs, outputs] = [64, 64];
  const weights = new Float64Array(inputs * outputs).fill(Number.NaN);
  const dense = {
    x: new Float64Array(inputs).fill(Infinity),
    weights,
    inputs,
    outputs,
    masks: [{ key: key(3), offset: 0 }],
  };
  // The least threshold there is: with this key no element is kept.
  const out = new Float64Array(outputs);
  fast.addProducts(out, { ...dense, T: 1 });
  expect(out.every((value) => Object.is(value, 0))).toBe(true);
  const [dW, dx] = [new Float64Array(inputs * outputs), new Float64Array(inputs)];
  fast.addGradients(dW, dx, new Float64Array(outputs).fill(Infinity), { ...dense, T: 1 });
  expect([...dW, ...dx].every((value) => Object.is(value, 0))).toBe(true);
});
