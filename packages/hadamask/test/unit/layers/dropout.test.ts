// Dropout itself: the two functions and what is particular to the layer. What all layers have in common is in
// conformance/.

import { Dropout, dropout, dropoutBackward, foldIn, keepMask, key, split, unpackMask } from "hadamask";
import { numpyLegacy, torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";

const K = key(42);

describe("worked examples of the sources", () => {
  test("000: x = [2, 4, 6], keep 0.5, mask [1, 0, 1], forward and backward", () => {
    expect([...dropout([2, 4, 6], { keep: 0.5, mask: [1, 0, 1] })]).toEqual([4, 0, 12]);
    expect([...dropoutBackward([0.1, 0.2, 0.3], { keep: 0.5, mask: [1, 0, 1] })]).toEqual([0.2, 0, 0.6]);
  });

  test("001: x = [2, 4, 6, 8], rate 0.5, mask [1, 0, 1, 0], forward and backward", () => {
    const options = { rate: 0.5, mask: [1, 0, 1, 0] };
    expect([...dropout([2, 4, 6, 8], options)]).toEqual([4, 0, 12, 0]);
    expect([...dropoutBackward([0.1, 0.2, 0.3, 0.4], options)]).toEqual([0.2, 0, 0.6, 0]);
  });

  test("001: the loss sum(y) of that mask is 16, with gradient [2, 0, 2, 0]", () => {
    const options = { rate: 0.5, mask: [1, 0, 1, 0] };
    expect(dropout([2, 4, 6, 8], options).reduce((sum, y) => sum + y, 0)).toBe(16);
    expect([...dropoutBackward([1, 1, 1, 1], options)]).toEqual([2, 0, 2, 0]);
  });

  test("004: ones at rate 0.6 become 0 or 2.5 in training and stay ones at prediction", () => {
    const layer = new Dropout({ rate: 0.6, key: K });
    const ones = new Float64Array(10_000).fill(1);
    expect(new Set(layer.forward(ones))).toEqual(new Set([0, 2.5]));
    expect(layer.eval().forward(ones)).toEqual(ones);
  });

  test("a layer takes a mask given by hand, and its backward pass uses it", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    expect([...layer.forward([2, 4, 6, 8], { mask: [1, 0, 1, 0] })]).toEqual([4, 0, 12, 0]);
    expect([...layer.backward([0.1, 0.2, 0.3, 0.4])]).toEqual([0.2, 0, 0.6, 0]);
    expect([...layer.mask!]).toEqual([0b101]);
  });

  test("the mask given by hand is copied: changing it later changes nothing", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    const mask = Uint32Array.of(0b0101);
    layer.forward([2, 4, 6, 8], { mask });
    mask[0] = 0;
    expect([...layer.backward([1, 1, 1, 1])]).toEqual([2, 0, 2, 0]);
  });
});

