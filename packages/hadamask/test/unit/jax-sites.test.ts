import { grad, jit, numpy as np, tree } from "@jax-js/jax";
import { Dropout, key } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import { describe, expect, test } from "vitest";
import { block } from "../../src/random/threefry.js";

const flat = (array: np.Array): Float32Array => array.dataSync() as Float32Array;

/** Values that are not round, the same at each call. */
const values = (n: number, seed = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => Math.fround(Math.sin(seed * 12.9898 + i * 78.233) * 3));

const places = { x: { rate: 0.1, shape: [7] }, h: { rate: 0.5, shape: [4, 5] } };
const sites = dropoutSites(places, { key: key(42) });

describe("dropoutSites", () => {
  test("gives at step t the mask of a Dropout layer with the site's key at step t", () => {
    for (const step of [0, 1, 1000]) {
      for (const batch of [1, 3, 32]) {
        const m = sites.train(step, batch);
        expect(m.x.shape).toEqual([batch, 7]);
        expect(m.h.shape).toEqual([batch, 4, 5]);
        for (const name of ["x", "h"] as const) {
          const layer = new Dropout({ rate: places[name].rate, key: sites.siteKey(name) });
          const ones = new Float32Array(m[name].size).fill(1);
          expect(flat(m[name])).toEqual(layer.forward(ones, { step }));
        }
      }
    }
  });

  test("gives at pass s the mask of a Dropout layer in mode sample at pass s", () => {
    const layer = new Dropout({ rate: 0.5, key: sites.siteKey("h"), mode: "sample" });
    const m = sites.sample(3, 8);
    expect(flat(m.h)).toEqual(layer.forward(new Float32Array(160).fill(1), { pass: 3 }));
    m.x.dispose();
  });

  test("gives the same mask for the same step and batch, whatever was asked for in between", () => {
    const first = tree.map(flat, sites.train(5, 4));
    tree.dispose(sites.train(6, 4));
    tree.dispose(sites.sample(5, 4));
    expect(tree.map(flat, sites.train(5, 4))).toEqual(first);
  });

  test("begins a larger batch with the mask of the smaller one", () => {
    const [small, large] = [sites.train(2, 3), sites.train(2, 10)];
    expect(flat(large.h).slice(0, 60)).toEqual(flat(small.h));
    tree.dispose([small.x, large.x]);
  });

  test("gives each site a mask of its own, which no other site changes", () => {
    const both = dropoutSites({ a: { rate: 0.5, shape: [64] }, b: { rate: 0.5, shape: [64] } }, { key: key(1) });
    const alone = dropoutSites({ b: { rate: 0.5, shape: [64] } }, { key: key(1) });
    const m = both.train(0, 4);
    const [a, b] = [flat(m.a), flat(m.b)];
    expect(a).not.toEqual(b);
    expect(flat(alone.train(0, 4).b)).toEqual(b);
  });

  test("derives a site's key from the name's UTF-8 bytes", () => {
    const names = ["", "h", "h\0", "h1", "encoder/attention", "encoder/attentioN", "größe", "😀"];
    const named = Object.fromEntries(names.map((name) => [name, { rate: 0.5, shape: [1] }]));
    const s = dropoutSites(named, { key: key(0) });
    const keys = names.map((name) => s.siteKey(name).join());
    expect(new Set(keys).size).toBe(names.length);
    const ofOneByte = block([0, 0], 0x40000000 | (4 << 22), 1); // tag 4, one byte
    expect(s.siteKey("h")).toEqual(block(ofOneByte, 0, 0x68)); // "h"
    const ofSevenBytes = block([0, 0], 0x40000000 | (4 << 22), 7);
    expect(s.siteKey("größe")).toEqual(block(block(ofSevenBytes, 0, 0xb6c37267), 0, 0x659fc3)); // 67 72 c3 b6, c3 9f 65
  });

  test("hands out ones of shape [1] in eval, and at sites that drop nothing", () => {
    const m = dropoutSites({ a: { rate: 0, shape: [9] } }, { key: key(1) }).train(0, 4);
    expect([m.a.shape, m.a.js()]).toEqual([[1], [1]]);
    expect(tree.map((one: np.Array) => one.js(), sites.eval())).toEqual({ x: [1], h: [1] });
  });

  test("shares one draw over an axis of size 1", () => {
    const channels = dropoutSites({ c: { rate: 0.5, shape: [1, 1, 6] } }, { key: key(3) });
    const y = channels.apply(np.ones([2, 3, 3, 6]), channels.train(0, 2).c).js() as number[][][][];
    for (const image of y) for (const row of image) for (const pixel of row) expect(pixel).toEqual(image[0]![0]);
    expect(y[0]![0]![0]).not.toEqual(y[1]![0]![0]);
  });

  test("refuses places, steps and batches that make no sense", () => {
    const k = { key: key(1) };
    expect(() => dropoutSites(null as never, k)).toThrow(
      new TypeError("dropoutSites: places must be an object of { rate, shape } by name, got null"),
    );
    expect(() => dropoutSites({ h: { rate: 2, shape: [1] } }, k)).toThrow(
      new RangeError("dropoutSites: h: rate must be in [0, 1], got 2; pass 0.02 for 2 %"),
    );
    expect(() => dropoutSites({ h: { rate: 0.5, shape: [1.5] } }, k)).toThrow(
      new RangeError("dropoutSites: h.shape[0] must be a whole number in [1, 2^53), got 1.5"),
    );
    expect(() => dropoutSites({ h: { rate: 0.5, shape: [1] } }, {} as never)).toThrow("dropoutSites: key is missing");
    expect(() => sites.train(-1, 4)).toThrow(new RangeError("train: step must be a whole number in [0, 2^53), got -1"));
    expect(() => sites.train(0, 0)).toThrow(new RangeError("train: batch must be a whole number in [1, 2^53), got 0"));
    expect(() => sites.sample(0.5, 1)).toThrow("sample: pass must be a whole number");
    expect(() => sites.siteKey("y" as never)).toThrow(new RangeError('siteKey: there is no place named "y"'));
  });
});

