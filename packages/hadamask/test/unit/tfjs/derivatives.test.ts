// Second derivatives through the layers, keep in place of rate, and what is said of wrong configurations.

import * as tf from "@tensorflow/tfjs";
import { DropBlock2D } from "hadamask";
import { layers, TfDropout } from "hadamask/tfjs";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("second derivatives", () => {
  test.each([
    ["dropout", () => layers.dropout({ rate: 0.5, seed: 1 }), 2],
    ["spatialDropout1d", () => layers.spatialDropout1d({ rate: 0.5, seed: 1 }), 3],
    ["gaussianDropout", () => layers.gaussianDropout({ rate: 0.5, seed: 1 }), 2],
  ] as const)("of the cube of what %s gives are 6 m^3 x", (_, make, rank) => {
    const layer = make();
    const shape = rank === 2 ? [4, 6] : [2, 3, 4];
    const x = tf.tensor(
      Float32Array.from({ length: 24 }, (_unused, i) => 1 + i / 10),
      shape,
    );
    const run = (t: tf.Tensor): tf.Tensor => {
      layer.step = 0;
      return layer.apply(t, { training: true }) as tf.Tensor;
    };
    const m = run(tf.onesLike(x)).dataSync();
    const second = tf.grad((t: tf.Tensor) =>
      tf
        .grad((s: tf.Tensor) => run(s).pow(3).sum())(t)
        .sum(),
    )(x);
    const values = x.dataSync();
    second.dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(6 * m[i]! ** 3 * values[i]!, 2);
    });
    expect(new Set(m).size).toBeGreaterThan(1);
  });

  test("of alpha dropout and additive noise exist", () => {
    for (const layer of [layers.alphaDropout({ rate: 0.5, seed: 1 }), layers.gaussianNoise({ stddev: 0.1, seed: 1 })]) {
      const run = (t: tf.Tensor): tf.Tensor => {
        layer.step = 0;
        return (layer.apply(t, { training: true }) as tf.Tensor).square().sum();
      };
      const second = tf.grad((t: tf.Tensor) => tf.grad(run)(t).sum())(tf.ones([2, 4]));
      expect(Math.max(...second.dataSync())).toBeGreaterThan(0);
    }
  });
});

describe("keep", () => {
  test("stands in place of rate, and both are what was given; saved too", () => {
    const layer = layers.dropout({ keep: 0.9, seed: 1 });
    expect([layer.keep, layers.dropout({ rate: 0.1 }).rate]).toEqual([0.9, 0.1]);
    const config = layer.getConfig();
    expect([config.keep, config.rate]).toEqual([0.9, undefined]);
    const again = TfDropout.fromConfig(TfDropout as never, config) as TfDropout;
    expect(again.keep).toBe(0.9);
    const x = tf.ones([5, 8]);
    const [a, b] = [layer, layers.dropout({ rate: 0.1, seed: 1 })].map((each) => each.apply(x, { training: true }));
    expect((a as tf.Tensor).dataSync()).toEqual((b as tf.Tensor).dataSync());
  });
});

describe("a wrong configuration", () => {
  test.each<[() => unknown, string]>([
    [
      () => layers.dropout(undefined as never),
      "layers.dropout: config must be an object, got undefined; pass { rate: 0.5 }",
    ],
    [
      () => layers.dropBlock2d(undefined as never),
      "layers.dropBlock2d: config must be an object, got undefined; pass { rate: 0.1, blockSize: 7 }",
    ],
    [
      () => layers.dropout({ rate: 0.5, sead: 1 } as never),
      'layers.dropout: unknown option "sead"; did you mean seed?',
    ],
    [() => layers.dropout({ rate: 2 }), "HadamaskDropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %"],
    [() => layers.layerDrop({ rate: -1, layers: [] }), "LayerDrop: rate must be in [0, 1], got -1"],
    [
      () => layers.multiSampleDropout({ rate: 5, samples: 2 }),
      "MultiSampleDropout: rate must be in [0, 1], got 5; pass 0.05 for 5 %",
    ],
    [
      () => layers.attention({} as never),
      "HadamaskAttention: rate is missing; pass { rate } (probability of dropping) or { keep } (1 - rate)",
    ],
    [
      () => layers.dropPath({ rate: 0.5, scaling: "classic" as never }),
      'DropPath: scaling must be "inverted" or "none", got "classic"',
    ],
  ])("names the layer that was called: %#", (call, message) => expect(call).toThrow(message));

  test("is worded by name even where a minifier has renamed the class", () => {
    const name = Object.getOwnPropertyDescriptor(DropBlock2D, "name")!;
    Object.defineProperty(DropBlock2D, "name", { ...name, value: "q" });
    try {
      expect(() => layers.dropBlock2d({ rate: 0.1, blockSize: 3, dataFormat: "NHWC" as never })).toThrow(
        /^DropBlock2D: dataFormat must be/,
      );
    } finally {
      Object.defineProperty(DropBlock2D, "name", name);
    }
  });

  test("dropPath without scaling leaves kept branches as they are", () => {
    const layer = layers.dropPath({ rate: 0.5, scaling: "none", seed: 3 });
    const y = (layer.apply(tf.ones([64, 1]), { training: true }) as tf.Tensor).dataSync();
    expect(new Set(y)).toEqual(new Set([0, 1]));
    expect(layer.getConfig().scaling).toBe("none");
  });
});
