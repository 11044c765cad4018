// One layer at several places of a network: each backward pass is told which forward pass it belongs to.

import { ConcreteDropout, Dropout, dropout, GaussianDropout, key, passKey, stepKey } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";

const K = key(11);
const ones = new Float64Array(64).fill(1);

describe("one Dropout at two places", () => {
  test("goes back through each with the mask that it had there", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    const [first, second] = [layer.forward(ones), layer.forward(ones.subarray(0, 40))];
    expect(layer.backward(ones.subarray(0, 40), { step: 1 })).toEqual(second);
    expect(layer.backward(ones, { step: 0 })).toEqual(first);
    expect(first).toEqual(dropout(ones, { rate: 0.5, key: stepKey(K, 0) }));
  });

  test("keeps the rate of each pass", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    const first = layer.forward(ones);
    layer.rate = 0.25;
    layer.forward(ones);
    expect(layer.backward(ones, { step: 0 })).toEqual(first);
  });

  test("does not take the last mask twice without a word", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    layer.forward(ones);
    layer.forward(ones);
    layer.backward(ones);
    expect(() => layer.backward(ones)).toThrow(
      new Error(
        "Dropout.backward: step is missing; 2 forward passes came before, pass { step } of the one to differentiate, " +
          "or use one layer for each place",
      ),
    );
    const next = layer.forward(ones); // the next step is one place again
    expect(layer.backward(ones)).toEqual(next);
    expect(layer.backward(ones)).toEqual(next);
  });

  test("in mode sample it is the number of the pass", () => {
    const layer = new Dropout({ rate: 0.5, key: K, mode: "sample" });
    layer.forward(ones);
    layer.forward(ones);
    expect(layer.backward(ones, { pass: 0 })).toEqual(dropout(ones, { rate: 0.5, key: passKey(K, 0) }));
    expect(() => layer.backward(ones, { step: 0 })).toThrow(
      new RangeError("Dropout.backward: step must be that of a forward pass, got 0"),
    );
  });

  test("works for continuous noise and on a foreign stream", () => {
    for (const layer of [new GaussianDropout({ rate: 0.5, key: K }), new Dropout({ rate: 0.5, stream: torchCpu(1) })]) {
      const first = layer.forward(ones);
      layer.forward(ones);
      expect(layer.backward(ones, { step: 0 })).toEqual(first);
    }
  });

  test("a pass too long ago is an error that names those that are remembered", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    for (let t = 0; t < 40; t++) layer.forward([1]);
    expect(() => layer.backward([1], { step: 7 })).toThrow(
      /^Dropout\.backward: step must be one that is remembered \(8, 9, .*39\), got 7$/,
    );
    expect(layer.backward([1], { step: 8 })).toHaveLength(1);
  });

  test("a layer that learns keeps its input of the last pass alone, and says so", () => {
    const layer = new ConcreteDropout({ rate: 0.5, key: K });
    layer.forward(ones);
    layer.forward(ones);
    expect(() => layer.backward(ones, { step: 0 })).toThrow(
      new RangeError("ConcreteDropout.backward: step must be one that is remembered (1), got 0"),
    );
  });
});
