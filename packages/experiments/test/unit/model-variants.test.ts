// What each variant does in its network, against the library's own layer with the same key at the same step.

import { numpy as np } from "@jax-js/jax";
import {
  DropBlock2D,
  Dropout,
  DropPath,
  FeatureAlphaDropout,
  GaussianDropout,
  GaussianNoise,
  type Key,
  LayerDrop,
  linearDepthRates,
  MultiSampleDropout,
  rDropLoss,
  SpatialDropout2D,
  siteKey,
} from "hadamask";
import { describe, expect, test } from "vitest";
import { categorical } from "../../src/models/categorical.js";
import {
  BATCH,
  elementwise,
  INPUT_RATE,
  KEY,
  type MaskedLayer,
  mostApart,
  multipliersAt,
  onesOf,
  RATE,
  STEP,
  valuesOf,
  withVariant,
} from "../support/variants.js";

const LAYERS: Readonly<Record<string, (at: Key) => MaskedLayer>> = {
  bernoulli: (at) => elementwise(at, RATE),
  channel: (at) => new SpatialDropout2D({ rate: RATE, key: at }),
  "drop-block": (at) => new DropBlock2D({ rate: RATE, blockSize: 3, dataFormat: "channels-last", key: at }),
  gaussian: (at) => {
    const layer = new GaussianDropout({ rate: RATE, key: at });
    return { forward: (x, { step }) => layer.forward(x, { step }) };
  },
};

describe("the variants of a cnn", () => {
  test.each(["bernoulli", "channel", "drop-block", "gaussian"])(
    "%s multiplies maps as the layer of the library does, to the bit",
    (name) => {
      const [, ...maps] = multipliersAt("cnn", name);
      expect(maps.map(({ place }) => place.name)).toEqual(["maps1", "maps2"]);
      for (const { place, shape, values } of maps) {
        const ones = onesOf(values.length);
        expect(values).toEqual(LAYERS[name]!(siteKey(KEY, place.name)).forward(ones, { step: STEP, shape }));
      }
    },
  );

  test.each(["bernoulli", "channel", "drop-block"])("%s drops inputs one by one at the input rate", (name) => {
    const [input] = multipliersAt("cnn", name);
    const expected = elementwise(siteKey(KEY, "input"), INPUT_RATE);
    expect(input!.values).toEqual(expected.forward(onesOf(BATCH * 24), { step: STEP, shape: [] }));
  });

  test("channel drops a map of a row whole or not at all, and drop-block drops whole squares", () => {
    const [, maps] = multipliersAt("cnn", "channel");
    const [height, width, count] = maps!.place.shape as [number, number, number];
    const kept = Array.from({ length: BATCH * count }, (_, at) => {
      const [row, map] = [Math.floor(at / count), at % count];
      const ofMap = Array.from(
        { length: height * width },
        (_, i) => maps!.values[(row * height * width + i) * count + map]!,
      );
      expect(new Set(ofMap).size).toBe(1);
      return ofMap[0] !== 0;
    });
    expect(new Set(kept)).toEqual(new Set([true, false]));
    const [, blocks] = multipliersAt("cnn", "drop-block");
    const isDropped = (row: number, i: number, j: number, map: number): boolean =>
      blocks!.values[((row * height + i) * width + j) * count + map] === 0;
    blocks!.values.forEach((value, at) => {
      if (value !== 0) return;
      const [map, j] = [at % count, Math.floor(at / count) % width];
      const [i, row] = [Math.floor(at / count / width) % height, Math.floor(at / count / width / height)];
      const corners = [0, 1, 2].flatMap((up) => [0, 1, 2].map((left) => [i - up, j - left] as const));
      const isSquare = ([top, left]: readonly [number, number]): boolean =>
        top >= 0 &&
        left >= 0 &&
        top + 3 <= height &&
        left + 3 <= width &&
        [0, 1, 2].every((down) => [0, 1, 2].every((right) => isDropped(row, top + down, left + right, map)));
      expect(corners.some(isSquare)).toBe(true);
    });
  });
});

