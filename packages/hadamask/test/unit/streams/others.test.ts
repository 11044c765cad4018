// NumPy's, JAX's, TensorFlow's and TensorFlow.js's streams: seeds, thresholds, messages.
import { unpackMask } from "hadamask";
import {
  below,
  flaxLinen,
  flaxNnx,
  jax,
  jaxBernoulli,
  jaxBits,
  jaxFoldIn,
  jaxKey,
  jaxUniform,
  type KerasBackend,
  keras,
  numpyGenerator,
  numpyLegacy,
  tensorflow,
  tensorflowStateless,
  tfjs,
} from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { philox4x32 } from "../../../src/streams/philox4x32.js";
import { sha1Word } from "../../../src/streams/sha1.js";

const bits = (mask: Uint32Array, n: number) => unpackMask(mask, n).join("");

describe("numpyLegacy", () => {
  test("seeds an array otherwise than its only element", () => {
    expect(numpyLegacy([5]).rand(3)).not.toEqual(numpyLegacy(5).rand(3));
  });

  test("takes seeds in [0, 2^32), in arrays too", () => {
    for (const seed of [-1, 2 ** 32, [1, 2 ** 32]]) {
      expect(() => numpyLegacy(seed)).toThrow(/numpyLegacy: seed must be in \[0, 4294967295\]/);
    }
    expect(() => numpyLegacy([])).toThrow(
      new RangeError("numpyLegacy: seed must be a number, or an array that is not empty, got an array of 0"),
    );
  });

  test("permutation is NumPy's, in a row with other draws", () => {
    // NumPy 2.4.6: np.random.seed(1); np.random.choice(10, 10, replace=False), permutation(5), permutation(1), rand().
    const random = numpyLegacy(1);
    expect([...random.permutation(10)]).toEqual([2, 9, 6, 4, 0, 3, 1, 7, 8, 5]);
    expect([...random.permutation(5)]).toEqual([3, 0, 1, 2, 4]);
    expect([...random.permutation(1)]).toEqual([0]);
    expect(random.rand(1)[0]).toBe(0.8463109166860171);
    expect(random.permutation(0)).toHaveLength(0);
    expect(() => random.permutation(-1)).toThrow(/^numpyLegacy.permutation: n must be /);
  });

  test("binomial is no comparison with rand, and draws at 0 and 1 too", () => {
    expect(bits(numpyLegacy(1).binomial(200, 0.5), 200)).not.toBe(
      bits(numpyLegacy(1).keepMask(200, { keep: 0.5 }), 200),
    );
    for (const [probability, expected] of [
      [0, "0000"],
      [1, "1111"],
    ] as const) {
      const [drawn, passed] = [numpyLegacy(2), numpyLegacy(2)];
      expect(bits(drawn.binomial(4, probability), 4)).toBe(expected);
      passed.rand(4);
      expect(drawn.rand(2)).toEqual(passed.rand(2));
    }
  });
});

describe("numpyGenerator", () => {
  test("takes whole numbers of any size and lists of them", () => {
    expect(numpyGenerator(2n ** 200n + 1n).random(2)).not.toEqual(numpyGenerator(1).random(2));
    expect(numpyGenerator([1, 0]).random(2)).toEqual(numpyGenerator(1).random(2)); // so NumPy: absent words are 0
    expect(numpyGenerator([1, 2]).random(2)).not.toEqual(numpyGenerator(1).random(2));
    expect(() => numpyGenerator(-1)).toThrow(/numpy: seed must be a whole number that is not negative/);
    expect(() => numpyGenerator(0.5)).toThrow(/got 0.5/);
  });

  test("a float32 draw leaves half a number, which float64 draws neither use nor lose", () => {
    const mixed = numpyGenerator(3);
    const first = mixed.random(1, { dtype: "float32" });
    mixed.random(5);
    const second = mixed.random(1, { dtype: "float32" });
    expect([...first, ...second]).toEqual([...numpyGenerator(3).random(2, { dtype: "float32" })]);
  });

  test("rounds the threshold to float32 where the uniforms are float32", () => {
    const single = numpyGenerator(4, { dtype: "float32" });
    const u = numpyGenerator(4).random(4000, { dtype: "float32" });
    // A little above a uniform that occurs: float64 tells them apart, float32 does not.
    const threshold = u[0]! + 2 ** -40;
    expect(bits(below(u, threshold), 1)).toBe("1");
    expect(Math.fround(threshold)).toBe(u[0]);
    expect(bits(single.keepMask(4000, { keep: threshold }), 1)).toBe("0");
  });

  test("knows its bit generators", () => {
    expect(() => numpyGenerator(1, { bitGenerator: "SFC64" as "PCG64" })).toThrow(
      new RangeError('numpyGenerator: bitGenerator must be "PCG64", "Philox" or "MT19937", got "SFC64"'),
    );
    const saved = numpyGenerator(1).snapshot();
    expect(() => numpyGenerator(1, { bitGenerator: "Philox" }).restore(saved)).toThrow(
      new TypeError("restore: snapshot must be of bit generator Philox, got PCG64"),
    );
  });

  test.each(["PCG64", "Philox", "MT19937"] as const)(
    "%s comes back to a snapshot with half a number left",
    (bitGenerator) => {
      const stream = numpyGenerator(6, { bitGenerator });
      stream.random(3, { dtype: "float32" });
      const saved = JSON.parse(JSON.stringify(stream.snapshot()));
      const next = [stream.random(700), stream.random(3, { dtype: "float32" })];
      stream.restore(saved);
      expect([stream.random(700), stream.random(3, { dtype: "float32" })]).toEqual(next);
    },
  );
});

