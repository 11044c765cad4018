// WebAssembly that stands in the sources as text.

/** Compiles a module once; what it returns gives undefined where WebAssembly SIMD is missing or forbidden. */
export function wasmModule(base64: string): () => WebAssembly.Module | undefined {
  let module: WebAssembly.Module | undefined;
  return () => {
    try {
      module ??= new WebAssembly.Module(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
    } catch {
      return undefined;
    }
    return module;
  };
}

/** A memory of so many pages; undefined where the machine does not grant it. */
export function wasmMemory(pages: number): WebAssembly.Memory | undefined {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  } catch {
    return undefined;
  }
}
