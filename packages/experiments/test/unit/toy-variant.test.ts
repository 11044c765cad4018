// A variant added by the recipe of CONTRIBUTING: a noise, one layer file, one row. Nothing else knows its name.

import { numpy as np } from "@jax-js/jax";
import { type Key, type LayerState, NoiseLayer, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { buildModel } from "../../src/models/build.js";
import { type LayerEntry, ofLayer } from "../../src/variants/of-layer.js";
import { BATCH, HIDDEN, INPUT_RATE, KEY, OPTIONS, RATE, STEP, STEPS, valuesOf } from "../support/variants.js";

/** Multipliers 1 - rate and 1 + rate, turn by turn from a place that the key says. */
class ZigzagDropout extends NoiseLayer {
  readonly rate: number;

  constructor(options: { readonly rate: number; readonly key: Key }) {
    super("ZigzagDropout", options, { options: ["rate"] });
    this.rate = options.rate;
  }

  protected noise() {
    const { rate } = this;
    return {
      mean: () => 1,
      variance: () => rate ** 2,
      evaluated: () => 1,
      sample(out: Float64Array, key: Key, offset: number): void {
        for (let i = 0; i < out.length; i++) out[i] = 1 + rate * ((key[1] + offset + i) % 2 === 0 ? 1 : -1);
      },
    };
  }

  get state(): LayerState {
    return { layer: "ZigzagDropout", ...this.noiseState };
  }
}

const row: LayerEntry = { make: ({ rate, key }) => new ZigzagDropout({ rate, key }), inputs: "same" };

describe.each(["mlp", "cnn", "residual"] as const)("a new multiplying variant in a network of kind %s", (kind) => {
  test("multiplies at every place as its layer does, by its row alone", () => {
    const model = buildModel(kind, { ...OPTIONS, hidden: HIDDEN[kind] });
    const spec = { kind: "none", name: "zigzag", title: "zigzag", rate: RATE, inputRate: INPUT_RATE } as const;
    const variant = ofLayer(row)(spec, model, KEY, STEPS);
    const draws = variant.train(STEP, BATCH);
    for (const place of model.places) {
      const shape = [BATCH, ...place.shape];
      const rate = place.kind === "inputs" ? INPUT_RATE : RATE;
      const layer = new ZigzagDropout({ rate, key: siteKey(KEY, place.name) });
      const ones = new Float32Array(shape.reduce((n, length) => n * length, 1)).fill(1);
      const found = valuesOf(variant.hooks.activations!(np.ones(shape), place, draws, {}));
      expect(found).toEqual(layer.forward(ones, { step: STEP }));
      expect(new Set(found).size).toBe(2);
      const plain = valuesOf(variant.hooks.activations!(np.ones(shape), place, variant.eval(), {}));
      expect(plain).toEqual(ones);
    }
  });
});
