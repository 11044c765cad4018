// Half precision: conversions at every bit pattern and between every two, and dropout of it.

import {
  AlphaDropout,
  backwardFloat16,
  ConcreteDropout,
  DropConnect,
  Dropout,
  DropoutGRU,
  dropout,
  dropoutFloat16,
  dropoutFloat16Backward,
  type Float16ArrayLike,
  forwardFloat16,
  fromFloat16,
  GaussianDropout,
  keepMask,
  key,
  type OneArrayLayer,
  SpatialDropout,
  toFloat16,
  unpackMask,
} from "hadamask";
import { describe, expect, test } from "vitest";

const K = key(3);

/** Node 20 has no `Float16Array`: this stands for it, with its name, its memory and its constructor. */
class Half {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset = 0;
  readonly length: number;
  constructor(buffer: ArrayBufferLike) {
    this.buffer = buffer;
    this.length = buffer.byteLength / 2;
  }
  get [Symbol.toStringTag]() {
    return "Float16Array" as const;
  }
}
const Native = (globalThis as { Float16Array?: typeof Half }).Float16Array ?? Half;

const all = Uint16Array.from({ length: 0x7c01 }, (_, i) => i); // from +0 to infinity

describe("conversions", () => {
  test("known numbers", () => {
    const known: readonly (readonly [number, number])[] = [
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
    ];
    for (const [bits, value] of known) {
      expect(fromFloat16(Uint16Array.of(bits))[0]).toBe(value);
      expect(toFloat16([value])[0]).toBe(bits);
    }
    expect(fromFloat16(Uint16Array.of(0x7e01))[0]).toBeNaN();
    expect([...toFloat16([Number.NaN, -0, 1e9, -65520])]).toEqual([0x7e00, 0x8000, 0x7c00, 0xfc00]);
  });

  test("refuse what is no array of their kind, or has another length", () => {
    const odd: readonly (readonly [() => unknown, string])[] = [
      [() => fromFloat16([1] as never), "fromFloat16: bits must be a Uint16Array, got an array of 1"],
      [() => fromFloat16(all, 5 as never), "fromFloat16: out must be a Float32Array, got 5"],
      [
        () => fromFloat16(Uint16Array.of(1, 2), new Float32Array(3)),
        "fromFloat16: out must have 2 elements like the input, got 3",
      ],
      [() => toFloat16("1" as never), 'toFloat16: values must be an array of numbers, got "1"'],
      [() => toFloat16([1n] as never), "toFloat16: values must be an array of numbers, got an array of 1"],
      [() => toFloat16([1], [] as never), "toFloat16: out must be a Uint16Array, got an array of 0"],
    ];
    for (const [call, message] of odd) expect(call).toThrow(message);
  });

  test("every number of half precision survives, in float32 and float64, with either sign", () => {
    const values = fromFloat16(all);
    expect(toFloat16(values)).toEqual(all);
    expect(toFloat16(Float64Array.from(values))).toEqual(all);
    expect(toFloat16(values.map((v) => -v))).toEqual(all.map((bits) => bits | 0x8000));
  });

  test("between two neighbours the nearer one is taken, and the even one in the middle", () => {
    const values = fromFloat16(all);
    for (let i = 0; i + 1 < 0x7c00; i++) {
      const middle = (values[i]! + values[i + 1]!) / 2; // exact in float64, and in float32
      const even = i % 2 === 0 ? i : i + 1;
      const [below, above] = [middle * (1 - 2 ** -20), middle * (1 + 2 ** -20)];
      const found = [
        ...toFloat16(Float64Array.of(below, middle, above)),
        ...toFloat16(Float32Array.of(below, middle, above)),
      ];
      if (String(found) !== String([i, even, i + 1, i, even, i + 1]))
        expect.fail(`between ${i} and ${i + 1}: ${found}`);
    }
  });
});

describe("dropout", () => {
  const x = toFloat16(Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) * 100));

  test.each([0.1, 0.3, 0.5])("at rate %s: the mask of dropout, scale and product rounded once each", (rate) => {
    const options = { rate, key: K };
    const bits = unpackMask(keepMask(500, options), 500);
    const scale = fromFloat16(toFloat16([1 / (1 - rate)]))[0]!;
    const exact = Float64Array.from(fromFloat16(x), (v, i) => (bits[i] === 1 ? v * scale : 0));
    const y = dropoutFloat16(x, options);
    expect(y).toBeInstanceOf(Uint16Array);
    expect(y).toEqual(toFloat16(exact));
    expect(dropoutFloat16Backward(x, options)).toEqual(y);
    const single = dropout(fromFloat16(x), options);
    expect([...y].map((h) => (h & 0x7fff) === 0)).toEqual([...single].map((v) => v === 0));
  });

  test("drops NaN and infinity to +0, copies at rate 0 and in eval, and writes to out", () => {
    const odd = Uint16Array.of(0x7e00, 0x7c00, 0xfc00, 0x8000);
    expect([...dropoutFloat16(odd, { rate: 1, key: K })]).toEqual([0, 0, 0, 0]);
    expect([...dropoutFloat16(odd, { rate: 0, key: K })]).toEqual([...odd]);
    expect([...dropoutFloat16(x, { rate: 0.5, mode: "eval" })]).toEqual([...x]);
    const out = new Uint16Array(500);
    expect(dropoutFloat16(x, { rate: 0.5, key: K, out })).toBe(out);
    expect(out).toEqual(dropoutFloat16(x, { rate: 0.5, key: K }));
    expect(x).toEqual(toFloat16(Float64Array.from({ length: 500 }, (_, i) => Math.sin(i) * 100)));
  });

  test("gives a Float16Array for one, where the engine has it or something of its kind", () => {
    const y = dropoutFloat16(new Native(x.slice().buffer) as unknown as Float16ArrayLike, { rate: 0.5, key: K });
    expect(y).toBeInstanceOf(Native);
    expect(new Uint16Array(y.buffer)).toEqual(dropoutFloat16(x, { rate: 0.5, key: K }));
  });

  test("says what is wrong", () => {
    expect(() => dropoutFloat16(new Float32Array(2) as never, { rate: 0.5, key: K })).toThrow(
      new TypeError("dropoutFloat16: x must be a Uint16Array of bits or a Float16Array, got Float32Array of 2"),
    );
    expect(() => dropoutFloat16(x, { rate: 0.5, key: K, out: new Uint16Array(3) })).toThrow(
      "dropoutFloat16: out must have 500 elements like the input, got 3",
    );
    expect(() => dropoutFloat16(x, { rate: 2, key: K })).toThrow("dropoutFloat16: rate must be in [0, 1], got 2");
  });
});

