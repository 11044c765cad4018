// What every layer for TensorFlow.js has to be: the library's layer, in value, gradient and counters, on the present
// back end.

import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { type Row, rows } from "./rows.js";

const valuesOf = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1) * 3);

function near(found: ArrayLike<number>, expected: ArrayLike<number>, size = 1): void {
  expect(found.length).toBe(expected.length);
  // In a graph the multiplier is rounded to float32 before the product, in the library after it: two roundings
  // against one.
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!)).toBeLessThanOrEqual(
      4 * 2 ** -24 * Math.max(size, Math.abs(expected[i]!)),
    );
    expect(found[i] === 0).toBe(expected[i] === 0);
  }
}

/** The first input, and the others. */
const inputsOf = ({ shape, others }: Row): tf.Tensor[] => [
  tf.tensor(valuesOf(shape), [...shape]),
  ...(others?.tensors() ?? []),
];

export function holdRows(): void {
  describe.each(rows)("$name", (row) => {
    const options = { shape: row.shape, ...row.others?.options } as never;

    test("is the library's layer in training, step after step, and in prediction pass after pass", () => {
      const layer = row.tf();
      const library = row.library();
      const inputs = inputsOf(row);
      for (const training of [true, true, false, true, false]) {
        library.mode = training ? "train" : "sample";
        const y = layer.apply(inputs, { training }) as tf.Tensor;
        near(y.dataSync(), library.forward(valuesOf(row.shape), options));
        y.dispose();
      }
      expect([layer.step, layer.pass]).toEqual([3, 2]);
      tf.dispose(inputs);
    });

    test("has the library's gradient, also where the layer was used again before", () => {
      const layer = row.tf();
      const library = row.library();
      const [gradient, dy] = tf.tidy(() => {
        const [x, ...others] = inputsOf(row) as [tf.Tensor, ...tf.Tensor[]];
        const f = (input: tf.Tensor): tf.Tensor => {
          const y = layer.apply([input, ...others], { training: true }) as tf.Tensor;
          layer.apply([input, ...others], { training: true });
          return y;
        };
        const y = f(x);
        layer.step = 0;
        const back = tf.tensor(
          valuesOf([y.size]).map((value, i) => value + i),
          y.shape,
        );
        return [tf.grad(f)(x, back).dataSync(), back.dataSync() as Float32Array];
      });
      library.forward(valuesOf(row.shape), options);
      near(gradient, library.backward(dy.slice()), row.cancels);
    });

    test("keeps no tensors", () => {
      const layer = row.tf();
      const inputs = inputsOf(row);
      layer.apply(inputs, { training: true });
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        for (let t = 0; t < 3; t++) layer.apply(inputs, { training: true });
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