describe("apply", () => {
  test("drops NaN and infinities, and leaves their gradient finite", () => {
    const h = new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2, -3, 0]);
    const m = new Float32Array([0, 0, 0, 2, 0, 2]);
    const f = jit((x: np.Array, mask: np.Array) => sites.apply(x, mask));
    expect(flat(f(np.array(h), np.array(m)))).toEqual(new Float32Array([0, 0, 0, 4, 0, 0]));
    const df = jit(grad((x: np.Array, mask: np.Array) => sites.apply(x, mask).sum()));
    expect(flat(df(np.array(h), np.array(m)))).toEqual(m);
  });

  test("drops NaN and infinities that come back as gradients", () => {
    const dy = new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, 1]);
    const f = (x: np.Array, mask: np.Array, g: np.Array) => sites.apply(x, mask).mul(g).sum();
    const dx = jit(grad(f))(np.ones([3]), np.array([0, 0, 2]), np.array(dy));
    expect(flat(dx)).toEqual(new Float32Array([0, 0, 2]));
  });

  test("does not change a thing in eval, for any batch", () => {
    const f = jit((x: np.Array, m: ReturnType<typeof sites.eval>) => {
      m.h.dispose();
      return sites.apply(x, m.x);
    });
    for (const batch of [1, 5]) {
      const x = values(batch * 7);
      expect(flat(f(np.array(x, { shape: [batch, 7] }), sites.eval()))).toEqual(x);
    }
  });

  test("refuses a multiplier that does not fit", () => {
    expect(() => sites.apply(np.ones([2, 7]), np.ones([3, 7]))).toThrow(
      new RangeError("apply: m must broadcast to h's shape [2,7], got [3,7]"),
    );
    expect(() => sites.apply(np.ones([7]), np.ones([3, 7]))).toThrow("apply: m must broadcast to h's shape [7]");
  });

  test("has the gradient of the library's backward, to the bit", () => {
    for (const rate of [0, 0.1, 0.5, 0.9, 1]) {
      const s = dropoutSites({ h: { rate, shape: [33] } }, { key: key(8) });
      const layer = new Dropout({ rate, key: s.siteKey("h") });
      const [x, dy] = [values(4 * 33, 2), values(4 * 33, 3)];
      const loss = (h: np.Array, m: np.Array, g: np.Array) => s.apply(h, m).mul(g).sum();
      const dx = jit(grad(loss))(np.array(x, { shape: [4, 33] }), s.train(6, 4).h, np.array(dy, { shape: [4, 33] }));
      layer.forward(x, { step: 6 });
      expect(flat(dx)).toEqual(layer.backward(dy));
    }
  });
});
