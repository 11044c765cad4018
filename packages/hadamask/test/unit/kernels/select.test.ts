import { afterEach, describe, expect, test, vi } from "vitest";

const { WebAssembly: original } = globalThis as unknown as { WebAssembly: Record<string, unknown> };

/** The library and its kernel choice anew, with another WebAssembly in place of the engine's, and without the addon. */
async function load(webAssembly: unknown, wanted = "", native: (() => unknown) | undefined = undefined) {
  vi.stubGlobal("WebAssembly", webAssembly);
  vi.stubEnv("HADAMASK_KERNEL", wanted);
  vi.resetModules();
  vi.doMock("../../../src/kernels/load-native.js", () => ({ loadNative: native ?? none }));
  const library = await import("hadamask");
  const { kernel } = await import("../../../src/kernels/select.js");
  return { kernel, library };
}

function none(): never {
  throw new Error("Cannot find module '@hadamask/native'");
}

/** As where the page's content security policy has no 'wasm-unsafe-eval'. */
class Forbidden {
  constructor() {
    throw new Error("WebAssembly.Module(): Wasm code generation disallowed by embedder");
  }
}

describe("the kernel of this machine", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    vi.doUnmock("../../../src/kernels/load-native.js");
    vi.resetModules();
  });

  test("is the SIMD kernel where there is no native one", async () => {
    expect((await load(original)).library.kernelName()).toBe("simd");
  });

  test("is the native kernel where there is an addon, and does what the addon does", async () => {
    const parameters = new Float64Array(16);
    const addon = { parameters, dropout: vi.fn((_: Float32Array, out: Float32Array) => void out.fill(7)) };
    const { library } = await load(original, "", () => addon);
    expect(library.kernelName()).toBe("native");
    const y = library.dropout(new Float32Array(1000), { rate: 0.5, key: library.key(42), offset: 3 });
    expect(y.every((value) => value === 7)).toBe(true);
    expect([...parameters.slice(0, 5)]).toEqual([0, 42, 2 ** 52, 3, 2]);
  });

  test.each(["native", "simd", "scalar"] as const)("is the one that HADAMASK_KERNEL names: %s", async (name) => {
    expect((await load(original, name, () => ({ parameters: new Float64Array(16) }))).library.kernelName()).toBe(name);
  });

  test("says what HADAMASK_KERNEL may be, and what is missing", async () => {
    const { library } = await load(original, "fast");
    expect(() => library.kernelName()).toThrow('HADAMASK_KERNEL must be native, simd or scalar, got "fast"');
    const needing = (await load(original, "native")).library;
    expect(() => needing.dropout(new Float32Array(100), { rate: 0.5, key: library.key(1) })).toThrow(
      "HADAMASK_KERNEL=native: needs @hadamask/native; Cannot find module '@hadamask/native'",
    );
    const simd = (await load(undefined, "simd")).library;
    expect(() => simd.kernelName()).toThrow("HADAMASK_KERNEL=simd: needs WebAssembly with SIMD");
  });

  test.each([
    ["there is no WebAssembly", undefined],
    ["a security policy forbids it", { Module: Forbidden, Memory: original.Memory, Instance: original.Instance }],
  ])("is the scalar kernel where %s, and everything gives the same bits without it", async (_, webAssembly) => {
    const fast = (await load(original)).library;
    const x = Float32Array.from({ length: 5000 }, (_, i) => i - 2500.5);
    const key = fast.key(42);
    const y = fast.dropout(x, { rate: 0.3, key });
    const mask = fast.keepMask(5000, { rate: 0.3, key, offset: 17 });

    const { kernel, library } = await load(webAssembly);
    expect(kernel().name).toBe("scalar");
    expect(library.dropout(x, { rate: 0.3, key })).toEqual(y);
    expect(library.keepMask(5000, { rate: 0.3, key, offset: 17 })).toEqual(mask);
    const own = library.alloc(5000);
    own.set(x);
    expect(library.dropout(own, { rate: 0.3, key, out: own })).toEqual(y);
    library.free(own);
    expect(() => library.free(own)).toThrow("free: array must be one that alloc returned");
    expect(library.alloc(3, "float64")).toEqual(new Float64Array(3));
  });
});