describe("variants of any network of units", () => {
  test.each([
    ["early", 5, 1],
    ["early", 6, 0],
    ["late", 5, 0],
    ["late", 6, 1],
    ["linear", 0, 0],
    ["linear", 3, 0.5],
    ["linear", 11, 1],
  ])("%s at step %i of 12 drops at %d times its rates, with the masks of that step", (name, step, share) => {
    const places = multipliersAt("mlp", name, step);
    expect(places.map(({ place }) => place.name)).toEqual(["input", "hidden1"]);
    for (const { place, values } of places) {
      const rate = share * (place.kind === "inputs" ? INPUT_RATE : RATE);
      const layer = new Dropout({ rate, key: siteKey(KEY, place.name) });
      expect(values).toEqual(layer.forward(onesOf(values.length), { step }));
    }
  });

  test("r-drop passes each row twice, with masks of its own, and its loss is that of rDropLoss", () => {
    const { model, variant, draws } = withVariant("mlp", "r-drop");
    const [input, hidden] = model.places;
    const twice = valuesOf(variant.hooks.activations!(np.ones([BATCH, 24]), input!, draws, {}));
    const inputs = new Dropout({ rate: INPUT_RATE, key: siteKey(KEY, "input") });
    expect(twice).toEqual(inputs.forward(onesOf(2 * BATCH * 24), { step: STEP }));
    const units = valuesOf(variant.hooks.activations!(np.ones([2 * BATCH, 7]), hidden!, draws, {}));
    expect(units).toEqual(
      new Dropout({ rate: RATE, key: siteKey(KEY, "hidden1") }).forward(onesOf(2 * BATCH * 7), { step: STEP }),
    );
    expect(variant.hooks.activations!(np.ones([BATCH, 24]), input!, variant.eval(), {}).shape).toEqual([BATCH, 24]);

    const logits = Float32Array.from({ length: 2 * BATCH * 3 }, (_, i) => Math.sin(i * i));
    const labels = [0, 2, 1, 1, 0];
    const targets = Float32Array.from({ length: BATCH * 3 }, (_, i) => (labels[Math.floor(i / 3)] === i % 3 ? 1 : 0));
    const [loss, nll] = variant.hooks.loss!(
      np.array(logits, { shape: [2 * BATCH, 3] }),
      np.array(targets, { shape: [BATCH, 3] }),
      categorical(3),
    );
    const own = rDropLoss(logits.subarray(0, BATCH * 3), logits.subarray(BATCH * 3), labels, { weight: 1 });
    expect(loss.item()).toBeCloseTo(own.loss, 5); // float32 against float64
    expect(nll.item()).toBeCloseTo(own.nll / 2, 5);
  });

  test("multi-sample drops 8 copies of the last hidden layer as MultiSampleDropout, and averages their loss", () => {
    const { model, variant, draws } = withVariant("mlp", "multi-sample");
    const last = model.places.at(-1)!;
    const h = Float32Array.from({ length: BATCH * 7 }, (_, i) => i + 1);
    const shape = [BATCH, 7];
    const layer = new MultiSampleDropout({ rate: RATE, samples: 8, key: siteKey(KEY, last.name) });
    const dropped = variant.hooks.activations!(np.array(h, { shape }), last, draws, {});
    expect(valuesOf(dropped)).toEqual(layer.forward(h, { step: STEP }));
    expect(valuesOf(variant.hooks.activations!(np.array(h, { shape }), last, variant.eval(), {}))).toEqual(h);

    const logits = Float32Array.from({ length: 8 * 2 * 3 }, (_, i) => Math.sin(i * i));
    const y = np.array(Float32Array.of(1, 0, 0, 0, 1, 0), { shape: [2, 3] });
    const [loss] = variant.hooks.loss!(np.array(logits, { shape: [16, 3] }), y, categorical(3));
    const rows = Array.from({ length: 16 }, (_, row) => {
      const own = logits.subarray(3 * row, 3 * row + 3);
      return Math.log(own.reduce((sum, z) => sum + Math.exp(z), 0)) - own[row % 2]!;
    });
    expect(loss.item()).toBeCloseTo(rows.reduce((sum, nll) => sum + nll) / 16, 5);
  });

  test("gaussian-noise adds what GaussianNoise adds, to the bit", () => {
    for (const { place, values } of multipliersAt("mlp", "gaussian-noise")) {
      const layer = new GaussianNoise({ deviation: RATE, key: siteKey(KEY, place.name) });
      const added = layer.forward(new Float32Array(values.length), { step: STEP });
      expect(values).toEqual(added.map((value) => 1 + value));
    }
  });

  test("feature-alpha does to maps what FeatureAlphaDropout does, to rounding", () => {
    const [, ...maps] = multipliersAt("cnn", "feature-alpha");
    for (const { place, shape, values } of maps) {
      const layer = new FeatureAlphaDropout({ rate: RATE, dataFormat: "channels-last", key: siteKey(KEY, place.name) });
      const expected = layer.forward(onesOf(values.length), { step: STEP, shape });
      expect(mostApart(values, expected)).toBeLessThan(1e-6);
      expect(new Set(values).size).toBe(2);
    }
  });
});

describe("the variants of a residual network", () => {
  /** What the variant makes of ones where block `block` adds to the stream. */
  const branches = (name: string): Float32Array[] => {
    const { model, variant, draws } = withVariant("residual", name);
    return Array.from({ length: model.blocks }, (_, block) =>
      valuesOf(variant.hooks.branch!(np.ones([BATCH, 7]), block, draws)),
    );
  };

  test("drop-path drops a block for a row as DropPath does, at rates that grow with depth", () => {
    const rates = linearDepthRates(3, { first: RATE / 3, last: RATE });
    branches("drop-path").forEach((values, block) => {
      const layer = new DropPath({ rate: rates[block]!, key: siteKey(KEY, `branch${block + 1}`) });
      expect(values).toEqual(layer.forward(onesOf(BATCH * 7), { step: STEP, shape: [BATCH, 7] }));
    });
  });

  test("layer-drop leaves out for the whole batch what LayerDrop leaves out, and scales nothing", () => {
    const same = { forward: <X>(x: X): X => x, backward: <X>(dy: X): X => dy };
    const { model, variant } = withVariant("residual", "layer-drop");
    const stack = new LayerDrop({ rate: RATE, layers: [same, same, same], key: siteKey(KEY, "layers") });
    const seen = new Set<number>();
    for (let step = 0; step < 6; step++) {
      stack.forward(onesOf(1), { step });
      const draws = variant.train(step, BATCH);
      for (let block = 0; block < model.blocks; block++) {
        const kept = (stack.mask![0]! >>> block) & 1;
        seen.add(kept);
        expect(valuesOf(variant.hooks.branch!(np.ones([BATCH, 7]), block, draws))).toEqual(
          onesOf(BATCH * 7).fill(kept),
        );
      }
    }
    expect(seen.size).toBe(2);
  });
});
