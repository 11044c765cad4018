// Half precision: conversions at every bit pattern and between every two, and dropout of it.

import {
  dropout,
  dropoutFloat16,
  dropoutFloat16Backward,
  type Float16ArrayLike,
  fromFloat16,
  keepMask,
  key,
  toFloat16,
  unpackMask,
} from "hadamask";
import { describe, expect, test } from "vitest";

const K = key(3);
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
    // Node 20 has none: this stands for it, with its name, its memory and its constructor.
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
