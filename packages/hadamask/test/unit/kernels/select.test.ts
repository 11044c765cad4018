import { afterEach, describe, expect, test, vi } from "vitest";

const { WebAssembly: original } = globalThis as unknown as { WebAssembly: Record<string, unknown> };

/** The library and its kernel choice anew, with another WebAssembly in place of the engine's. */
async function load(webAssembly: unknown) {
  vi.stubGlobal("WebAssembly", webAssembly);
  vi.resetModules();
  const { kernel } = await import("../../../src/kernels/select.js");
  return { kernel: kernel(), library: await import("hadamask") };
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
    vi.resetModules();
  });

  test("is the SIMD kernel here", async () => {
    expect((await load(original)).kernel.name).toBe("simd");
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
    expect(kernel.name).toBe("scalar");
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
