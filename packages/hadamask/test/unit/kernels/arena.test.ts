import { alloc, free } from "hadamask";
import { afterEach, describe, expect, test, vi } from "vitest";
import { homeOf } from "../../../src/kernels/arena.js";

describe("alloc", () => {
  test("makes arrays of zeros of either type, at multiples of 64 bytes, in one memory", () => {
    const x = alloc(1000);
    const y = alloc(3, "float64");
    const z = alloc(0);
    expect([x, y, z].map((array) => [array.constructor.name, array.length])).toEqual([
      ["Float32Array", 1000],
      ["Float64Array", 3],
      ["Float32Array", 0],
    ]);
    for (const array of [x, y, z]) {
      expect(array.every((value) => value === 0)).toBe(true);
      expect(array.byteOffset % 64).toBe(0);
      expect(homeOf(array)).toBe(homeOf(x));
    }
    expect(homeOf(x)).toBeDefined();
    [x, y, z].forEach(free);
  });

  test("never hands out one place twice, and every element of what it hands out is zero", () => {
    const arrays: Float32Array[] = [];
    let seed = 1;
    for (let i = 0; i < 2000; i++) {
      seed = (seed * 48_271) % 2_147_483_647;
      if (seed % 5 < 2 && arrays.length > 0) {
        const [gone] = arrays.splice(seed % arrays.length, 1);
        free(gone!);
        continue;
      }
      const array = alloc(seed % 5000);
      expect(array.every((value) => value === 0)).toBe(true);
      for (const other of arrays) {
        const isApart =
          other.buffer !== array.buffer ||
          array.byteOffset + Math.max(1, array.byteLength) <= other.byteOffset ||
          other.byteOffset + Math.max(1, other.byteLength) <= array.byteOffset;
        if (!isApart) expect.fail(`array ${i} lies over another`);
      }
      arrays.push(array.fill(i));
    }
    arrays.forEach(free);
    // With all given back the gaps have joined: one array as large as all of them fits where they were.
    const first = alloc(1_000_000);
    expect(first.byteOffset).toBe(Math.min(...arrays.map((array) => array.byteOffset)));
    free(first);
  });

  test("stays where it is when more memory is needed than one arena has", () => {
    const x = alloc(10).fill(7);
    const large = Array.from({ length: 5 }, () => alloc(2 ** 26)); // 256 MB each, never written to
    expect(new Set(large.map((array) => array.buffer)).size).toBeGreaterThan(1);
    expect([...x]).toEqual(Array(10).fill(7));
    expect(large.every((array) => array.length === 2 ** 26 && array[2 ** 26 - 1] === 0)).toBe(true);
    [x, ...large].forEach(free);
  });

  test("says what is wrong", () => {
    expect(() => alloc(-1)).toThrow(new RangeError("alloc: n must be a whole number in [0, 1073479681), got -1"));
    expect(() => alloc(1.5)).toThrow(RangeError);
    expect(() => alloc("5" as never)).toThrow(new TypeError('alloc: n must be a whole number, got "5"'));
    expect(() => alloc(5, "float16" as never)).toThrow(
      new RangeError('alloc: type must be "float32" or "float64", got "float16"'),
    );
  });
});

describe("free", () => {
  const message = (got: string): TypeError =>
    new TypeError(`free: array must be one that alloc returned and that was not freed before, got ${got}`);

  test("takes only arrays from alloc, once", () => {
    const x = alloc(8);
    expect(() => free(x.subarray(4))).toThrow(message("Float32Array of 4"));
    expect(() => free(x.subarray(0, 1)), "a part from the beginning is not the array").toThrow(
      message("Float32Array of 1"),
    );
    expect(alloc(1).byteOffset).not.toBe(x.byteOffset);
    expect(() => free(new Float32Array(8))).toThrow(message("Float32Array of 8"));
    expect(() => free(undefined as never)).toThrow(message("undefined"));
    free(x);
    expect(() => free(x)).toThrow(message("Float32Array of 8"));
  });
});

describe("where memory is short", () => {
  const { WebAssembly: original } = globalThis as unknown as {
    WebAssembly: { Module: unknown; Instance: unknown; Memory: new (limits: { initial: number }) => object };
  };
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** The library anew, with an engine that grants at most `pages` of 64 kB. */
  async function limited(pages: number): Promise<typeof import("hadamask")> {
    const { Module, Instance } = original;
    const Memory = new Proxy(original.Memory, {
      construct(target, [limits]) {
        if (limits.initial > pages) throw new RangeError("WebAssembly.Memory(): could not allocate memory");
        return new target(limits);
      },
    });
    vi.stubGlobal("WebAssembly", { Module, Instance, Memory });
    vi.resetModules();
    return import("hadamask");
  }

  test("asks for less address space", async () => {
    const small = await limited(1000);
    const x = small.alloc(100_000);
    expect(x.buffer.byteLength).toBeLessThanOrEqual(1000 * 65_536);
    expect(x.buffer.byteLength).toBeGreaterThan(250 * 65_536);
  });

  test("says how much it could not have, and what to do", async () => {
    const small = await limited(100);
    expect(() => small.alloc(4_000_000)).toThrow(
      "alloc: the system grants no 16000000 bytes; free arrays with free(), or use ordinary arrays",
    );
    expect(small.alloc(400_000)).toHaveLength(400_000);
  });
});
