// Arrays that our programs write where jax-js keeps them: nothing is sent to the device but a key. Knows no mask.

import "./navigator.js";
import { defaultDevice, getWebGPUDevice, type Array as JaxArray, numpy as np } from "@jax-js/jax";
import { sizeOf } from "../check.js";
import type { GpuBuffer, GpuDevice } from "../webgpu/device.js";
import type { GpuDropout } from "../webgpu/gpu-dropout.js";
import { programsOf } from "../webgpu/programs.js";

/** Whether new arrays are in the memory of a WebGPU device. */
export const isOnGpu = (): boolean => defaultDevice() === "webgpu";

/** A new array of `shape`, written by `write` before anything reads it: both go to the device's one queue. */
export function writtenOnGpu(
  shape: readonly number[],
  dtype: typeof np.float32 | typeof np.uint32,
  write: (gpu: GpuDropout, out: GpuBuffer, length: number) => void,
): JaxArray {
  const array = np.zeros([...shape], { dtype });
  const out = array.ref.gpuBufferSync() as GpuBuffer;
  write(programsOf(getWebGPUDevice() as GpuDevice), out, sizeOf(shape));
  return array;
}
