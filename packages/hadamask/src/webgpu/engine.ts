// One device: its pipelines, compiled once each, and how dispatches get into an encoder. Knows no dropout.

import type { GpuBinding, GpuBuffer, GpuDevice, GpuEncoder, GpuPipeline } from "./device.js";
import { USAGE } from "./device.js";
import { normalTable } from "./normal-table.js";
import { PARAMETER_BYTES, type Parameters, parameterWords } from "./wgsl/parameters.js";

/** One run of a program. */
export interface Dispatch {
  /** Tells the program from all others. */
  readonly name: string;
  readonly code: () => string;
  readonly parameters: Parameters;
  /** By the numbers of the shader's bindings; 0 is the parameters'. */
  readonly bindings: Readonly<Record<number, GpuBinding | undefined>>;
  /** Workgroups. */
  readonly groups: number;
}

export interface Engine {
  readonly device: GpuDevice;
  /**
   * Writes `dispatches` into `encoder`, as one compute pass; without an encoder into one of its own, and submits that.
   */
  run(where: string, dispatches: readonly Dispatch[], encoder: GpuEncoder | undefined): void;
  /** A buffer for `bytes`, the same one every time: dispatches of one pass read what others before them wrote. */
  scratch(bytes: number): GpuBuffer;
  /** A buffer that holds `words`, for the dispatches of one call. */
  upload(words: Uint32Array): GpuBuffer;
  /** The table of normal numbers. */
  table(): GpuBinding;
  dispose(): void;
}

/** From one set of parameters to the next: the largest `minUniformBufferOffsetAlignment` that a device may ask. */
const SLOT = Math.ceil(PARAMETER_BYTES / 256) * 256;

/** Sets of parameters in a buffer. */
const SLOTS = 256;

export function createEngine(device: GpuDevice): Engine {
  const pipelines = new Map<string, GpuPipeline>();
  const parameterBuffer = (slots: number): GpuBuffer =>
    device.createBuffer({ label: "hadamask parameters", size: slots * SLOT, usage: USAGE.uniform | USAGE.copyDst });
  let own: GpuBuffer | undefined;
  let lent: GpuBuffer | undefined;
  let lentSlots = 0;
  let held: GpuBuffer | undefined;
  let numbers: GpuBuffer | undefined;
  let lost: string | undefined;
  let isDisposed = false;
  device.lost.then(({ reason, message }) => {
    lost = message || reason;
  });

  function pipelineOf({ name, code }: Dispatch): GpuPipeline {
    let pipeline = pipelines.get(name);
    if (pipeline === undefined) {
      const label = `hadamask ${name}`;
      const module = device.createShaderModule({ label, code: code() });
      pipeline = device.createComputePipeline({ label, layout: "auto", compute: { module, entryPoint: "main" } });
      pipelines.set(name, pipeline);
    }
    return pipeline;
  }

  /**
   * Where the parameters of `count` dispatches go. What is written to a queue comes before everything that is
   * submitted later: our own submissions can share one buffer, but nobody knows when a caller will submit, so those
   * slots are used once, and buffers that are full are left to the garbage collector.
   */
  function slots(count: number, isOwn: boolean): { buffer: GpuBuffer; first: number } {
    if (isOwn && count <= SLOTS) {
      own ??= parameterBuffer(SLOTS);
      return { buffer: own, first: 0 };
    }
    if (count > SLOTS) return { buffer: parameterBuffer(count), first: 0 };
    if (lent === undefined || lentSlots + count > SLOTS) {
      lent = parameterBuffer(SLOTS);
      lentSlots = 0;
    }
    lentSlots += count;
    return { buffer: lent, first: lentSlots - count };
  }

  return {
    device,
    run(where, dispatches, encoder) {
      if (isDisposed) throw new Error(`${where}: this was disposed of; call gpuDropout(device) again`);
      if (lost !== undefined) {
        throw new Error(
          `${where}: the device is lost (${lost}); ask its adapter for another, and call gpuDropout again`,
        );
      }
      if (dispatches.length === 0) return;
      const most = device.limits.maxComputeWorkgroupsPerDimension;
      const { buffer, first } = slots(dispatches.length, encoder === undefined);
      const words = new Uint32Array((dispatches.length * SLOT) / 4);
      const to = encoder ?? device.createCommandEncoder();
      const pass = to.beginComputePass();
      dispatches.forEach((dispatch, d) => {
        const x = Math.min(dispatch.groups, most);
        words.set(parameterWords({ ...dispatch.parameters, gridWidth: x }), (d * SLOT) / 4);
        const pipeline = pipelineOf(dispatch);
        const entries = [
          { binding: 0, resource: { buffer, offset: (first + d) * SLOT, size: PARAMETER_BYTES } },
          ...Object.entries(dispatch.bindings).flatMap(([binding, resource]) =>
            resource === undefined ? [] : [{ binding: Number(binding), resource }],
          ),
        ];
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
        pass.dispatchWorkgroups(x, Math.ceil(dispatch.groups / x));
      });
      pass.end();
      device.queue.writeBuffer(buffer, first * SLOT, words);
      if (encoder === undefined) device.queue.submit([to.finish()]);
    },
    scratch(bytes) {
      const size = Math.max(256, 2 ** Math.ceil(Math.log2(bytes)));
      // One that is outgrown may still be in an encoder of the caller's: it is not destroyed.
      if (held === undefined || held.size < size) {
        held = device.createBuffer({ label: "hadamask decisions", size, usage: USAGE.storage });
      }
      return held;
    },
    upload(words) {
      const usage = USAGE.storage | USAGE.copyDst;
      const buffer = device.createBuffer({ label: "hadamask keys", size: Math.max(4, words.byteLength), usage });
      device.queue.writeBuffer(buffer, 0, words);
      return buffer;
    },
    table() {
      if (numbers === undefined) {
        const values = normalTable();
        const usage = USAGE.storage | USAGE.copyDst;
        numbers = device.createBuffer({ label: "hadamask normal numbers", size: values.byteLength, usage });
        device.queue.writeBuffer(numbers, 0, values);
      }
      return { buffer: numbers, offset: 0, size: numbers.size };
    },
    dispose() {
      isDisposed = true;
      for (const buffer of [own, lent, held, numbers]) buffer?.destroy();
      pipelines.clear();
    },
  };
}
