// Our streams beside the libraries that run here: @jax-js/jax and @tensorflow/tfjs, called in this test, with seeds,
// sizes and rates that no vector has. The Python libraries are compared by oracles/streams.py.
import type { random as JaxRandom } from "@jax-js/jax";
import * as tf from "@tensorflow/tfjs";
import { Dropout, unpackMask } from "hadamask";
import { jaxBernoulli, jaxBits, jaxKey, jaxSplit, jaxUniform, tfjs } from "hadamask/streams";
import { beforeAll, describe, expect, test } from "vitest";

const SIZES = [1, 2, 31, 32, 33, 255, 256, 257, 5000];
const RATES = [0.1, 0.25, 0.5, 0.7, 0.9, 1 / 3, 2 ** -24, 1 - 2 ** -24, 0.999];

describe("jax-js, live", () => {
  let random: typeof JaxRandom;
  beforeAll(async () => {
    globalThis.navigator ??= {} as Navigator; // jax-js looks for WebGPU there; Node 20 has none
    ({ random } = await import("@jax-js/jax"));
  });
  const seeds = [0, 1, 42, 123456789, 2 ** 31 - 1];

  test("gives the same bits, whatever the size", () => {
    for (const seed of seeds) {
      for (const n of SIZES) {
        const theirs = random.bits(random.key(seed), [n]).dataSync();
        expect([...jaxBits(jaxKey(seed), n)], `seed ${seed}, ${n}`).toEqual(
          [...theirs].map((word) => Number(word) >>> 0),
        );
      }
    }
  });

  test("splits a key into the same keys", () => {
    for (const seed of seeds) {
      const theirs = [...random.split(random.key(seed), 5).dataSync()].map((word) => Number(word) >>> 0);
      expect(jaxSplit(jaxKey(seed), 5).flat()).toEqual(theirs);
    }
  });

  test("gives the same uniforms", () => {
    for (const seed of seeds) {
      expect(jaxUniform(jaxKey(seed), 1000)).toEqual(random.uniform(random.key(seed), [1000]).dataSync());
    }
  });

  test("keeps the same elements at rates on both sides of every rounding", () => {
    for (const [i, rate] of RATES.entries()) {
      const theirs = random.bernoulli(random.key(i), 1 - rate, [5000]).dataSync();
      expect([...unpackMask(jaxBernoulli(jaxKey(i), 1 - rate, 5000), 5000)], `rate ${rate}`).toEqual(
        [...theirs].map(Number),
      );
    }
  });
});

describe("TensorFlow.js, live", () => {
  beforeAll(async () => {
    await tf.setBackend("cpu");
  });
  const seeds = [0, 7, -3, 42, 2 ** 40, 1.5, "seed", "42", "ü"];
  const dropped = (seed: number | string, rate: number, x: Float32Array) =>
    tf.tidy(() => tf.dropout(tf.tensor1d(x), rate, undefined, seed).dataSync()) as Float32Array;

  test("gives the same uniforms for numbers and strings", () => {
    for (const seed of seeds) {
      const theirs = tf.tidy(() => tf.randomUniform([1000], 0, 1, "float32", seed).dataSync());
      expect(tfjs(seed).uniforms(1000), `seed ${seed}`).toEqual(theirs);
    }
  });

  test("drops and scales the same elements, to the last bit", () => {
    for (const seed of seeds) {
      for (const [i, rate] of RATES.entries()) {
        const n = SIZES[i]!;
        const x = Float32Array.from({ length: n }, (_, j) => Math.sin(j + 1) * 10 ** ((j % 7) - 3));
        const layer = new Dropout({ rate, stream: tfjs(seed) });
        expect([...layer.forward(x)], `seed ${seed}, rate ${rate}`).toEqual([...dropped(seed, rate, x)]);
      }
    }
  });

  test("treats infinities and NaN at dropped places as TensorFlow.js does", () => {
    const x = Float32Array.from({ length: 60 }, (_, i) => [Infinity, -Infinity, NaN, -1, 1, -0][i % 6]!);
    expect([...new Dropout({ rate: 0.5, stream: tfjs(3) }).forward(x)]).toEqual([...dropped(3, 0.5, x)]);
  });
});
