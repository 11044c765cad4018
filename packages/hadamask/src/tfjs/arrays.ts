// Loops over the arrays behind tensors, where the back end has them on this side. Knows no noise.
//
// The engine can only multiply and select, an operation and an array for each; a layer of the library does both in
// one pass. So it is registered as a kernel of the back ends whose memory can be reached: "cpu" keeps typed arrays,
// "wasm" the memory of its module.

import * as tf from "@tensorflow/tfjs";

/** Writes what becomes of `x` to `out`, which has the same length and holds anything before. */
export type OnArrays = (x: Float32Array, out: Float32Array) => void;

const KERNEL = "HadamaskOnArrays";

interface CpuBackend {
  readonly data: { get(id: object): { readonly values: Float32Array } };
  makeTensorInfo(shape: number[], dtype: "float32", values: Float32Array): tf.TensorInfo;
}

interface WasmBackend {
  makeOutput(shape: number[], dtype: "float32"): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

function runOnCpu(x: tf.TensorInfo, backend: CpuBackend, map: OnArrays): tf.TensorInfo {
  const { values } = backend.data.get(x.dataId);
  const out = new Float32Array(values.length);
  map(values, out);
  return backend.makeTensorInfo(x.shape, "float32", out);
}

function runOnWasm(x: tf.TensorInfo, backend: WasmBackend, map: OnArrays): tf.TensorInfo {
  const y = backend.makeOutput(x.shape, "float32"); // first: it may move the memory
  map(backend.typedArrayFromHeap(x), backend.typedArrayFromHeap(y));
  return y;
}

const RUN: Readonly<Record<string, (x: tf.TensorInfo, backend: never, map: OnArrays) => tf.TensorInfo>> = {
  cpu: runOnCpu,
  wasm: runOnWasm,
};

for (const [backendName, run] of Object.entries(RUN)) {
  if (tf.getKernel(KERNEL, backendName) !== undefined) continue; // a second copy of this library
  tf.registerKernel({
    kernelName: KERNEL,
    backendName,
    kernelFunc: ({ inputs, backend, attrs }) => run(inputs.x!, backend as never, attrs!.map as never),
  });
}

/** Whether the arrays of the present back end can be reached. */
export const hasArrays = (): boolean => tf.getBackend() in RUN;

/** A new tensor, of the shape of `x`. Gradients are the caller's business. */
export const mapArrays = (x: tf.Tensor, map: OnArrays): tf.Tensor =>
  tf.engine().runKernel(KERNEL, { x }, { map: map as never });