describe("the functions", () => {
  const x = Float64Array.from({ length: 100 }, (_, i) => i + 1);

  test("keep exactly what keepMask keeps, times 1 / keep", () => {
    for (const rate of [0.1, 0.25, 0.5, 0.9]) {
      const bits = unpackMask(keepMask(100, { rate, key: K }), 100);
      const y = dropout(x, { rate, key: K });
      expect([...y]).toEqual([...x].map((value, i) => (bits[i] === 1 ? value * (1 / (1 - rate)) : 0)));
      expect(dropoutBackward(x, { rate, key: K })).toEqual(y);
    }
  });

  test("draw a shard of the mask at an offset", () => {
    const y = dropout(x, { rate: 0.3, key: K });
    for (const [start, end] of [
      [0, 37],
      [37, 64],
      [64, 100],
      [99, 100],
    ] as const) {
      expect(dropout(x.subarray(start, end), { rate: 0.3, key: K, offset: start })).toEqual(y.subarray(start, end));
    }
  });

  test("scale in training or at prediction, never both", () => {
    const options = { rate: 0.2, mask: [1, 0, 1] };
    expect([...dropout([10, 20, 30], { ...options, scaling: "classic" })]).toEqual([10, 0, 30]);
    expect([...dropout([10, 20, 30], { ...options, scaling: "classic", mode: "eval" })]).toEqual([8, 16, 24]);
    expect([...dropout([10, 20, 30], { ...options, mode: "eval" })]).toEqual([10, 20, 30]);
    expect([...dropoutBackward([10, 20, 30], { ...options, scaling: "classic", mode: "eval" })]).toEqual([8, 16, 24]);
    expect([...dropout([10, 20, 30], { ...options, mode: "sample" })]).toEqual([12.5, 0, 37.5]);
  });

  test("in eval need neither key nor mask", () => {
    expect([...dropout([1, 2], { rate: 0.5, mode: "eval" })]).toEqual([1, 2]);
    expect([...dropout([1, Number.POSITIVE_INFINITY], { rate: 1, mode: "eval", scaling: "classic" })]).toEqual([0, 0]);
  });

  test("round once in float32: one product with the rounded scale", () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => Math.fround(Math.sin(i)));
    const y = dropout(values, { rate: 0.3, key: K });
    y.forEach((value, i) => {
      if (value !== 0) expect(value).toBe(Math.fround(values[i]! * Math.fround(1 / (1 - 0.3))));
    });
  });

  test("with shape and shared axes drop whole channels by the mask of the channels", () => {
    const shape = [2, 3, 4];
    const values = new Float64Array(24).fill(1);
    const y = dropout(values, { rate: 0.5, key: K, shape, sharedAxes: [2] });
    const bits = unpackMask(keepMask(6, { rate: 0.5, key: K }), 6);
    expect([...y]).toEqual(Array.from({ length: 24 }, (_, i) => 2 * bits[Math.floor(i / 4)]!));
    const second = dropout(values.subarray(12), { rate: 0.5, key: K, shape: [1, 3, 4], sharedAxes: [2], offset: 3 });
    expect(second).toEqual(y.subarray(12));
  });

  test("with sample ids draw each row under the key of its id", () => {
    const rows = Float64Array.from({ length: 12 }, (_, i) => i + 1);
    const y = dropout(rows, { rate: 0.5, key: K, sampleIds: [7, 3, 9] });
    const reordered = Float64Array.from([...rows.subarray(8), ...rows.subarray(0, 4)]);
    const again = dropout(reordered, { rate: 0.5, key: K, sampleIds: [9, 7] });
    expect([...again]).toEqual([...y.subarray(8), ...y.subarray(0, 4)]);
  });

  test.each([
    [{ rate: 0.5 }, "dropout: key is missing; pass one made with key(seed), for instance key(42)"],
    [{ rate: 0.5, key: K, mask: [1, 1] }, "dropout: pass either key or mask, not both"],
    [
      { rate: 0.5, mask: [1, 1], offset: 1 },
      "dropout: offset goes with key; a mask given by hand begins at the first element",
    ],
    [{ rate: 0.5, mask: [1, 2] }, "dropout: mask[1] must be 0 or 1, got 2"],
    [{ rate: 0.5, mask: [1, Symbol("a")] }, "dropout: mask[1] must be 0 or 1, got Symbol(a)"],
    [{ rate: 0.5, mask: [1] }, "dropout: mask must have 2 elements like the input, got 1"],
    [{ rate: 0.5, key: K, mode: "test" }, 'dropout: mode must be "train", "eval" or "sample", got "test"'],
    [{ rate: 0.5, key: K, offset: -1 }, "dropout: offset must be a whole number in [0, 2^53), got -1"],
    [
      { rate: 0.5, key: K, out: new Float32Array(2) },
      "dropout: out must be a Float64Array like the input, got Float32Array of 2",
    ],
    [{ rate: 0.5, key: K, out: new Float64Array(3) }, "dropout: out must have 2 elements like the input, got 3"],
    [
      { rate: 0.5, key: K, offset: 1, sampleIds: [1] },
      "dropout: pass either offset or sampleIds; the row of an id begins at draw 0",
    ],
    [
      { rate: 0.5, mask: [1, 1], sampleIds: [1] },
      "dropout: sampleIds goes with key; a mask given by hand has no draws by id",
    ],
    [
      { rate: 0.5, key: K, sharedAxes: [0] },
      "dropout: sharedAxes goes with shape; pass { shape: [2, 3, 4] }, the lengths of the axes",
    ],
  ])("say what is wrong with %o", (options, message) => {
    expect(() => dropout([1, 2], options as never)).toThrowError(expect.objectContaining({ message }));
  });

  test("refuse what is no array of numbers, by type and place", () => {
    expect(() => dropout(7 as never, { rate: 0.5, key: K })).toThrowError(
      "dropout: x must be a Float32Array, a Float64Array or an array of numbers, got 7",
    );
    expect(() => dropout([1, "2"] as never, { rate: 0.5, key: K })).toThrowError(
      'dropout: x[1] must be a number, got "2"',
    );
    expect(() => dropoutBackward(new Int32Array(2) as never, { rate: 0.5, key: K })).toThrowError(
      "dropoutBackward: dy must be a Float32Array, a Float64Array or an array of numbers, got Int32Array of 2",
    );
  });

  test("refuse an output that overlaps the input in part", () => {
    const buffer = new Float64Array(10);
    const message = "dropout: out must be the input itself or not overlap it, got a partial overlap";
    expect(() => dropout(buffer.subarray(0, 4), { rate: 0.5, key: K, out: buffer.subarray(2, 6) })).toThrowError(
      message,
    );
  });
});

