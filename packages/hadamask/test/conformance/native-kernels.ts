// The kernels of @hadamask/native as the conformance suite sees them: every level of this processor, and the memories
// that its arrays may lie in.

import type { Kernel } from "../../src/kernels/kernel.js";
import { nativeKernel } from "../../src/kernels/native.js";
import { findNative, type NativeAddon } from "../../src/kernels/native-addon.js";
import { Pool } from "../../src/pool/pool.js";
import { heap, inArena, type Make, onCpu, type Subject } from "./kernels.js";

/** The addon, if it is built; and why its kernels are tested, or not. */
export const addon: NativeAddon | undefined = findNative();
export const nativeReason: string =
  addon === undefined ? "needs @hadamask/native; npm run build:native" : `levels ${addon.levels.join(", ")}`;
if (addon === undefined) console.log(`native kernels are not tested: ${nativeReason}`);

/** The native kernel as it is on a processor that has no more than `level`. */
function atLevel(native: NativeAddon, level: string): Kernel {
  const kernel = nativeKernel(native);
  const using =
    <A extends unknown[]>(call: (...args: A) => void) =>
    (...args: A): void => {
      native.use(level);
      call(...args);
    };
  return {
    name: `native ${level}`,
    mask: using(kernel.mask),
    dropout: using(kernel.dropout),
    apply: using(kernel.apply),
    normals: using(kernel.normals),
    multiplyByNormals: using(kernel.multiplyByNormals),
  };
}

/** Arrays over buffers of a kind. */
const over =
  (bufferOf: (bytes: number) => ArrayBufferLike): Make =>
  (n, type) =>
    type === "float32" ? new Float32Array(bufferOf(4 * n), 0, n) : new Float64Array(bufferOf(8 * n), 0, n);

const ResizableBuffer = ArrayBuffer as new (bytes: number, options: { maxByteLength: number }) => ArrayBuffer;
const shared = over((bytes) => new SharedArrayBuffer(bytes));
const resizable = over((bytes) => new ResizableBuffer(bytes, { maxByteLength: bytes + 4096 }));

/** Never closed: it does not keep the process running. */
function inPool(native: NativeAddon): Make {
  const pool = new Pool(3, native);
  return (n, type) => (type === "float32" ? pool.alloc(n) : pool.alloc(n, "float64"));
}

function subjectsOf(native: NativeAddon): Subject[] {
  const kernel = atLevel(native, native.levels[0]!);
  const pooled = inPool(native);
  return [
    ...native.levels.map((level) => ({ name: `native, ${level}`, kernel: atLevel(native, level), ...heap })),
    { name: "native, arrays from alloc", kernel, ...onCpu, makeInput: inArena, makeOutput: inArena },
    { name: "native, shared arrays", kernel, ...onCpu, makeInput: shared, makeOutput: shared },
    { name: "native, resizable arrays", kernel, ...onCpu, makeInput: resizable, makeOutput: resizable },
    { name: "native, arrays from a pool of three threads", kernel, ...onCpu, makeInput: pooled, makeOutput: pooled },
  ];
}

export const NATIVE_SUBJECTS: readonly Subject[] = addon === undefined ? [] : subjectsOf(addon);
