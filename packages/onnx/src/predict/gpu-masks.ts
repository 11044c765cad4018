// Masks made where a session on WebGPU runs: the runtime's own device draws them into buffers that its tensors name,
// and only keys are sent. Knows tensors and keys; knows no session.
//
// In browsers the runtime shows its device. In Node it has one inside (onnxruntime-node 1.30 on Linux), which nothing
// outside can reach: there masks are made on this side and handed over.

import { type Key, passKey } from "hadamask";
import type { GpuBuffer, GpuDevice, GpuDropout } from "hadamask/webgpu";
import type { Draw, Slots } from "./draw.js";
import type { MaskShape } from "./layout.js";
import type { Ort, OrtTensor, SessionOptions } from "./ort.js";

/** STORAGE | COPY_SRC | COPY_DST: what the runtime asks of buffers. */
const USAGE = 0x8c;

/** The runtime's kernels read whole vectors. */
const ALIGNMENT = 16;

interface GpuOrt {
  readonly env?: { readonly webgpu?: { readonly device?: GpuDevice | Promise<GpuDevice> } };
  readonly Tensor: {
    fromGpuBuffer?(buffer: GpuBuffer, options: { dataType: "bool"; dims: readonly number[] }): OrtTensor;
  };
}

/** One site's masks, in a buffer that every run uses again. */
export interface GpuSite {
  /** The masks of a run as booleans; undefined where they have to be made on this side. */
  masks(shape: MaskShape, length: number, slots: Slots, draw: Draw, key: Key, keep: number): OrtTensor | undefined;
  release(): void;
}

/** Makes what draws for one site. */
export type OpenGpuSite = () => GpuSite;

/** Whether `options` ask for WebGPU before anything else. */
function isForGpu({ executionProviders }: SessionOptions): boolean {
  const [first] = Array.isArray(executionProviders) ? (executionProviders as unknown[]) : [];
  return first === "webgpu" || (first as { name?: unknown } | undefined)?.name === "webgpu";
}

/**
 * The way to draw on the device of sessions with `options`; undefined where there is none that can be reached. A
 * session has to be there already: the runtime opens its device with the first.
 */
export async function openGpuMasks(ort: Ort, options: SessionOptions): Promise<OpenGpuSite | undefined> {
  const runtime = ort as unknown as GpuOrt;
  if (!isForGpu(options) || typeof runtime.Tensor.fromGpuBuffer !== "function") return undefined;
  const device = await runtime.env?.webgpu?.device;
  if (device === undefined) return undefined;
  const { gpuDropout } = await import("hadamask/webgpu"); // only where it is wanted
  const gpu = gpuDropout(device);
  return () => gpuSite(runtime, device, gpu);
}

function gpuSite(ort: GpuOrt, device: GpuDevice, gpu: GpuDropout): GpuSite {
  let buffer: GpuBuffer | undefined;

  /** A buffer of `bytes`. No run begins before the one before it has ended, so it may be the last one's. */
  function bufferOf(bytes: number): GpuBuffer {
    const size = Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (buffer?.size === size) return buffer;
    buffer?.destroy();
    buffer = device.createBuffer({ label: "hadamask masks", size, usage: USAGE });
    return buffer;
  }

  return {
    masks(shape, length, slots, draw, key, keep) {
      const { perRow, pieces, isRowless } = shape;
      const perPass = Math.min(slots.count, length);
      const passes = Math.ceil(length / perPass);
      // Rows in several pieces are not one after another, and a pass has to begin with a word.
      const isContiguous = pieces === 1 || length === 1;
      if (!isContiguous || (passes > 1 && (perPass * perRow) % 4 !== 0)) return undefined;
      const isConsistent = draw.masks === "consistent" || isRowless;
      const out = bufferOf(length * perRow);
      for (let p = 0; p < passes; p++) {
        const first = p * perPass;
        const rows = Math.min(perPass, length - first);
        const ids = Array.from(slots.rows.subarray(first, first + rows), (row) => draw.sampleIds[row]!);
        gpu.keepBytes({
          out: { buffer: out, offset: first * perRow },
          length: rows * perRow,
          keep,
          key: passKey(key, slots.firstPass + p),
          shape: [rows, perRow],
          ...(isConsistent ? { sharedAxes: [0] } : { sampleIds: ids }),
        });
      }
      return ort.Tensor.fromGpuBuffer!(out, { dataType: "bool", dims: shape.dims(length) });
    },
    release() {
      buffer?.destroy();
      buffer = undefined;
    },
  };
}