describe("the layer", () => {
  const ones = new Float64Array(200).fill(1);

  test("backward in eval after training is the identity, and never a stale mask", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    layer.forward(ones);
    layer.eval().forward([1, 2, 3]);
    expect([...layer.backward([0.1, 0.2, 0.3])]).toEqual([0.1, 0.2, 0.3]);
    expect(layer.mask).toBeUndefined();
  });

  test("the mask of the last pass can be read, and is that of the output", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    expect(layer.mask).toBeUndefined();
    const y = layer.forward(ones);
    expect([...unpackMask(layer.mask!, 200)]).toEqual([...y].map((value) => (value === 0 ? 0 : 1)));
    const rows = layer.forward(ones, { sampleIds: [4, 5, 6, 7, 8, 9, 10, 11] }); // 25 decisions a row: not whole words
    expect([...unpackMask(layer.mask!, 200)]).toEqual([...rows].map((value) => (value === 0 ? 0 : 1)));
  });

  test("the rate may change between passes; the gradient keeps that of its forward pass", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    const y = layer.forward(ones);
    layer.rate = 0.25;
    expect(layer.backward(ones)).toEqual(y);
    expect([...unpackMask(layer.mask!, 200)]).toEqual([...y].map((value) => (value === 0 ? 0 : 1)));
    expect(Math.max(...layer.forward(ones))).toBe(4 / 3);
    expect(() => {
      layer.rate = 2;
    }).toThrowError("Dropout: rate must be in [0, 1], got 2; pass 0.02 for 2 %");
    expect(layer.state.rate).toBe(0.25);
  });

  test("one mask for several batches: the same step again", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    const first = layer.forward(ones, { step: 9 });
    expect(layer.forward(ones, { step: 9 })).toEqual(first);
  });

  test("layers with keys of their own have different masks", () => {
    const masks = split(K, 4).map((k) => new Dropout({ rate: 0.5, key: k }).forward(ones).join());
    expect(new Set(masks).size).toBe(4);
    expect(new Dropout({ rate: 0.5, key: foldIn(K, 1) }).forward(ones).join()).toBe(masks[1]);
  });

  test("rate 0.1 and keep 0.9 give the same masks under one key", () => {
    expect(dropout(ones, { rate: 0.1, key: K })).toEqual(dropout(ones, { keep: 0.9, key: K }));
  });
});

describe("a foreign stream in place of a key", () => {
  const ones = new Float32Array(12).fill(1);

  test("gives that framework's masks, call after call, and keeps the mask for backward", () => {
    const layer = new Dropout({ rate: 0.5, stream: torchCpu(42) });
    const alone = torchCpu(42);
    for (let t = 0; t < 3; t++) {
      const bits = unpackMask(alone.keepMask(12, { keep: 0.5 }), 12);
      const y = layer.forward(ones);
      expect([...y]).toEqual([...bits].map((bit) => 2 * bit));
      expect(layer.backward(ones)).toEqual(y);
      expect(layer.backward(ones)).toEqual(y);
    }
    expect([layer.key, layer.step]).toEqual([undefined, 3]);
  });

  test("one stream may serve several layers, in the order of their calls", () => {
    const stream = numpyLegacy(7);
    const [first, second] = [new Dropout({ rate: 0.5, stream }), new Dropout({ rate: 0.5, stream })];
    const alone = numpyLegacy(7);
    const expected = [0, 1].map(() => [...unpackMask(alone.keepMask(12, { keep: 0.5 }), 12)]);
    const masks = [first, second].map((layer) => [...layer.forward(ones)].map((y) => (y === 0 ? 0 : 1)));
    expect(masks).toEqual(expected);
  });

  test("follows the framework's product to the last bit, or ours if asked", () => {
    // PyTorch on the CPU multiplies: a dropped infinity is NaN there, and 0 here.
    const x = new Float32Array(64).fill(Number.POSITIVE_INFINITY);
    const theirs = new Dropout({ rate: 0.5, stream: torchCpu(1) }).forward(x);
    const ours = new Dropout({ rate: 0.5, stream: torchCpu(1), arithmetic: "ours" }).forward(x);
    expect(theirs.some(Number.isNaN)).toBe(true);
    expect(ours.some(Number.isNaN)).toBe(false);
    expect([...ours].map((y) => y === 0)).toEqual([...theirs].map(Number.isNaN));
  });

  test("the state holds the snapshot, and goes on from it on a stream of the same kind", () => {
    const layer = new Dropout({ rate: 0.3, stream: torchCpu(5) });
    layer.forward(ones);
    const state = JSON.parse(JSON.stringify(layer));
    const resumed = Dropout.fromState(state, { stream: torchCpu(0) });
    expect(resumed.forward(ones)).toEqual(layer.forward(ones));
    expect(resumed.step).toBe(2);
    expect(() => Dropout.fromState(state)).toThrowError(/^Dropout.fromState: stream is missing; the state is that of/);
    expect(() => Dropout.fromState(state, { stream: numpyLegacy(0) })).toThrowError();
  });

  test("refuses what a stream cannot do", () => {
    const layer = new Dropout({ rate: 0.5, stream: torchCpu(1) });
    const before = JSON.stringify(layer);
    expect(() => layer.forward(ones, { step: 1 })).toThrowError(
      "Dropout.forward: step goes with key; a stream cannot be asked by number",
    );
    expect(() => layer.forward(ones, { sampleIds: [1, 2] })).toThrowError(
      "Dropout.forward: sampleIds goes with key; a stream has no draws by id",
    );
    expect(JSON.stringify(layer)).toBe(before);
  });
});
