// `hadamask bench --gpu`: dropout on the first WebGPU device that Node finds, beside a copy and a kernel y = c x.

import { Failure } from "../failure.js";
import { blocksPerElement, gpuCases } from "./gpu-cases.js";
import { type BenchDevice, type GpuResult, measureGpu } from "./gpu-measure.js";

export interface GpuReport {
  /** What the driver says it is. */
  readonly device: string;
  /** Software devices say nothing of a card's bandwidth. */
  readonly isSoftware: boolean;
  readonly timestamps: boolean;
  readonly results: readonly GpuResult[];
  /** Hash blocks an element, by rate. */
  readonly blocks: readonly { readonly rate: number; readonly alone: number; readonly together: number }[];
}

interface Adapter {
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  readonly features: { has(name: string): boolean };
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number };
  requestDevice(descriptor: object): Promise<BenchDevice>;
}

interface Dawn {
  create(flags: readonly string[]): { requestAdapter(options?: object): Promise<Adapter | null> };
}

/** Kept for the life of the process: devices end with it. */
const kept: unknown[] = [];

/** Opens a device, with timestamps and the largest buffers where it has them. */
export async function openGpu(): Promise<{ device: BenchDevice; adapter: Adapter }> {
  const name: string = "webgpu"; // an optional peer of the library, without types for this package
  let dawn: Dawn;
  try {
    dawn = (await import(name)) as Dawn;
  } catch (cause) {
    throw new Failure("bench: --gpu needs the npm package webgpu; run npm install webgpu", { cause });
  }
  const gpu = dawn.create([]);
  kept.push(gpu);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    throw new Failure(
      "bench: --gpu found no device; name a driver with VK_DRIVER_FILES, or see docs/webgpu.md for one in software",
    );
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const requiredFeatures = adapter.features.has("timestamp-query") ? ["timestamp-query"] : [];
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
  return { device: await adapter.requestDevice({ requiredFeatures, requiredLimits }), adapter };
}

/** @param n Elements; by default 64M, and 1M on a software device. */
export async function benchGpu(options: { readonly n?: number; readonly rounds: number }): Promise<GpuReport> {
  const { device, adapter } = await openGpu();
  const { vendor, architecture, description } = adapter.info;
  const isSoftware = /swiftshader|llvmpipe|lavapipe|software/i.test(`${architecture} ${description}`);
  const { cases, close } = gpuCases(device, options.n ?? (isSoftware ? 2 ** 20 : 2 ** 26));
  const results = await measureGpu(device, cases, options.rounds);
  close();
  return {
    device: [vendor, architecture, description].filter((part) => part !== "").join(", "),
    isSoftware,
    timestamps: device.features.has("timestamp-query"),
    results,
    blocks: [0.5, 0.25, 0.1].map((rate) => ({ rate, ...blocksPerElement(rate) })),
  };
}

/** The report as a table. */
export function gpuLines(report: GpuReport): string[] {
  const width = Math.max(...report.results.map(({ name }) => name.length));
  const row = (name: string, ns: string, gb: string, ratio: string): string =>
    `  ${name.padEnd(width)}  ${ns.padStart(12)}  ${gb.padStart(8)}  ${ratio.padStart(11)}`;
  return [
    `${report.device}; ${report.timestamps ? "its own timestamps" : "times on this side"}`,
    ...(report.isSoftware ? ["a software device: the times say nothing of what a card does"] : []),
    "",
    row("", "ns / element", "GB/s", "of y = c x"),
    ...report.results.map(({ name, ns, gbPerSecond, ratio }) =>
      row(name, ns.toPrecision(3), gbPerSecond.toPrecision(3), ratio.toFixed(2)),
    ),
    "",
    '"of y = c x": time as a multiple of that kernel\'s for as many bytes, in the same round.',
    ...report.blocks.map(
      ({ rate, alone, together }) =>
        `rate ${rate}: ${alone.toFixed(3)} hash blocks an element, ${together.toFixed(3)} where 32 threads keep step`,
    ),
  ];
}
