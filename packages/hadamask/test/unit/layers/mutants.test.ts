// Behaviour that no other test noticed when it was broken by hand, each under its own name.

import {
  AlphaDropout,
  AttentionDropout,
  ConcreteDropout,
  DropBlock2D,
  Dropout,
  GaussianDropout,
  keepMask,
  key,
  layerFromState,
  SpatialDropout,
  unpackMask,
  WordDropout,
} from "hadamask";
import { numpyLegacy, torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import type { MaskStream } from "../../../src/random/source.js";

const K = key(5);
const ones = new Float32Array(12).fill(1);

/** A stream that counts what it is asked for, keeps every other element, and multiplies by 5. */
function countingStream(): MaskStream & { readonly requests: object[] } {
  const requests: object[] = [];
  return {
    name: "counting",
    requests,
    keepMask: (n, request) => {
      requests.push({ n, ...request });
      return new Uint32Array(Math.ceil(n / 32))
        .fill(0x55555555)
        .map((w, i) => (i < n >> 5 ? w : w & (2 ** (n % 32) - 1)));
    },
    arithmetic: () => ({ kept: "multiply", factor: 5, dropped: "zero" }),
    snapshot: () => ({ stream: "counting" }),
    restore: () => undefined,
  };
}

describe("a foreign stream", () => {
  test("stands where it was after mode eval: later training masks do not shift", () => {
    const layer = new Dropout({ rate: 0.5, stream: torchCpu(3) });
    const alone = new Dropout({ rate: 0.5, stream: torchCpu(3) });
    layer.eval();
    for (let i = 0; i < 3; i++) layer.forward(ones);
    expect(layer.train().forward(ones)).toEqual(alone.forward(ones));
    const counted = countingStream();
    new Dropout({ rate: 0.5, stream: counted, mode: "eval" }).forward(ones, {});
    new AlphaDropout({ rate: 0.5, stream: counted, mode: "eval" }).forward(ones);
    expect(counted.requests).toEqual([]);
  });

  test("has no part in the product with classic scaling: that is x or +0", () => {
    const layer = new Dropout({ rate: 0.5, scaling: "classic", stream: countingStream() });
    expect([...layer.forward(ones)]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    const inverted = new Dropout({ rate: 0.5, stream: countingStream() });
    expect([...inverted.forward(ones.subarray(0, 3))]).toEqual([5, 0, 5]);
  });

  test('keeps `arithmetic: "ours"` over state and fromState', () => {
    const layer = new Dropout({ rate: 0.5, arithmetic: "ours", stream: countingStream() });
    expect([...layer.forward(ones.subarray(0, 3))]).toEqual([2, 0, 2]);
    const { state } = layer;
    expect(state.arithmetic).toBe("ours");
    const resumed = layerFromState(JSON.parse(JSON.stringify(state)), { stream: countingStream() }) as Dropout;
    expect([...resumed.forward(ones.subarray(0, 3))]).toEqual([2, 0, 2]);
    expect(resumed.state.arithmetic).toBe("ours");
  });

  test("is told whether decisions are shared, and the element type", () => {
    const stream = countingStream();
    new Dropout({ rate: 0.5, stream }).forward(ones);
    new SpatialDropout({ rate: 0.5, sharedAxes: [1], stream }).forward(new Float64Array(12), { shape: [3, 4] });
    expect(stream.requests).toEqual([
      { n: 12, keep: 0.5, dtype: "float32", shared: false },
      { n: 3, keep: 0.5, dtype: "float64", shared: true },
    ]);
  });

  test("of NumPy goes on after eval as well", () => {
    const [layer, alone] = [0, 1].map(() => new Dropout({ rate: 0.3, stream: numpyLegacy(1) }));
    layer!.eval().forward(ones);
    expect(layer!.train().forward(ones)).toEqual(alone!.forward(ones));
  });
});

describe("DropBlock", () => {
  test("takes a rate that changes after the first pass of a shape", () => {
    const options = { blockSize: 2, key: K } as const;
    const x = new Float32Array(2 * 64).fill(1);
    const shape = [2, 1, 8, 8];
    const layer = new DropBlock2D({ ...options, rate: 0.1 });
    layer.forward(x, { shape, step: 0 });
    layer.rate = 0.5;
    const changed = layer.forward(x, { shape, step: 7 });
    expect(changed).toEqual(new DropBlock2D({ ...options, rate: 0.5 }).forward(x, { shape, step: 7 }));
    expect(changed).not.toEqual(new DropBlock2D({ ...options, rate: 0.1 }).forward(x, { shape, step: 7 }));
  });

  test("takes another shape after the first, of as many elements too", () => {
    const x = new Float32Array(64).fill(1);
    const make = () => new DropBlock2D({ rate: 0.3, blockSize: 2, key: K });
    const layer = make();
    layer.forward(x, { shape: [1, 1, 8, 8], step: 0 });
    const wide = { shape: [1, 1, 4, 16], step: 1 };
    expect(layer.forward(x, wide)).toEqual(make().forward(x, wide));
  });
});

describe("rounding", () => {
  test("classic eval in float32 multiplies by keep rounded to float32, and rounds once", () => {
    const layer = new Dropout({ keep: 0.1, scaling: "classic", key: K, mode: "eval" });
    const x = Float32Array.from({ length: 1000 }, (_, i) => Math.fround(1 + i / 997));
    const expected = x.map((value) => Math.fround(value * Math.fround(0.1)));
    expect(layer.forward(x)).toEqual(expected);
    expect(expected, "another rounding would be seen").not.toEqual(x.map((value) => Math.fround(value * 0.1)));
  });
});

describe("masks", () => {
  test("keepMask refuses an output of another length, shorter or longer", () => {
    for (const length of [0, 1, 3]) {
      expect(() => keepMask(40, { rate: 0.5, key: K, out: new Uint32Array(length) })).toThrow(
        new RangeError(`keepMask: out must have 2 elements (32 decisions a word, for 40 elements), got ${length}`),
      );
    }
  });

  test("`layer.mask` is a copy: writing to it changes no gradient", () => {
    const decisions = Uint32Array.of(0b101);
    for (const options of [{ mask: decisions }, {}]) {
      const layer = new Dropout({ rate: 0.5, key: K });
      const y = layer.forward([1, 1, 1], options);
      layer.mask!.fill(0xffffffff);
      expect(layer.backward([1, 1, 1])).toEqual(y);
      expect([...unpackMask(layer.mask!, 3)]).toEqual([...y].map((value) => Math.sign(value)));
    }
    expect([...decisions]).toEqual([0b101]);
  });
});

describe("what else a layer tells of its last pass is a copy", () => {
  test("AttentionDropout's weights: writing to them changes no gradient", () => {
    const layer = new AttentionDropout({ rate: 0.5, key: K });
    layer.forward([1, 2, 3, 4], { shape: [2, 2] });
    const [weights, gradient] = [layer.weights!, layer.backward([1, 0, 0, 1])];
    const before = weights.slice();
    weights.fill(7);
    expect(layer.weights).toEqual(before);
    expect(layer.backward([1, 0, 0, 1])).toEqual(gradient);
  });

  test("WordDropout's mask; one by hand is not written to, exempt words or not", () => {
    const layer = new WordDropout({ rate: 0.5, replacement: 9, tie: "none", exempt: [2], key: K });
    const mask = Uint32Array.of(0b0001);
    expect([...layer.forward([1, 2, 3, 4], { shape: [1, 4], mask })]).toEqual([1, 2, 9, 9]);
    expect([...mask]).toEqual([0b0001]);
    layer.mask!.fill(0);
    expect([...unpackMask(layer.mask!, 4)]).toEqual([1, 1, 0, 0]);
  });
});

describe("learned noise", () => {
  test("penaltyWeight is 0 or more: below is an error that changes nothing", () => {
    const layer = new ConcreteDropout({ rate: 0.2, key: K });
    layer.forward([1, 2]);
    for (const weight of [-1e-9, -0.5, -1, Number.NaN]) {
      expect(() => layer.backward([1, 1], { penaltyWeight: weight })).toThrow(
        new RangeError(`ConcreteDropout.backward: penaltyWeight must be a finite number at least 0, got ${weight}`),
      );
    }
    const plain = new GaussianDropout({ rate: 0.2, key: K });
    plain.forward([1]);
    expect(() => plain.backward([1], { penaltyWeight: -1 })).toThrow("penaltyWeight must be");
    expect(layer.backward([1, 1], { penaltyWeight: 0 })).toHaveLength(2);
  });

  test("ConcreteDropout charges for weights only if told to: weightRegularizer is 0 by default", () => {
    const layer = new ConcreteDropout({ rate: 0.2, key: K });
    const before = layer.penalty();
    layer.squaredNorm = 1000;
    expect(layer.weightRegularizer).toBe(0);
    expect(layer.penalty()).toBe(before);
    expect(layer.weightPenalty).toBe(0);
  });

  test("ConcreteDropout takes temperature 1, the end of its range, and nothing above", () => {
    expect(new ConcreteDropout({ rate: 0.2, temperature: 1 }).temperature).toBe(1);
    expect(() => new ConcreteDropout({ rate: 0.2, temperature: 1 + 2 ** -52 })).toThrow("above 0 and at most 1");
    expect(() => new ConcreteDropout({ rate: 0.2, temperature: 0 })).toThrow(RangeError);
  });
});