describe("jax", () => {
  test("drops the high half of a seed unless x64 is on, and takes seeds of 64 bits with a sign", () => {
    expect(jaxKey(2 ** 32 + 7)).toEqual([0, 7]);
    expect(jaxKey(2 ** 32 + 7, { x64: true })).toEqual([1, 7]);
    expect(jaxKey(-1)).toEqual([0, 2 ** 32 - 1]);
    expect(jaxKey(-1, { x64: true })).toEqual([2 ** 32 - 1, 2 ** 32 - 1]);
    expect(() => jaxKey(2n ** 63n)).toThrow(/jaxKey: seed must be in \[-9223372036854775808, 9223372036854775807\]/);
  });

  test("cuts what is folded in to 32 bits", () => {
    expect(jaxFoldIn(jaxKey(1), -1)).toEqual(jaxFoldIn(jaxKey(1), 2 ** 32 - 1));
    expect(() => jaxFoldIn(jaxKey(1), 0.5)).toThrow(/jaxFoldIn: data must be a whole number, got 0.5/);
  });

  test("the layouts differ, and only the old one depends on the size", () => {
    const key = jaxKey(3);
    const old = { partitionable: false };
    expect(jaxBits(key, 10)).toEqual(jaxBits(key, 11).slice(0, 10));
    expect(jaxBits(key, 10, 32, old)).not.toEqual(jaxBits(key, 11, 32, old).slice(0, 10));
  });

  test("compares in float32, in float64 under x64", () => {
    const key = jaxKey(4);
    const u = jaxUniform(key, 1)[0]!;
    const above = u + 2 ** -40;
    expect(bits(jaxBernoulli(key, above, 1), 1)).toBe("0"); // rounds to u, and u is not below u
    expect(bits(jaxBernoulli(key, u + 2 ** -23, 1), 1)).toBe("1");
    const u64 = jaxUniform(key, 1, "float64")[0]!;
    expect(bits(jaxBernoulli(key, u64 + 2 ** -52, 1, { x64: true }), 1)).toBe("1");
    expect(bits(jaxBernoulli(key, u64, 1, { x64: true }), 1)).toBe("0");
  });

  test("refuses another way of calling", () => {
    expect(() => jax(1, { calls: "next" as "same" })).toThrow(
      new RangeError('jax: calls must be "same", "split" or "fold-in", got "next"'),
    );
    expect(() => jaxBits(jaxKey(1), 4, 64 as 32)).toThrow(/width must be 8, 16 or 32, got 64/);
  });
});

