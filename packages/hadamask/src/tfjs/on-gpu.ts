// Programs of hadamask/webgpu on tensors of the "webgpu" back end, in the buffers that it keeps them in. Knows no
// layer.
//
// That back end is the package @tensorflow/tfjs-backend-webgpu. Our commands go into its encoder, between its own.

import * as tf from "@tensorflow/tfjs";
import type { GpuBuffer, GpuDevice, GpuEncoder } from "../webgpu/device.js";
import type { GpuDropout } from "../webgpu/gpu-dropout.js";
import { programsOf } from "../webgpu/programs.js";

/** The arrays of one call, and the encoder that it belongs to. */
export interface OnGpuCall {
  readonly x: GpuBuffer;
  readonly out: GpuBuffer;
  readonly length: number;
  readonly encoder: GpuEncoder;
}

/** Writes what becomes of `x` to `out`. */
export type OnGpu = (gpu: GpuDropout, call: OnGpuCall) => void;

const KERNEL = "HadamaskOnGpu";

/** What is used of the back end (backend_webgpu.ts of TensorFlow.js 4.22). */
interface WebgpuBackend {
  readonly device: GpuDevice;
  readonly commandEncoder: GpuEncoder;
  readonly tensorMap: { get(id: object): { resource: GpuBuffer; values: Float32Array | undefined } };
  /** Tensors that commands in the encoder use: their buffers may not be given to others before it is submitted. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  makeTensorInfo(shape: number[], dtype: "float32"): tf.TensorInfo;
  uploadToGPU(id: object): void;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
}

function run(x: tf.TensorInfo, backend: WebgpuBackend, write: OnGpu): tf.TensorInfo {
  const y = backend.makeTensorInfo(x.shape, "float32");
  const length = tf.util.sizeFromShape(x.shape);
  if (length === 0) {
    backend.tensorMap.get(y.dataId).values = new Float32Array(0);
    return y;
  }
  for (const { dataId } of [x, y]) {
    backend.uploadToGPU(dataId); // a tensor that was made on this side and not used yet is there only now
    backend.commandQueueOwnedIds.add(dataId);
  }
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  const buffer = (info: tf.TensorInfo): GpuBuffer => backend.tensorMap.get(info.dataId).resource;
  write(programsOf(backend.device), { x: buffer(x), out: buffer(y), length, encoder: backend.commandEncoder });
  return y;
}

if (tf.getKernel(KERNEL, "webgpu") === undefined) {
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend, attrs }) => run(inputs.x!, backend as never, attrs!.write as never),
  });
}

/** Whether tensors are in the memory of a WebGPU device. */
export const isOnGpu = (): boolean => tf.getBackend() === "webgpu";

/** A new tensor, of the shape of `x`. Gradients are the caller's business. */
export const writeOnGpu = (x: tf.Tensor, write: OnGpu): tf.Tensor =>
  tf.engine().runKernel(KERNEL, { x }, { write: write as never });
