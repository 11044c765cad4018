// What this library needs of WebGPU, as types. The objects of browsers and of Dawn fit them, and so do those of
// @webgpu/types: nothing has to be installed for them.

/** A `GPUBuffer`. */
export interface GpuBuffer {
  readonly size: number;
  readonly usage: number;
  readonly mapState?: string;
  destroy(): void;
}

/** A buffer from a byte on. */
export interface GpuSlice {
  readonly buffer: GpuBuffer;
  /** In bytes, a multiple of 4. Default 0. */
  readonly offset?: number;
}

/** Where an array lies: a buffer from its start, or from a byte on. */
export type GpuArray = GpuBuffer | GpuSlice;

/** A `GPUComputePassEncoder`. */
export interface GpuPass {
  setPipeline(pipeline: GpuPipeline): void;
  setBindGroup(index: number, group: object | null): void;
  dispatchWorkgroups(x: number, y?: number): void;
  end(): void;
}

/** A `GPUCommandEncoder`. */
export interface GpuEncoder {
  beginComputePass(): GpuPass;
  finish(): object;
}

/** A `GPUComputePipeline`. */
export interface GpuPipeline {
  getBindGroupLayout(index: number): object;
}

/** A part of a buffer, as a shader sees it. */
export interface GpuBinding {
  readonly buffer: GpuBuffer;
  readonly offset: number;
  readonly size: number;
}

/** A `GPUDevice`. */
export interface GpuDevice {
  readonly limits: {
    readonly maxStorageBufferBindingSize: number;
    readonly maxComputeWorkgroupsPerDimension: number;
  };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  readonly queue: {
    submit(commands: object[]): void;
    writeBuffer(buffer: GpuBuffer, offset: number, data: ArrayBuffer | ArrayBufferView): void;
  };
  createBuffer(descriptor: { label?: string; size: number; usage: number }): GpuBuffer;
  createShaderModule(descriptor: { label?: string; code: string }): object;
  createComputePipeline(descriptor: {
    label?: string;
    layout: object | "auto";
    compute: { module: object; entryPoint?: string };
  }): GpuPipeline;
  createBindGroup(descriptor: { layout: object; entries: object[] }): object;
  createCommandEncoder(): GpuEncoder;
}

/** Bits of `GPUBuffer.usage` (WebGPU, section "Buffer usages"); the global `GPUBufferUsage` is not everywhere. */
export const USAGE = { copyDst: 0x08, uniform: 0x40, storage: 0x80 } as const;
