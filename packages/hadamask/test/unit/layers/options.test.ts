// What a layer makes of what it is given: names it does not know, nothing at all, and the number that it was told.

import { inspect } from "node:util";
import {
  AlphaDropout,
  ConcreteDropout,
  DropConnect,
  Dropout,
  Dropout2d,
  DropPath,
  dropEdges,
  dropout,
  GaussianDropout,
  GaussianNoise,
  keepMask,
  key,
  layerFromState,
  MaskLayer,
  UniformDropout,
} from "hadamask";
import { describe, expect, test } from "vitest";

const K = key(7);
const bad = (value: unknown): never => value as never;

describe("an unknown option", () => {
  test.each<[string, () => unknown, string]>([
    [
      "misspelt",
      () => new Dropout(bad({ rate: 0.5, scalling: "classic" })),
      'Dropout: unknown option "scalling"; did you mean scaling?',
    ],
    [
      "with two letters swapped",
      () => new DropPath(bad({ rate: 0.5, kye: K })),
      'DropPath: unknown option "kye"; did you mean key?',
    ],
    [
      "of another library",
      () => dropout([1], bad({ rate: 0.5, key: K, training: false })),
      'dropout: unknown option "training"; did you mean mode?',
    ],
    ["PyTorch's p", () => new Dropout2d(bad({ p: 0.5 })), 'Dropout2d: unknown option "p"; did you mean rate?'],
    [
      "with nothing near",
      () => keepMask(8, bad({ rate: 0.5, key: K, banana: 1 })),
      'keepMask: unknown option "banana"; it takes rate, keep, key, offset, out',
    ],
    [
      "of a pass",
      () => new Dropout({ rate: 0.5 }).forward([1], bad({ stp: 3 })),
      'Dropout.forward: unknown option "stp"; did you mean step?',
    ],
    [
      "of a backward pass",
      () => {
        const layer = new Dropout({ rate: 0.5 });
        layer.forward([1]);
        layer.backward([1], bad({ mask: [1] }));
      },
      'Dropout.backward: unknown option "mask"; it takes out, penaltyWeight, step, pass, final',
    ],
    [
      "named as a property of objects",
      () => new Dropout(bad({ rate: 0.5, constructor: 1 })),
      'Dropout: unknown option "constructor"; it takes rate, keep, scaling, arithmetic, key, mode, stream',
    ],
    [
      "named __proto__",
      () => new GaussianNoise(bad(JSON.parse('{"deviation":1,"__proto__":1}'))),
      'GaussianNoise: unknown option "__proto__"; it takes deviation, sharedAxes, key, mode, stream',
    ],
    [
      "of a function of graphs",
      () => dropEdges({ source: [0], target: [1] }, bad({ rate: 0.5, key: K, undirected: true })),
      'dropEdges: unknown option "undirected"; did you mean isUndirected?',
    ],
  ])("%s is an error that says what was meant", (_, call, message) => {
    expect(call).toThrow(new TypeError(message));
  });

  test("that is undefined counts as not given", () => {
    expect(new Dropout(bad({ rate: 0.5, training: undefined })).rate).toBe(0.5);
  });

  test("may be declared by a layer of one's own", () => {
    class Mine extends MaskLayer {
      constructor(options: { rate: number; colour: string }) {
        super("Mine", options as never, { options: ["colour"], pass: ["mood"] });
      }
      forward(x: readonly number[], options: object = {}): Float64Array {
        return this.masked(x, options, {});
      }
      get state(): never {
        return { layer: "Mine", ...this.maskState } as never;
      }
    }
    const layer = new Mine({ rate: 0, colour: "red" });
    expect([...layer.forward([1, 2], { mood: "calm" })]).toEqual([1, 2]);
    expect(() => layer.forward([1], { mod: "calm" })).toThrow('Mine.forward: unknown option "mod"; did you mean mood?');
  });
});

