import { alloc, Dropout, dropout, dropoutBackward, type FloatArray, free, GaussianDropout, key } from "hadamask";
import { createPool, type Pool } from "hadamask/pool";
import { afterEach, describe, expect, test, vi } from "vitest";

const KEY = key(42);

/** Above it calls are shared among the threads. */
const PARALLEL = 131_072;

const pools: Pool[] = [];
function open(threads: number): Pool {
  const pool = createPool({ threads });
  pools.push(pool);
  return pool;
}

afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Values with some that a careless select would get wrong. */
function fillInput<X extends FloatArray>(x: X): X {
  for (let i = 0; i < x.length; i++) x[i] = i % 97 === 0 ? Number.NaN : (i - 1000) / 7;
  return x;
}

function expectEqual(actual: FloatArray, expected: FloatArray): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) expect.fail(`element ${i}: ${actual[i]}, expected ${expected[i]}`);
  }
}

describe.each([1, 2, 3, 5])("a pool of %d threads", (threads) => {
  test.each([
    [0, 0.5],
    [1000, 0.3],
    [PARALLEL - 1, 0.5],
    [PARALLEL, 0.1],
    [PARALLEL + 1, 0.75],
    [400_003, 0.5],
    [1_000_000, 0.1],
  ])("gives the bits of one thread: %d elements, rate %d", (n, rate) => {
    const pool = open(threads);
    for (const [offset, type] of [
      [0, "float32"],
      [77, "float64"],
      [2 ** 38 - 200_000, "float32"],
    ] as const) {
      const heap = fillInput(type === "float32" ? new Float32Array(n) : new Float64Array(n));
      const expected = dropout(heap, { rate, key: KEY, offset });
      const x = type === "float32" ? pool.alloc(n + 2) : pool.alloc(n + 2, "float64");
      const y = type === "float32" ? pool.alloc(n + 2) : pool.alloc(n + 2, "float64");
      x.set(heap, 1);
      y.fill(-7);
      dropout(x.subarray(1, n + 1), { rate, key: KEY, offset, out: y.subarray(1, n + 1) });
      expectEqual(y.subarray(1, n + 1), expected);
      expect([y[0], y[n + 1]]).toEqual([-7, -7]);
      const inPlace = x.subarray(1, n + 1);
      expectEqual(dropoutBackward(inPlace, { rate, key: KEY, offset, out: inPlace }), expected);
      free(x);
      free(y);
    }
  });

  test("works for layers as well, and stays right over many calls", () => {
    const pool = open(threads);
    const n = 200_000;
    const x = fillInput(pool.alloc(n));
    const y = pool.alloc(n);
    for (const make of [
      () => new Dropout({ rate: 0.4, key: KEY }),
      () => new GaussianDropout({ rate: 0.4, key: KEY }),
    ]) {
      const [layer, other] = [make(), make()];
      for (let step = 0; step < 20; step++) {
        expectEqual(layer.forward(x, { out: y }), other.forward(x.slice()));
        expectEqual(layer.backward(y), other.backward(y.slice()));
      }
    }
  });

  test("does calls asynchronously, on arrays of the pool and others, in the order of the calls", async () => {
    const pool = open(threads);
    const n = 300_000;
    const heap = fillInput(new Float32Array(n));
    const expected = dropout(heap, { rate: 0.5, key: KEY });
    const x = pool.alloc(n);
    x.set(heap);
    const out = new Float32Array(n);
    const [own, copied, given, back, plain] = await Promise.all([
      pool.dropout(x, { rate: 0.5, key: KEY }),
      pool.dropout(heap, { rate: 0.5, key: KEY }),
      pool.dropout(heap, { rate: 0.5, key: KEY, out }),
      pool.dropoutBackward(x, { rate: 0.2, key: KEY, offset: 5 }),
      pool.dropout([1, 2, 3], { rate: 0.5, mask: [1, 0, 1] }),
    ]);
    for (const result of [own, copied, given]) expectEqual(result, expected);
    expectEqual(back, dropoutBackward(heap, { rate: 0.2, key: KEY, offset: 5 }));
    expect(plain).toEqual(Float64Array.of(2, 0, 6));
    expect(given).toBe(out);
    expect(own.buffer).toBe(x.buffer);
    expect(copied.buffer).not.toBe(x.buffer);
    // In place, one after the other.
    const twice = dropout(expected, { rate: 0.5, key: key(7) });
    const first = pool.dropout(x, { rate: 0.5, key: KEY, out: x });
    const second = first.then(() => pool.dropout(x, { rate: 0.5, key: key(7), out: x }));
    expectEqual(await second, twice);
  });
});

