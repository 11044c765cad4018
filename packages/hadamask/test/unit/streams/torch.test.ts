// PyTorch's streams: seeds, what draws and what does not, the ends of the range, shapes, messages.
import { unpackMask } from "hadamask";
import { torchCpu, torchCuda, torchMkl } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { bernoulliMcg31 } from "../../../src/streams/mcg31.js";
import { Mt19937 } from "../../../src/streams/mt19937.js";

const bits = (mask: Uint32Array, n: number) => unpackMask(mask, n).join("");

describe("MT19937", () => {
  test("gives the published first words of seed 5489 and of the array 0x123, 0x234, 0x345, 0x456", () => {
    // mt19937ar.out of Matsumoto and Nishimura, and the C++ standard's 10000th word of the default seed.
    const standard = Mt19937.fromSeed(5489);
    standard.skip(9999);
    expect(standard.next()).toBe(4123659995);
    const array = Mt19937.fromArray([0x123, 0x234, 0x345, 0x456]);
    expect(Array.from({ length: 5 }, () => array.next())).toEqual([
      1067595299, 955945823, 477289528, 4107218783, 4228976476,
    ]);
  });

  test("fills, skips and steps through one sequence, across twists", () => {
    const one = Mt19937.fromSeed(1);
    const words = Array.from({ length: 2000 }, () => one.next());
    for (const skipped of [0, 1, 623, 624, 625, 1247, 1248]) {
      const other = Mt19937.fromSeed(1);
      other.skip(skipped);
      const filled = new Uint32Array(700);
      other.fill(filled);
      expect([...filled]).toEqual(words.slice(skipped, skipped + 700));
      expect(other.next()).toBe(words[skipped + 700]);
    }
  });

  test("refuses what is no state", () => {
    expect(() => Mt19937.fromState({ words: [1, 2], next: 0 })).toThrow(
      new TypeError("Mt19937.fromState: words must be an array of 624, got an array of 2"),
    );
    const { words } = Mt19937.fromSeed(0).state;
    expect(() => Mt19937.fromState({ words, next: 625 })).toThrow(/next must be a whole number in \[0, 625\)/);
    expect(() => Mt19937.fromState({ words: [...words.slice(1), -1], next: 0 })).toThrow(/words\[623\]/);
  });
});

describe("torchCpu", () => {
  test("takes seeds in [-2^63, 2^64), of which the low 32 bits count", () => {
    const first = (seed: number | bigint) => torchCpu(seed).rand(5);
    expect(first(2 ** 32 + 42)).toEqual(first(42));
    expect(first(-1)).toEqual(first(2n ** 64n - 1n));
    expect(first(-(2n ** 63n))).toEqual(first(0));
    for (const seed of [2n ** 64n, -(2n ** 63n) - 1n]) {
      expect(() => torchCpu(seed)).toThrow(
        new RangeError(`torch: seed must be in [-9223372036854775808, 18446744073709551615], got ${seed}n`),
      );
    }
    expect(() => torchCpu(2 ** 60)).toThrow(/pass a bigint for seeds past 2\^53/);
    expect(() => torchCpu(0.5)).toThrow(/seed must be a whole number, got 0.5/);
    expect(() => torchCpu("42" as unknown as number)).toThrow(
      new TypeError('torch: seed must be a number or a bigint, got "42"'),
    );
  });

  test("a longer mask begins with the shorter one: no size has a path of its own", () => {
    const long = bits(torchCpu(3).keepMask(5000, { rate: 0.3 }), 5000);
    for (const n of [1, 2, 15, 16, 17, 100, 1000, 2047, 2048, 2049, 4097]) {
      expect(bits(torchCpu(3).keepMask(n, { rate: 0.3 }), n)).toBe(long.slice(0, n));
    }
  });

  test("keeps u < 1 - rate in float64, where float32 would decide otherwise", () => {
    // u of the first element of seed 0, and thresholds one unit of 2^-53 on either side of it.
    const [u] = torchCpu(0).rand(1, { dtype: "float64" });
    const kept = (keep: number) => bits(torchCpu(0).bernoulliMask(1, keep), 1);
    expect([u!, u! + 2 ** -53, u! - 2 ** -53].map(kept)).toEqual(["0", "1", "0"]);
  });

  test("draws nothing at rate 0, at rate 1 and for nothing, as long as it is dropout that asks", () => {
    const stream = torchCpu(5);
    const before = JSON.stringify(stream.snapshot());
    const x = Float32Array.of(1, -1, Number.POSITIVE_INFINITY);
    expect([...stream.dropout(x, { rate: 0 })]).toEqual([1, -1, Number.POSITIVE_INFINITY]);
    expect([...stream.dropout(x, { rate: 1 })]).toEqual([0, -0, Number.NaN]);
    expect(stream.dropout(new Float32Array(0), { rate: 0.5 })).toHaveLength(0);
    expect([...stream.alphaDropout(x, { rate: 1 })]).toEqual([0, -0, Number.NaN]);
    expect(JSON.stringify(stream.snapshot())).toBe(before);
    stream.bernoulliMask(3, 1);
    expect(JSON.stringify(stream.snapshot())).not.toBe(before);
  });

  test("takes one sample for a missing batch axis in 1 and 3 dimensions, and pairs of axes in 2", () => {
    const ones = (n: number) => new Float32Array(n).fill(1);
    const same = (a: Float32Array, b: Float32Array) => expect([...a]).toEqual([...b]);
    same(
      torchCpu(6).dropout1d(ones(12), { rate: 0.5, shape: [4, 3] }),
      torchCpu(6).dropout1d(ones(12), { rate: 0.5, shape: [1, 4, 3] }),
    );
    same(
      torchCpu(6).dropout3d(ones(24), { rate: 0.5, shape: [3, 2, 2, 2] }),
      torchCpu(6).dropout3d(ones(24), { rate: 0.5, shape: [1, 3, 2, 2, 2] }),
    );
    same(
      torchCpu(6).dropout2d(ones(24), { rate: 0.5, shape: [2, 3, 4] }),
      torchCpu(6).dropout2d(ones(24), { rate: 0.5, shape: [2, 3, 2, 2] }),
    );
  });

  test("says what does not fit", () => {
    const stream = torchCpu(1);
    const x = new Float32Array(6);
    expect(() => stream.dropout2d(x, { rate: 0.5, shape: [2, 3] })).toThrow(
      new RangeError("torch.dropout2d: shape must be of 3 or 4 axes, got 2"),
    );
    expect(() => stream.dropout1d(x, { rate: 0.5, shape: [2, 2] })).toThrow(
      new RangeError("torch.dropout1d: x must have 4 elements for shape [2,2], got 6"),
    );
    expect(() => stream.dropout([1, 2] as unknown as Float32Array, { rate: 0.5 })).toThrow(
      new TypeError("torch.dropout: x must be a Float32Array or a Float64Array, got an array of 2"),
    );
    expect(() => stream.dropout(x, { rate: 0.5, out: new Float64Array(6) })).toThrow(/out must be a Float32Array/);
    expect(() => stream.rand(-1)).toThrow(/torch.rand: n must be a whole number/);
    expect(() => stream.rand(1, { dtype: "float16" as "float32" })).toThrow(
      new RangeError('torch.rand: dtype must be "float32" or "float64", got "float16"'),
    );
  });

  test("writes to out, which may be the input", () => {
    const x = Float32Array.from({ length: 40 }, (_, i) => i + 1);
    const expected = torchCpu(2).dropout(x, { rate: 0.5 });
    expect(torchCpu(2).dropout(x, { rate: 0.5, out: x })).toBe(x);
    expect(x).toEqual(expected);
  });

  test("restores the normal number that was left over", () => {
    const stream = torchCpu(9);
    stream.randn(1);
    const saved = JSON.parse(JSON.stringify(stream.snapshot()));
    const next = stream.randn(1);
    const other = torchCpu(0);
    other.restore(saved);
    expect(other.randn(1)).toEqual(next);
    const fresh = torchCpu(9);
    fresh.randn(1);
    fresh.manualSeed(9);
    expect(fresh.randn(1)).toEqual(torchCpu(9).randn(1)); // manual_seed forgets it
  });
});

