/**
 * Dropout on arrays in GPU memory, with the masks of the CPU.
 *
 * @module hadamask/webgpu
 */
// Re-exports only.

export type * from "./webgpu/calls.js";
export type { GpuArray, GpuBuffer, GpuDevice, GpuEncoder, GpuSlice } from "./webgpu/device.js";
export { type GpuDropout, gpuDropout } from "./webgpu/gpu-dropout.js";
export type { Dtype } from "./webgpu/wgsl/elements.js";