describe("flax", () => {
  test("SHA-1 begins as FIPS 180-4 says, for one block and for two", () => {
    const ascii = (text: string) => [...new TextEncoder().encode(text)];
    expect(sha1Word(ascii("abc"))).toBe(0xa9993e36);
    expect(sha1Word(ascii("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(0x84983e44);
    expect(sha1Word([])).toBe(0xda39a3ee);
    expect(sha1Word(ascii("a".repeat(64)))).toBe(0x0098ba82);
  });

  test("a module's path and the separator change the key; nothing is drawn at rate 0 and 1", () => {
    const mask = (options: object) => bits(flaxLinen(1, options).keepMask(64, { rate: 0.5 }), 64);
    expect(new Set([mask({}), mask({ path: [] }), mask({ path: ["a", "b"] }), mask({ path: ["ab"] })]).size).toBe(3);
    expect(mask({ path: ["a", "b"], separator: true })).not.toBe(mask({ path: ["ab"], separator: true }));
    const stream = flaxNnx(1);
    stream.keepMask(10, { rate: 0 });
    stream.keepMask(10, { rate: 1 });
    expect(stream.keepMask(64, { rate: 0.5 })).toEqual(flaxNnx(1).keepMask(64, { rate: 0.5 }));
  });

  test("nnx takes an index or keys at call time, not both", () => {
    expect(() => flaxNnx(1, { atCall: true, index: 2 })).toThrow(
      new RangeError("flaxNnx: index must be absent where atCall is true, got 2"),
    );
  });
});

describe("tensorflow", () => {
  test("Philox-4x32 gives Random123's known answers", () => {
    const ones = 0xffffffff;
    const hash = (counter: number[], key: [number, number]) => {
      const out = new Uint32Array(4);
      philox4x32(out, counter, key);
      return [...out];
    };
    expect(hash([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    expect(hash([ones, ones, ones, ones], [ones, ones])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(hash([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });

  test("keeps u >= rate, in the element type of what is masked", () => {
    const stream = () => tensorflowStateless(5);
    const u = stream().uniforms(1)[0]!;
    expect([u, u + 2 ** -23].map((rate) => bits(stream().keepMask(1, { rate }), 1))).toEqual(["1", "0"]);
    const double = bits(stream().keepMask(200, { rate: 0.5, dtype: "float64" }), 200);
    expect(double).not.toBe(bits(stream().keepMask(200, { rate: 0.5 }), 200));
  });

  test("compiled by XLA, other bits of the same words count, and 32 bits of each seed", () => {
    const mask = (options: object) =>
      bits(tensorflowStateless(2n ** 40n + 1n, options).keepMask(64, { rate: 0.5 }), 64);
    expect(mask({ xla: true })).not.toBe(mask({}));
    expect(mask({ xla: true })).toBe(bits(tensorflowStateless(1, { xla: true }).keepMask(64, { rate: 0.5 }), 64));
  });

  test("at rate 0 takes a seed all the same", () => {
    const stream = tensorflow(1);
    stream.keepMask(3, { rate: 0 });
    expect(stream.keepMask(64, { rate: 0.5 })).not.toEqual(tensorflow(1).keepMask(64, { rate: 0.5 }));
  });
});

describe("keras", () => {
  test("seed s at call 1 is seed s + 1 at call 0 on PyTorch, and nowhere else", () => {
    const second = (backend: KerasBackend) => {
      const stream = keras(backend, 7);
      stream.keepMask(5, { rate: 0.5 });
      return bits(stream.keepMask(64, { rate: 0.5 }), 64) === bits(keras(backend, 8).keepMask(64, { rate: 0.5 }), 64);
    };
    expect((["torch", "jax", "tensorflow", "numpy"] as const).map(second)).toEqual([true, false, false, false]);
  });

  test("takes the seeds that each back end takes", () => {
    expect(() => keras("jax", 2 ** 32)).toThrow(/keras: seed must be in \[0, 4294967295\]/);
    expect(() => keras("torch", 2 ** 31)).toThrow(/keras: seed must be in \[0, 2147483647\]/);
    expect(keras("tensorflow", 2 ** 31 - 2).keepMask(64, { rate: 0.5 })).toEqual(
      keras("tensorflow", 0).keepMask(64, { rate: 0.5 }),
    );
    expect(() => keras("mxnet" as "jax", 1)).toThrow(
      new RangeError('keras: backend must be "tensorflow", "jax", "torch" or "numpy", got "mxnet"'),
    );
  });
});

describe("tfjs", () => {
  test("42 and the text 42 are one seed", () => {
    expect(tfjs("42").uniforms(5)).toEqual(tfjs(42).uniforms(5));
    expect(() => tfjs(undefined as unknown as number)).toThrow(
      new TypeError("tfjs: seed must be a number or a string, got undefined"),
    );
  });
});