describe("a pool", () => {
  test("gives back what it allocates on the way, also when a call is refused", async () => {
    const pool = open(2);
    const first = pool.alloc(16);
    free(first);
    const heap = new Float32Array(1000).fill(1);
    await pool.dropout(heap, { rate: 0.5, key: KEY });
    const refused = pool.dropout(heap, { rate: 2, key: KEY });
    await expect(refused).rejects.toThrow("dropout: rate must be in [0, 1], got 2");
    const wrong = pool.dropout(pool.alloc(8), { rate: 0.5, key: KEY, out: new Float32Array(9) });
    await expect(wrong).rejects.toThrow("Pool.dropout: out must have 8 elements like the input, got 9");
    const again = pool.alloc(4);
    expect(again.byteOffset).toBe(first.byteOffset + 64); // the eight elements above are still taken
  });

  test("goes on with one thread when it is closed", () => {
    const pool = open(3);
    expect(pool.threads).toBe(3);
    const x = fillInput(pool.alloc(PARALLEL));
    const expected = dropout(x.slice(), { rate: 0.5, key: KEY });
    pool.close();
    pool.close();
    expect(pool.threads).toBe(1);
    expectEqual(dropout(x, { rate: 0.5, key: KEY, out: x }), expected);
  });

  test("rejects what was not done when it is closed", async () => {
    const pool = open(2);
    const pending = pool.dropout(pool.alloc(4_000_000), { rate: 0.1, key: KEY });
    const caught = expect(pending).rejects.toThrow("Pool: the pool was closed; the result is incomplete");
    await Promise.resolve().then(() => Promise.resolve());
    pool.close();
    await caught;
  });

  test("computes on one thread, and asynchronously on its workers, where this thread must not wait", async () => {
    vi.spyOn(Atomics, "wait").mockImplementation(() => {
      throw new TypeError("Atomics.wait cannot be called in this context");
    });
    const pool = open(2);
    expect(pool.isSynchronous).toBe(false);
    const x = fillInput(pool.alloc(500_000));
    const expected = dropout(x.slice(), { rate: 0.1, key: KEY });
    expectEqual(dropout(x, { rate: 0.1, key: KEY, out: pool.alloc(500_000) }), expected);
    expectEqual(await pool.dropout(x, { rate: 0.1, key: KEY }), expected);
  });

  test("says what is wrong", () => {
    const pool = open(1);
    expect(() => pool.alloc(-1)).toThrow("Pool.alloc: n must be a whole number in [0, 1073479681), got -1");
    expect(() => pool.alloc(3, "int8" as never)).toThrow('Pool.alloc: type must be "float32" or "float64", got "int8"');
    expect(() => pool.alloc(2 ** 29)).toThrow(
      /^Pool.alloc: n must fit what is left of \d+ bytes, got 536870912 elements/,
    );
    expect(() => createPool({ threads: 0 })).toThrow(
      new RangeError("createPool: threads must be a whole number in [1, 64], got 0"),
    );
    expect(() => createPool({ threads: Number.NaN })).toThrow(RangeError);
    expect(() => createPool({ threads: "2" as never })).toThrow(
      new TypeError('createPool: threads must be a whole number in [1, 64], got "2"'),
    );
    expect(() => free(new Float32Array(1))).toThrow("free: array must be one that alloc returned");
  });

  test("takes as many threads as there are processors if it is not told", () => {
    const pool = createPool();
    pools.push(pool);
    expect(pool.threads).toBeGreaterThanOrEqual(1);
  });

  test("needs SharedArrayBuffer, and says how a page gets it", () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect(() => createPool({ threads: 2 })).toThrow(
      "createPool: needs SharedArrayBuffer; serve the page with Cross-Origin-Opener-Policy: same-origin and " +
        "Cross-Origin-Embedder-Policy: require-corp, or use alloc and one thread",
    );
  });

  test("leaves arrays of others alone", () => {
    const pool = open(2);
    const x = fillInput(alloc(PARALLEL));
    const heap = x.slice();
    const expected = dropout(heap, { rate: 0.5, key: KEY });
    expectEqual(dropout(x, { rate: 0.5, key: KEY, out: pool.alloc(PARALLEL) }), expected);
    expectEqual(dropout(heap, { rate: 0.5, key: KEY, out: pool.alloc(PARALLEL) }), expected);
    const own = pool.alloc(PARALLEL);
    own.set(heap);
    expectEqual(dropout(own, { rate: 0.5, key: KEY }), expected);
    expectEqual(x, heap);
  });
});