describe("torchMkl", () => {
  test("takes one word a call, whatever the size", () => {
    const [a, b] = [torchMkl(4), torchMkl(4)];
    a.keepMask(1, { rate: 0.5 });
    b.keepMask(3000, { rate: 0.1 });
    expect(a.rand(3)).toEqual(b.rand(3));
  });

  test("compares in float32: 0.69999999 is kept below 0.7 in float64, dropped here", () => {
    const modulus = 2 ** 31 - 1;
    const x = Math.floor(0.69999999 * modulus);
    expect(x / modulus < 0.7).toBe(true);
    expect(bernoulliMcg31(x, 1, 0.7)[0]).toBe(0);
    expect(bernoulliMcg31(Math.floor(0.6999999 * modulus), 1, 0.7)[0]).toBe(1);
  });

  test("starts at 1 where the word is a multiple of the modulus", () => {
    for (const word of [0, 2 ** 31 - 1, 2 ** 32 - 2])
      expect(bernoulliMcg31(word, 100, 0.5)).toEqual(bernoulliMcg31(1, 100, 0.5));
  });
});

describe("torchCuda", () => {
  const request = { rate: 0.5 } as const;

  test("does not depend on the device while its threads suffice, and does beyond", () => {
    const mask = (n: number, threads: number) => bits(torchCuda(1, { threads }).keepMask(n, request), n);
    expect(mask(4096, 1024)).toBe(mask(4096, 221_184)); // vectors of 4: up to four times the threads
    expect(mask(4100, 1024)).not.toBe(mask(4100, 221_184));
    expect(mask(1023, 1024)).toBe(mask(1023, 221_184)); // odd: element by element
    expect(mask(1201, 1024)).not.toBe(mask(1201, 221_184));
  });

  test("reads by fours, twos and single elements, and element by element for channels", () => {
    const draw = (n: number, shared = false, dtype: "float32" | "float64" = "float32") =>
      bits(torchCuda(2).keepMask(n, { ...request, shared, dtype }), n);
    const four = draw(64);
    expect(draw(62).slice(0, 62)).not.toBe(four.slice(0, 62)); // by twos
    expect(draw(64, false, "float64")).toBe(draw(64, false, "float64"));
    expect(draw(64, false, "float64")).not.toBe(four);
    expect(draw(64, true)).toBe(bits(torchCuda(2).bernoulliMask(64, 0.5), 64));
    expect(draw(64, true)).not.toBe(four);
  });

  test("moves on by four words a loop, whatever the size of a kernel that loops once", () => {
    const [a, b] = [torchCuda(3), torchCuda(3)];
    a.keepMask(1, request);
    b.keepMask(4000, request);
    expect(a.snapshot()).toEqual(b.snapshot());
    expect(a.snapshot().offset).toBe(4);
  });

  test("takes all 64 bits of the seed, and threads in blocks of 256", () => {
    expect(torchCuda(2n ** 32n).rand(4)).not.toEqual(torchCuda(0).rand(4));
    expect(() => torchCuda(0, { threads: 1000 })).toThrow(
      new RangeError("torchCuda: threads must be a multiple of 256 above 0, got 1000"),
    );
    expect(() => torchCuda(0).uniforms(4, { dtype: "float64" })).toThrow(/dtype must be "float32", got "float64"/);
  });
});
