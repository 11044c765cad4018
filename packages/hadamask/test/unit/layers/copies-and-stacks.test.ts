// Multi-sample dropout and LayerDrop beyond what every layer has to do.

import { Dropout, keepMask, key, LayerDrop, MultiSampleDropout, sampleKey, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";
import { deriveKey, TAG } from "../../../src/random/derive.js";

describe("MultiSampleDropout", () => {
  const x = Float64Array.from({ length: 12 }, (_, i) => i + 1);

  test("copy s of element i takes decision s * n + i", () => {
    const layer = new MultiSampleDropout({ rate: 0.5, samples: 3, key: key(1) });
    const y = layer.forward(x, { step: 5 });
    const bits = unpackMask(keepMask(36, { rate: 0.5, key: deriveKey(key(1), TAG.step, 5) }), 36);
    expect([...y]).toEqual(Array.from(bits, (bit, j) => 2 * bit * x[j % 12]!));
  });

  test("with ids a row's copies depend on its id alone", () => {
    const layer = new MultiSampleDropout({ rate: 0.5, samples: 2, key: key(1) });
    const both = layer.forward(x, { sampleIds: [9, 4], step: 0 });
    const alone = layer.forward(x.slice(6), { sampleIds: [4], step: 0 });
    expect([...alone]).toEqual([...both.slice(6, 12), ...both.slice(18, 24)]);
    const bits = unpackMask(keepMask(12, { rate: 0.5, key: sampleKey(deriveKey(key(1), TAG.step, 0), 4) }), 12);
    expect([...alone]).toEqual(Array.from(bits, (bit, j) => 2 * bit * x[6 + (j % 6)]!));
  });

  test("rate 0 gives equal copies, rate 1 zeros; the gradient is the sum over the copies", () => {
    const equal = new MultiSampleDropout({ rate: 0, samples: 2 });
    expect([...equal.forward([1, 2])]).toEqual([1, 2, 1, 2]);
    expect([...equal.backward([1, 2, 10, 20])]).toEqual([11, 22]);
    const none = new MultiSampleDropout({ rate: 1, samples: 2 });
    expect([...none.forward([Number.NaN, 2])]).toEqual([0, 0, 0, 0]);
    expect([...none.backward([1, Number.NaN, 10, 20])]).toEqual([0, 0]);
  });

  test("classic scaling leaves kept elements as they are and multiplies by keep in eval", () => {
    const layer = new MultiSampleDropout({ rate: 0.25, samples: 2, scaling: "classic" });
    expect([...layer.forward([4, 8], { mask: [1, 0, 1, 1] })]).toEqual([4, 0, 4, 8]);
    expect([...layer.eval().forward([4, 8])]).toEqual([3, 6]);
  });
});

describe("LayerDrop", () => {
  test("layer l runs if element l of the mask is 1; layers that are left out do not count the pass", () => {
    const layers = Array.from({ length: 8 }, (_, l) => new Dropout({ rate: 0.5, key: key(100 + l) }));
    const stack = new LayerDrop({ rate: 0.5, layers, key: key(1) });
    stack.forward(new Float64Array(4), { step: 3 });
    const expected = unpackMask(keepMask(8, { rate: 0.5, key: deriveKey(key(1), TAG.step, 3) }), 8);
    expect([...unpackMask(stack.mask!, 8)]).toEqual([...expected]);
    expect(layers.map((layer) => layer.step)).toEqual([...expected]);
  });

  test("goes back through the layers that ran, in reverse", () => {
    const seen: string[] = [];
    const layer = (name: string) => ({
      forward: (x: Float32Array | Float64Array) => x,
      backward: (dy: Float32Array | Float64Array) => {
        seen.push(name);
        return dy;
      },
    });
    const stack = new LayerDrop({ rate: 0.5, layers: ["a", "b", "c"].map(layer) });
    stack.forward([1], { mask: [1, 0, 1] });
    stack.backward([1]);
    expect(seen).toEqual(["c", "a"]);
  });

  test("runs all layers in eval and with none gives the input, in an array of its own", () => {
    const x = Float64Array.of(1, 2);
    const empty = new LayerDrop({ rate: 0.5, layers: [] });
    expect(empty.forward(x)).toEqual(x);
    expect(empty.forward(x)).not.toBe(x);
    expect(new LayerDrop({ rate: 1, layers: [new Dropout({ rate: 0 })], mode: "eval" }).forward(x)).toEqual(x);
  });

  test("takes the rate of a schedule between passes", () => {
    const stack = new LayerDrop({ rate: 0.5, layers: [{ forward: (x) => x.map(() => 9), backward: (dy) => dy }] });
    stack.rate = 1;
    expect([...stack.forward([1])]).toEqual([1]);
    stack.rate = 0;
    expect([...stack.forward([1])]).toEqual([9]);
    expect([stack.rate, stack.keep]).toEqual([0, 1]);
  });
});