describe("options that are missing", () => {
  test.each<[() => unknown, string]>([
    [
      () => new Dropout(bad(undefined)),
      "Dropout: options must be an object, got undefined; it takes rate, keep, scaling, arithmetic, key, mode, stream",
    ],
    [() => new Dropout(bad(0.5)), "Dropout: options must be an object, got 0.5; pass { rate: 0.5 }"],
    [
      () => new DropPath(bad(undefined)),
      "DropPath: options must be an object, got undefined; it takes rate, keep, scaling, arithmetic, per, key, " +
        "mode, stream",
    ],
    [() => new ConcreteDropout(bad(null)), "ConcreteDropout: options must be an object, got null; pass { rate }"],
    [
      () => dropout([1], bad(undefined)),
      "dropout: options must be an object, got undefined; it takes rate, keep, key, mask, offset, sampleIds, " +
        "shape, sharedAxes, mode, scaling, out",
    ],
    [
      () => new Dropout2d({ rate: 0.5 }).forward([1], bad(undefined)),
      "Dropout2d.forward: shape is missing; pass { shape: [2, 3, 4] }, the lengths of the axes of x",
    ],
    [
      () => new Dropout2d({ rate: 0.5 }).forward([1], bad(null)),
      "Dropout2d.forward: shape is missing; pass { shape: [2, 3, 4] }, the lengths of the axes of x",
    ],
    [
      () => new Dropout2d({ rate: 0.5 }).forward([1], bad({ shape: 5 })),
      "Dropout2d.forward: shape must be an array of lengths, got 5",
    ],
    [
      () => new DropPath({ rate: 0.5 }).forward([1], bad({ shape: 5 })),
      "DropPath.forward: shape must be an array of lengths, got 5",
    ],
    [
      () => new Dropout({ rate: 0.5 }).forward([1], bad(3)),
      "Dropout.forward: options must be an object, got 3; pass { mask }",
    ],
  ])("give our sentence: %#", (call, message) => expect(call).toThrow(new TypeError(message)));

  test("a layer name that is a property of objects is no layer", () => {
    for (const layer of ["constructor", "__proto__", "toString"]) {
      expect(() => layerFromState({ layer, mode: "train", step: 0, pass: 0 })).toThrow(
        new RangeError(`layerFromState: state.layer must be the name of a layer, got "${layer}"`),
      );
    }
  });
});

describe("a rate", () => {
  test.each<
    [
      string,
      (options: { rate: number; key: typeof K } | { keep: number; key: typeof K }) => {
        rate: number;
        keep: number;
        state: object;
      },
    ]
  >([
    ["Dropout", (options) => new Dropout(options)],
    ["AlphaDropout", (options) => new AlphaDropout(options)],
    ["GaussianDropout", (options) => new GaussianDropout(options)],
    ["UniformDropout", (options) => new UniformDropout(options)],
    ["DropConnect", (options) => new DropConnect({ ...options, inputs: 1, weights: [1] })],
  ])("of %s is what was given, and so is a keep; after JSON too", (_, make) => {
    for (let i = 0; i <= 100; i++) {
      const given = i / 100;
      const layer = make({ rate: given, key: K });
      expect(layer.rate).toBe(given);
      expect(make({ keep: given, key: K }).keep).toBe(given);
      const resumed = layerFromState(JSON.parse(JSON.stringify(layer.state))) as unknown as typeof layer;
      expect([resumed.rate, resumed.keep]).toEqual([layer.rate, layer.keep]);
      expect(resumed.state).toEqual(layer.state);
    }
  });

  test("that is set is what it was set to", () => {
    const layer = new Dropout({ keep: 0.3, key: K });
    layer.rate = 0.1;
    expect([layer.rate, layer.keep, (layer.state as { rate?: number }).rate]).toEqual([0.1, 0.9, 0.1]);
  });
});

describe("in the console", () => {
  test("a layer shows rate, mode and step", () => {
    const layer = new Dropout({ rate: 0.1, key: K });
    layer.forward([1, 2]);
    expect(inspect(layer)).toBe("Dropout(rate 0.1, scaling inverted, mode train, step 1, pass 0)");
    expect(inspect({ layer })).toContain("Dropout(rate 0.1");
    expect(Object.keys(layer)).not.toContain("toString");
  });
});

describe("train(isTraining)", () => {
  test("sets eval for false, as PyTorch does, and refuses what is neither", () => {
    const layer = new Dropout({ rate: 0.5, key: K });
    expect(layer.train(false).mode).toBe("eval");
    expect(layer.train(true).mode).toBe("train");
    expect(layer.eval().train().mode).toBe("train");
    expect(() => layer.train(bad("eval"))).toThrow(
      new TypeError('Dropout.train: isTraining must be true or false, got "eval"'),
    );
  });
});
