// What is timed on a GPU: a copy, a kernel y = c x, and dropout in its forms, all on the same buffers. Runs in Node and
// in a page; knows neither.

import { dropout, type Key, keepMask, key } from "hadamask";
import { type GpuBuffer, type GpuDropout, gpuDropout } from "hadamask/webgpu";
import type { BenchDevice, GpuCase } from "./gpu-measure.js";

const KEY: Key = key(42);
const STORAGE = 0x80;
const COPIES = 0x0c; // COPY_SRC | COPY_DST
const SCALE = 1.25;

/** y = c x, four elements a thread: what any kernel that touches every element once has to pay. */
const SCALE_CODE = `
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(128)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) t: u32) {
  let first = (group.y * 65535u + group.x) * 2048u + t;
  for (var i = 0u; i < 2048u; i += 128u) {
    if (first + i < arrayLength(&x)) { y[first + i] = ${SCALE} * x[first + i]; }
  }
}`;

/** The cases for arrays of `n` elements, n a multiple of 8192 that one binding holds, and what frees them. */
export function gpuCases(device: BenchDevice, n: number): { cases: GpuCase[]; close: () => void } {
  const gpu: GpuDropout = gpuDropout(device);
  const make = (bytes: number): GpuBuffer => device.createBuffer({ size: bytes, usage: STORAGE | COPIES });
  const [x, y, bits] = [make(4 * n), make(4 * n), make(n / 8)];
  const values = Float32Array.from({ length: n }, (_, i) => 1 + (i % 1024) / 1024);
  device.queue.writeBuffer(x, 0, values);

  const module = device.createShaderModule({ code: SCALE_CODE });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  const entries = [x, y].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const groups = Math.ceil(n / 8192);

  function expectSame(found: ArrayLike<number>, expected: ArrayLike<number>): void {
    for (let i = 0; i < expected.length; i++) {
      if (found[i] !== expected[i]) throw new Error(`element ${i}: ${found[i]} instead of ${expected[i]}`);
    }
  }

  const plain = (rate: number, offset = 0): GpuCase => ({
    name: `dropout, rate ${rate}${offset === 0 ? "" : `, offset ${offset}`}`,
    elements: n,
    bytes: 8 * n,
    record: (encoder) => gpu.dropout({ x, out: y, length: n, rate, key: KEY, offset, encoder }),
    async check(read) {
      expectSame(new Float32Array(await read(y, 4 * n)), dropout(values, { rate, key: KEY, offset }));
    },
  });
  const mask = (rate: number): GpuCase => ({
    name: `keepMask, rate ${rate}`,
    elements: n,
    bytes: n / 8,
    record: (encoder) => gpu.keepMask({ out: bits, length: n, rate, key: KEY, encoder }),
    async check(read) {
      expectSame(new Uint32Array(await read(bits, n / 8)), keepMask(n, { rate, key: KEY }));
    },
  });
  const half = (rate: number): GpuCase => ({
    name: `dropout, float16, rate ${rate}`,
    elements: n,
    bytes: 4 * n,
    record: (encoder) => gpu.dropout({ x, out: y, length: n, rate, key: KEY, dtype: "float16", encoder }),
  });

  const cases: GpuCase[] = [
    {
      name: "copyBufferToBuffer",
      elements: n,
      bytes: 8 * n,
      record: (encoder) => encoder.copyBufferToBuffer(x, 0, y, 0, 4 * n),
    },
    {
      name: "y = c x",
      elements: n,
      bytes: 8 * n,
      record(encoder) {
        const pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, group);
        pass.dispatchWorkgroups(Math.min(groups, 65535), Math.ceil(groups / 65535));
        pass.end();
      },
      async check(read) {
        expectSame(
          new Float32Array(await read(y, 4 * n)),
          values.map((value) => value * SCALE),
        );
      },
    },
    plain(0.5),
    plain(0.25),
    plain(0.1),
    plain(0.1, 100),
    {
      name: "dropout in place, rate 0.5",
      elements: n,
      bytes: 8 * n,
      record: (encoder) => gpu.dropout({ x: y, out: y, length: n, rate: 0.5, key: KEY, encoder }),
    },
    half(0.5),
    half(0.1),
    mask(0.5),
    mask(0.1),
    {
      name: "gaussianDropout, rate 0.5",
      elements: n,
      bytes: 8 * n,
      record: (encoder) => gpu.gaussianDropout({ x, out: y, length: n, rate: 0.5, key: KEY, encoder }),
    },
  ];
  return {
    cases,
    close() {
      gpu.dispose();
      for (const buffer of [x, y, bits]) buffer.destroy();
    },
  };
}

/**
 * Hash blocks an element that a program draws at `rate`, counted: alone, and where 32 threads wait for one another, as
 * on most cards. A block is 64 elements; a thread goes on until all of its elements are decided.
 */
export function blocksPerElement(rate: number, blocks = 2 ** 12): { alone: number; together: number } {
  // Elements stay undecided while their bits are those of T: each plane halves them, whatever T is, until its last 1.
  let last = -1;
  for (let k = 0, rest = 1 - rate; k < 53 && rest > 0; k++) {
    rest *= 2;
    if (rest >= 1) {
      rest -= 1;
      last = k;
    }
  }
  const planes = new Uint8Array(blocks);
  const words = keepMask(64 * 53 * blocks, { rate: 0.5, key: key(1) }); // fair coins
  for (let b = 0; b < blocks; b++) {
    let [low, high] = [0xffffffff, 0xffffffff];
    let k = 0;
    while (k <= last && (low | high) !== 0) {
      low &= words[(b * 53 + k) * 2]!;
      high &= words[(b * 53 + k) * 2 + 1]!;
      k++;
    }
    planes[b] = k;
  }
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const groups = Array.from({ length: blocks / 32 }, (_, g) => Math.max(...planes.subarray(32 * g, 32 * g + 32)));
  return { alone: mean([...planes]) / 64, together: mean(groups) / 64 };
}