describe("layers on half precision", () => {
  const x = toFloat16(Float64Array.from({ length: 24 }, (_, i) => Math.cos(i)));
  const dy = toFloat16(Float64Array.from({ length: 24 }, (_, i) => i / 7));
  const shape = [2, 3, 4];
  const weights = Float32Array.from({ length: 24 }, (_, i) => Math.sin(i));

  /** Both passes must be the layer's own in float32, rounded once. */
  function check<Options, Back>(
    make: () => OneArrayLayer<Options, Back>,
    options: Options | undefined,
    gradient: Uint16Array,
  ): void {
    const [layer, own] = [make(), make()];
    const y = forwardFloat16(layer, x, options);
    const plain = options === undefined ? own.forward(fromFloat16(x)) : own.forward(fromFloat16(x), options);
    expect(y).toBeInstanceOf(Uint16Array);
    expect(y).toEqual(toFloat16(plain));
    const dx = backwardFloat16(layer, gradient.subarray(0, y.length));
    expect(dx).toEqual(toFloat16(own.backward(fromFloat16(gradient.subarray(0, y.length)))));
    expect(dx.some((bits) => bits !== 0)).toBe(true);
  }

  test("masks, noise, decisions, weights, recurrent: forward and backward are the layer's, rounded once", () => {
    check(() => new Dropout({ rate: 0.5, key: K }), { step: 3 }, dy);
    check(() => new GaussianDropout({ rate: 0.3, key: K }), undefined, dy);
    check(() => new SpatialDropout({ rate: 0.3, key: K, sharedAxes: [2] }), { shape }, dy);
    check(() => new AlphaDropout({ rate: 0.3, key: K }), undefined, dy);
    check(() => new DropConnect({ inputs: 12, weights, rate: 0.3, key: K }), undefined, dy);
    check(() => new ConcreteDropout({ rate: 0.3, key: K }), undefined, dy);
    const gru = () =>
      new DropoutGRU({
        ...{ inputs: 4, hidden: 2, weights, recurrentWeights: weights.slice(0, 12), bias: new Float32Array(6) },
        ...{ key: K, dropout: { input: { rate: 0.3 } } },
      });
    check(gru, { shape }, dy);
  });

  test("a Float16Array gives one", () => {
    const native = new Native(x.slice().buffer) as unknown as Float16ArrayLike;
    const layer = new Dropout({ rate: 0.5, key: K });
    const y = forwardFloat16(layer, native, { step: 1 });
    expect(y).toBeInstanceOf(Native);
    expect(new Uint16Array(y.buffer)).toEqual(forwardFloat16(layer, x, { step: 1 }));
    expect(backwardFloat16(layer, native, { step: 1 })).toBeInstanceOf(Native);
  });

  test("layers by themselves refuse it, and say where it goes", () => {
    const advice = "; for half precision see forwardFloat16, backwardFloat16 and dropoutFloat16";
    const rule = "must be a Float32Array, a Float64Array or an array of numbers, got Uint16Array of 24";
    expect(() => new Dropout({ rate: 0.5, key: K }).forward(x as never)).toThrow(
      new TypeError(`Dropout.forward: x ${rule}${advice}`),
    );
    expect(() => dropout(x as never, { rate: 0.5, key: K })).toThrow(new TypeError(`dropout: x ${rule}${advice}`));
    const layer = new Dropout({ rate: 0.5, key: K });
    expect(() => forwardFloat16(layer, fromFloat16(x) as never)).toThrow(
      new TypeError("forwardFloat16: x must be a Uint16Array of bits or a Float16Array, got Float32Array of 24"),
    );
    expect(() => forwardFloat16(layer, x, { out: new Float32Array(24) } as never)).toThrow(
      "forwardFloat16: out must be left out, got Float32Array of 24; a new array is returned",
    );
    expect(() => backwardFloat16(layer, x)).toThrow("Dropout.backward: nothing to differentiate; call forward() first");
  });
});
