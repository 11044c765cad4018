// Times commands on a WebGPU device: by its own clock where it has timestamps, and by ours where not. Knows no case.

import type { GpuBuffer, GpuDevice } from "hadamask/webgpu";

interface Pass {
  setPipeline(pipeline: object): void;
  setBindGroup(index: number, group: object | null): void;
  dispatchWorkgroups(x: number, y?: number): void;
  end(): void;
}

/** A `GPUCommandEncoder`, as far as it is used here. */
export interface BenchEncoder {
  beginComputePass(descriptor?: object): Pass;
  copyBufferToBuffer(from: GpuBuffer, fromOffset: number, to: GpuBuffer, toOffset: number, size: number): void;
  resolveQuerySet(set: object, first: number, count: number, to: GpuBuffer, offset: number): void;
  finish(): object;
}

/** A buffer that can be mapped. */
interface MappedBuffer extends GpuBuffer {
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
}

/** A `GPUDevice`, as far as it is used here. */
export type BenchDevice = Omit<GpuDevice, "createCommandEncoder" | "queue"> & {
  readonly features: { has(name: string): boolean };
  readonly queue: GpuDevice["queue"] & { onSubmittedWorkDone(): Promise<unknown> };
  createQuerySet(descriptor: { type: string; count: number }): object & { destroy(): void };
  createCommandEncoder(): BenchEncoder;
};

/** Something to be timed: `record` writes its commands into an encoder. */
export interface GpuCase {
  readonly name: string;
  readonly elements: number;
  /** Bytes that have to be read and written. */
  readonly bytes: number;
  record(encoder: BenchEncoder): void;
  /** Throws if what `record` left behind is wrong. */
  check?(read: (buffer: GpuBuffer, bytes: number) => Promise<ArrayBuffer>): Promise<void>;
}

export interface GpuResult {
  readonly name: string;
  readonly elements: number;
  /** Nanoseconds an element, the median of all rounds. */
  readonly ns: number;
  /** Bytes that have to be moved in that time: 10^9 a second. */
  readonly gbPerSecond: number;
  /** Time as a multiple of that of "y = c x" for as many bytes, in the same round: the median. */
  readonly ratio: number;
}

const BASELINE = "y = c x";
/** MAP_READ | COPY_DST, COPY_SRC | QUERY_RESOLVE. */
const USAGE = { read: 0x09, resolve: 0x204 } as const;

/** What a buffer holds. */
async function read(device: BenchDevice, buffer: GpuBuffer, bytes: number): Promise<ArrayBuffer> {
  const staging = device.createBuffer({ size: bytes, usage: USAGE.read }) as MappedBuffer;
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(1);
  const copy = staging.getMappedRange().slice(0);
  staging.destroy();
  return copy;
}

/** Nanoseconds of `repeats` runs of a case. */
async function timeOf(device: BenchDevice, item: GpuCase, repeats: number): Promise<number> {
  const encoder = device.createCommandEncoder();
  if (!device.features.has("timestamp-query")) {
    for (let i = 0; i < repeats; i++) item.record(encoder);
    await device.queue.onSubmittedWorkDone();
    const start = performance.now();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    return 1e6 * (performance.now() - start);
  }
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
  // Empty passes carry the timestamps: a copy has no pass of its own.
  encoder.beginComputePass({ timestampWrites: { querySet, endOfPassWriteIndex: 0 } }).end();
  for (let i = 0; i < repeats; i++) item.record(encoder);
  encoder.beginComputePass({ timestampWrites: { querySet, beginningOfPassWriteIndex: 1 } }).end();
  const resolved = device.createBuffer({ size: 16, usage: USAGE.resolve });
  encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
  device.queue.submit([encoder.finish()]);
  const [start, end] = new BigUint64Array(await read(device, resolved, 16));
  resolved.destroy();
  querySet.destroy();
  return Number(end! - start!);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Checks every case, then times them by turns, round after round. */
export async function measureGpu(device: BenchDevice, cases: readonly GpuCase[], rounds: number): Promise<GpuResult[]> {
  const repeats: number[] = [];
  for (const item of cases) {
    const encoder = device.createCommandEncoder();
    item.record(encoder);
    device.queue.submit([encoder.finish()]);
    try {
      await item.check?.((buffer, bytes) => read(device, buffer, bytes));
    } catch (cause) {
      throw new Error(`bench --gpu: ${item.name}: the result is wrong`, { cause });
    }
    repeats.push(Math.max(1, Math.min(50, Math.ceil(5e6 / (await timeOf(device, item, 1)))))); // some 5 ms a sample
  }
  const times = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, item] of cases.entries()) times[i]!.push((await timeOf(device, item, repeats[i]!)) / repeats[i]!);
  }
  const base = cases.findIndex(({ name }) => name === BASELINE);
  return cases.map(({ name, elements, bytes }, i) => {
    const perByte = cases[base]!.bytes / bytes;
    const time = median(times[i]!);
    return {
      name,
      elements,
      ns: time / elements,
      gbPerSecond: bytes / time,
      ratio: median(times[i]!.map((ns, round) => (ns * perByte) / times[base]![round]!)),
    };
  });
}
