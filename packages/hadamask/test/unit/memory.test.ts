// Arrays whose memory is not what it seems: shared under two names, or gone.

import { runInNewContext } from "node:vm";
import { DropConnect, Dropout, dropout, key, SpatialDropout1D, TokenDropout } from "hadamask";
import { describe, expect, test } from "vitest";

const options = { rate: 0.5, key: key(1) };

describe("shared memory under two objects", () => {
  // As `postMessage` to oneself does: another SharedArrayBuffer object over the same bytes.
  const wasm = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const before = wasm.buffer as unknown as SharedArrayBuffer;
  wasm.grow(1);
  const after = wasm.buffer as unknown as SharedArrayBuffer;

  test("a partial overlap is refused, as under one object", () => {
    expect(after).not.toBe(before);
    const x = new Float32Array(before, 0, 64).fill(1);
    const out = new Float32Array(after, 4, 64);
    expect(() => dropout(x, { ...options, out })).toThrow(
      new RangeError("dropout: out must be the input itself or not overlap it, got a partial overlap"),
    );
    expect([...x], "the probe leaves nothing behind").toEqual(Array(64).fill(1));
  });

  test("so is an output of another length", () => {
    const layer = new DropConnect({ ...options, inputs: 2, weights: new Float32Array([1, 2]) });
    const x = new Float32Array(before, 0, 4);
    expect(() => layer.forward(x, { out: new Float32Array(after, 8, 2) })).toThrow(
      new RangeError("DropConnect.forward: out must not overlap the input, which has another length"),
    );
    const tokens = new TokenDropout(options);
    expect(() => tokens.forward(x, { shape: [1, 4, 1], out: new Float32Array(after, 0, 2) })).toThrow(
      "TokenDropout.forward: out must not overlap the input, which has another length",
    );
  });

  test("arrays that are the same place, or apart, are taken", () => {
    const x = new Float32Array(before, 0, 64).fill(1);
    const wanted = [...dropout(new Float32Array(64).fill(1), options)];
    expect([...dropout(x, { ...options, out: new Float32Array(after, 256, 64) })]).toEqual(wanted);
    expect([...dropout(x, { ...options, out: new Float32Array(new SharedArrayBuffer(512), 4, 64) })]).toEqual(wanted);
    expect([...dropout(x, { ...options, out: new Float32Array(after, 0, 64) })]).toEqual(wanted);
    expect([...x]).toEqual(wanted);
  });
});

describe("an array whose buffer was transferred", () => {
  const gone = (): Float32Array => {
    const array = new Float32Array(4);
    structuredClone(array, { transfer: [array.buffer] });
    return array;
  };

  test("is an error as input, and as output", () => {
    const rule = "must be an array with its memory, got one whose buffer was transferred or made smaller";
    expect(() => dropout(gone(), options)).toThrow(new TypeError(`dropout: x ${rule}`));
    expect(() => dropout(new Float32Array(0), { ...options, out: gone() })).toThrow(
      new TypeError(`dropout: out ${rule}`),
    );
    const layer = new Dropout(options);
    layer.forward([1, 2]);
    expect(() => layer.backward(gone())).toThrow(new TypeError(`Dropout.backward: dy ${rule}`));
  });

  test("an array of no elements is none", () => {
    expect(dropout(new Float32Array(0), options)).toHaveLength(0);
    expect(dropout(new Float32Array(8).subarray(8), options)).toHaveLength(0);
  });

  test("nor is one whose memory became too small for it", () => {
    class Resizable extends ArrayBuffer {
      declare resize: (size: number) => void; // ES2024
    }
    const buffer = Reflect.construct(ArrayBuffer, [64, { maxByteLength: 64 }]) as Resizable;
    const [x, tracking] = [new Float32Array(buffer, 0, 8), new Float32Array(buffer)];
    expect(dropout(x, options)).toHaveLength(8);
    buffer.resize(16);
    expect(() => dropout(x, options)).toThrow(
      "dropout: x must be an array with its memory, got one whose buffer was transferred or made smaller",
    );
    expect(dropout(tracking, options)).toHaveLength(4);
  });
});

describe("what only looks like an array", () => {
  const rule = "dropout: x must be a Float32Array, a Float64Array or an array of numbers, got";
  test.each([
    ["a proxy", new Proxy(new Float32Array(4), {})],
    ["an object on its prototype", Object.create(Float32Array.prototype)],
  ])("%s is refused by name", (_, x) => {
    expect(() => dropout(x, options)).toThrow(`${rule} an object like a Float32Array (a Proxy?)`);
    const out = x as Float32Array;
    expect(() => dropout(new Float32Array(4), { ...options, out })).toThrow("dropout: out must be a Float32Array like");
    const layer = new Dropout(options);
    layer.forward(new Float32Array(4));
    expect(() => layer.backward(out)).toThrow("Dropout.backward: dy must be a Float32Array");
  });

  test("an array of another realm is called so", () => {
    const x = runInNewContext("new Float32Array(4)") as Float32Array;
    expect(() => dropout(x, options)).toThrow(
      `${rule} Float32Array of 4, from another realm (a frame or a vm context)`,
    );
  });

  test("a shape with holes, and one of many axes", () => {
    const layer = new SpatialDropout1D(options);
    // biome-ignore lint/suspicious/noSparseArray: that is what is tested
    expect(() => layer.forward(new Float32Array(8), { shape: [, 8, 1] as unknown as number[] })).toThrow(
      "SpatialDropout1D.forward: shape[0] must be a whole number, got undefined",
    );
    expect(() => layer.forward(new Float32Array(8), { shape: new Array(1000).fill(1) })).toThrow(
      "SpatialDropout1D.forward: shape must be [N,L,C], got [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,…] of 1000",
    );
  });
});
