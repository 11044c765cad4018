// Masks that a device draws for a session, byte for byte those that are made on this side.

import { type Key, key } from "hadamask";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gpuAdapter, gpuReason, newDevice } from "../../../hadamask/test/support/gpu.js";
import type { Draw } from "../../src/predict/draw.js";
import { openGpuMasks } from "../../src/predict/gpu-masks.js";
import { layoutFrom, maskShape } from "../../src/predict/layout.js";
import type { Ort } from "../../src/predict/ort.js";
import { type PlacedSite, SiteFeed } from "../../src/predict/site-feed.js";
import type { Site } from "../../src/sites.js";

if (gpuAdapter === undefined) console.log(`masks on a device are not run here: ${gpuReason}`);

/** The part of the runtime that makes tensors. */
class Tensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
  constructor(type: string, data: unknown, dims: readonly number[]) {
    this.type = type;
    this.data = data;
    this.dims = dims;
  }
  static fromGpuBuffer(buffer: GPUBuffer, { dims }: { dims: readonly number[] }): Tensor {
    return new Tensor("bool", buffer, dims);
  }
}

const InferenceSession = { create: async () => undefined };
const onWebgpu = { executionProviders: [{ name: "webgpu" }, "wasm"] };

describe.skipIf(gpuAdapter === undefined)(`masks for sessions (${gpuReason})`, () => {
  let device: GPUDevice;
  let errors: string[];
  let ort: Ort;
  beforeAll(async () => {
    ({ device, errors } = await newDevice());
    ort = { Tensor, InferenceSession, env: { webgpu: { device } } } as unknown as Ort;
  });
  afterAll(() => {
    device?.destroy();
    expect(errors ?? []).toEqual([]);
  });

  async function bytesOf(buffer: GPUBuffer, n: number): Promise<number[]> {
    const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
    const reader = device.createBuffer({ size: buffer.size, usage });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, reader, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await reader.mapAsync(GPUMapMode.READ);
    return [...new Uint8Array(reader.getMappedRange(), 0, n)];
  }

  const site = { name: "s", input: "m", type: "float32", rate: 0.4, share: "element" } as unknown as Site;
  const KEY: Key = key(9);

  test.each([
    { dims: [1, 12], masks: "consistent", rows: 5, count: 5, onDevice: true },
    { dims: [1, 12], masks: "independent", rows: 5, count: 5, onDevice: true },
    { dims: [1, 13], masks: "independent", rows: 5, count: 5, onDevice: true },
    { dims: [1, 12], masks: "independent", rows: 15, count: 5, onDevice: true },
    { dims: [1, 12], masks: "consistent", rows: 15, count: 5, onDevice: true },
    { dims: [1, 4, 5, 5], masks: "independent", rows: 6, count: 3, onDevice: true },
    { dims: [1, 13], masks: "independent", rows: 15, count: 5, onDevice: false },
    { dims: [3, 1, 4], masks: "independent", rows: 4, count: 4, onDevice: false },
  ] as const)("%j", async ({ dims, masks, rows, count, onDevice }) => {
    const rowAxis = dims[0] === 1 ? 0 : 1;
    const layout = layoutFrom(
      dims,
      dims.map((size, axis) => (axis === rowAxis ? 2 * size : size)),
      1,
    )!;
    const shape = maskShape(layout, "element");
    const slots = { rows: Int32Array.from({ length: rows }, (_, i) => i % count), count, firstPass: 3 };
    const draw: Draw = { keys: [KEY], masks, sampleIds: [4, 2, 9, 0, 7], rate: undefined };
    const openGpu = await openGpuMasks(ort, onWebgpu);
    const [cpu, gpu] = [undefined, openGpu].map((open) => new SiteFeed(ort, site, "scale", open));
    const [here, there] = [cpu!, gpu!].map((feed) => {
      const placed = { feed, site, layout, shape } as PlacedSite;
      return feed.masks(placed, slots, draw, KEY);
    });
    expect(there!.m!.dims).toEqual(here!.m!.dims);
    expect(there!.scale!.data).toEqual(here!.scale!.data);
    const expected = [...(here!.m!.data as Uint8Array)];
    expect(new Set(expected).size).toBe(2);
    if (onDevice) expect(await bytesOf(there!.m!.data as GPUBuffer, expected.length)).toEqual(expected);
    else expect([...(there!.m!.data as Uint8Array)]).toEqual(expected);
    gpu!.release();
  });

  test("only for sessions that ask for WebGPU first, and runtimes that show their device", async () => {
    expect(await openGpuMasks(ort, onWebgpu)).toBeDefined();
    expect(await openGpuMasks(ort, {})).toBeUndefined();
    expect(await openGpuMasks(ort, { executionProviders: ["wasm", "webgpu"] })).toBeUndefined();
    const hidden = { Tensor, InferenceSession, env: { webgpu: {} } } as unknown as Ort;
    expect(await openGpuMasks(hidden, onWebgpu)).toBeUndefined();
  });
});
