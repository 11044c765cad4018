// Arrays that are longer than a device binds or dispatches at once, and all that calls refuse.

import { dropout, type Key, keepMask, normal } from "hadamask";
import { type GpuDevice, type GpuDropout, gpuDropout } from "hadamask/webgpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstDifference } from "../../support/compare.js";
import { gpuAdapter, gpuReason, newDevice } from "../../support/gpu.js";
import { downloaded, room, uploaded } from "../../support/gpu-arrays.js";

const KEY: Key = [2 ** 31, 1];

/** `device`, with smaller limits than it has. */
function limited(device: GPUDevice, limits: GpuDevice["limits"]): GpuDevice {
  return new Proxy(device, {
    get(target, name) {
      if (name === "limits") return limits;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  }) as unknown as GpuDevice;
}

describe.skipIf(gpuAdapter === undefined)(`hadamask/webgpu at its limits (${gpuReason})`, () => {
  let device: GPUDevice;
  let errors: string[];
  let gpu: GpuDropout;
  beforeAll(async () => {
    ({ device, errors } = await newDevice());
    // 8192 floats a binding, three workgroups a row of the grid.
    gpu = gpuDropout(
      limited(device, { maxStorageBufferBindingSize: 256 + 4 * 8192, maxComputeWorkgroupsPerDimension: 3 }),
    );
  });
  afterAll(() => {
    device?.destroy();
    expect(errors ?? []).toEqual([]);
  });

  const x = Float32Array.from({ length: 100_004 }, (_, i) => Math.sin(i));
  const floats = async (place: { buffer: GPUBuffer; offset: number }, n = x.length): Promise<Float32Array> =>
    new Float32Array(await downloaded(device, place, 4 * n));

  test.each([
    {},
    { offset: 2 ** 40 + 7 },
    { shape: [1, 100_004], sampleIds: [5] },
    { shape: [2, 50_002], sampleIds: [5, 6] },
    { shape: [1724, 58], sampleIds: { length: 1724 } },
    { shape: [50_002, 2], sharedAxes: [1] },
    { rate: 0 },
    { rate: 1 },
  ])("dropout in parts: %j", async (given) => {
    const n = given.shape?.reduce((a, b) => a * b, 1) ?? x.length;
    const sampleIds = given.sampleIds && Array.from(given.sampleIds, (id, b) => id ?? b);
    const options = { rate: 0.3, key: KEY, ...given, ...(sampleIds && { sampleIds }) } as { rate: number; key: Key };
    const input = x.subarray(0, n);
    const [from, out] = [uploaded(device, input, 4), room(device, input.byteLength)];
    gpu.dropout({ x: from, out, length: n, ...options });
    expect(firstDifference(await floats(out, n), dropout(input, options))).toBe(-1);
  });

  test("masks and normal numbers in parts", async () => {
    const n = 300_001;
    const words = Math.ceil(n / 32);
    const mask = room(device, 4 * words);
    gpu.keepMask({ out: mask, length: n, rate: 0.3, key: KEY, offset: 1 });
    const found = new Uint32Array(await downloaded(device, mask, 4 * words));
    expect(firstDifference(found, keepMask(n, { rate: 0.3, key: KEY, offset: 1 }))).toBe(-1);
    const out = room(device, x.byteLength);
    gpu.normal({ out, length: x.length, key: KEY, offset: 1 });
    const z = normal(x.length, { key: KEY, offset: 1 });
    expect((await floats(out)).findIndex((value, i) => Math.abs(value - z[i]!) > 2 ** -22 * Math.abs(z[i]!))).toBe(-1);
  });

  test("two parts of one buffer that no binding holds are refused", () => {
    const { buffer } = room(device, 100_000);
    const call = { x: { buffer, offset: 0 }, out: { buffer, offset: 90_000 }, length: 100, rate: 0.5, key: KEY };
    expect(() => gpu.dropout(call)).toThrow(
      new RangeError(
        "GpuDropout.dropout: out and the input must lie within 33024 bytes of one buffer, got 90400; " +
          "put them into buffers of their own",
      ),
    );
  });

  test("shared draws that no binding holds are refused", () => {
    const { buffer } = room(device, 2_400_000);
    const call = { x: buffer, out: buffer, length: 600_000, shape: [300_000, 2], sharedAxes: [1], rate: 0.5, key: KEY };
    expect(() => gpu.dropout(call)).toThrow(
      new RangeError(
        "GpuDropout.dropout: shared draws must fit into 32768 bytes on this device, got 37500; " +
          "ask for a device with a larger maxStorageBufferBindingSize",
      ),
    );
  });

  describe("refuses, in a sentence,", () => {
    const refused = (name: string, call: () => object, error: Error) =>
      test(name, () => {
        const buffer = room(device, 64).buffer;
        expect(() => gpu.dropout({ x: buffer, out: buffer, length: 16, rate: 0.5, key: KEY, ...call() })).toThrow(
          error,
        );
      });
    const where = "GpuDropout.dropout:";

    refused(
      "a rate that is no probability",
      () => ({ rate: Number.NaN }),
      new RangeError(`${where} rate must be in [0, 1], got NaN`),
    );
    refused(
      "a missing key",
      () => ({ key: undefined }),
      new TypeError(`${where} key is missing; pass one made with key(seed), for instance key(42)`),
    );
    refused(
      "an array of this side",
      () => ({ x: new Float32Array(16) }),
      new TypeError(`${where} x must be a GPUBuffer or { buffer, offset }, got Float32Array of 16`),
    );
    refused(
      "too many elements",
      () => ({ length: 2 ** 31 + 1 }),
      new RangeError(`${where} length must be a whole number in [0, 2147483649), got 2147483649`),
    );
    refused(
      "a buffer that is too small",
      () => ({ length: 1000 }),
      new RangeError(`${where} out must be a buffer of at least 4000 bytes, got 80`),
    );
    refused(
      "an offset that is no multiple of 4",
      () => ({ x: { buffer: room(device, 100).buffer, offset: 2 } }),
      new RangeError(`${where} x.offset must be a multiple of 4 bytes, 0 or more, got 2`),
    );
    refused(
      "a buffer that programs may not use",
      () => ({ x: device.createBuffer({ size: 64, usage: GPUBufferUsage.COPY_DST }) }),
      new TypeError(`${where} x must have usage GPUBufferUsage.STORAGE, got usage 8; create the buffer with it`),
    );
    refused(
      "a buffer that is mapped",
      () => ({ x: device.createBuffer({ size: 64, usage: GPUBufferUsage.STORAGE, mappedAtCreation: true }) }),
      new TypeError(`${where} x must be unmapped, got "mapped"; call unmap() first`),
    );
    refused(
      "a type it has not",
      () => ({ dtype: "float64" }),
      new RangeError(`${where} dtype must be "float32" or "float16", got "float64"`),
    );
    refused(
      "a key and a mask",
      () => ({ mask: room(device, 4).buffer }),
      new TypeError(`${where} pass either key or mask, not both`),
    );
    refused(
      "an id and an offset",
      () => ({ sampleIds: [1], offset: 4 }),
      new TypeError(`${where} pass either offset or sampleIds; the row of an id begins at draw 0`),
    );
    test("a partial overlap", () => {
      const { buffer } = room(device, 200);
      const call = { x: { buffer, offset: 0 }, out: { buffer, offset: 16 }, length: 16, rate: 0.5, key: KEY };
      expect(() => gpu.dropout(call)).toThrow(
        new RangeError(`${where} out must be the input itself or not overlap it, got a partial overlap`),
      );
    });
    test("what is no device", () => {
      expect(() => gpuDropout({} as GpuDevice)).toThrow(
        new TypeError(
          "gpuDropout: device must be a GPUDevice, got Object; ask an adapter for one with requestDevice()",
        ),
      );
    });
  });

  test("a device that is lost, and one's own dispose", async () => {
    const other = (await newDevice()).device;
    const [lost, disposed] = [gpuDropout(other), gpuDropout(device)];
    const out = room(other, 64).buffer;
    const call = { out, length: 16, rate: 0.5, key: KEY };
    lost.keepMask(call);
    disposed.dispose();
    expect(() => disposed.keepMask({ ...call, out: room(device, 64) })).toThrow(
      new Error("GpuDropout.keepMask: this was disposed of; call gpuDropout(device) again"),
    );
    other.destroy();
    await other.lost;
    expect(() => lost.keepMask(call)).toThrow(
      /^GpuDropout\.keepMask: the device is lost \(.+\); ask its adapter for another, and call gpuDropout again$/,
    );
  });
});
