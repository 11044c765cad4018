// Dropout and masks of hadamask/webgpu on a device in Node: what they write is what the CPU's functions give, bit for
// bit.

import { dropout, dropoutBackward, type FloatArray, type Key, keepMask, key } from "hadamask";
import { type GpuDropout, gpuDropout } from "hadamask/webgpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { firstDifference } from "../../support/compare.js";
import { gpuAdapter, gpuReason, newDevice } from "../../support/gpu.js";
import { both, downloaded, type GpuPlace, room, uploaded } from "../../support/gpu-arrays.js";

if (gpuAdapter === undefined) console.log(`hadamask/webgpu is not run here: ${gpuReason}`);

const KEY: Key = [7, 11];
const values = (n: number): Float32Array =>
  Float32Array.from({ length: n }, (_, i) =>
    i % 13 === 5 ? [Number.NaN, Infinity, -Infinity, -0][i % 4]! : Math.sin(i),
  );

describe.skipIf(gpuAdapter === undefined)(`hadamask/webgpu (${gpuReason})`, () => {
  let device: GPUDevice;
  let errors: string[];
  let gpu: GpuDropout;

  beforeAll(async () => {
    ({ device, errors } = await newDevice());
    gpu = gpuDropout(device);
  });
  afterAll(() => {
    gpu?.dispose();
    device?.destroy();
    expect(errors ?? []).toEqual([]);
  });

  async function expectBoth(
    x: Float32Array,
    expected: FloatArray,
    write: (x: GpuPlace, out: GpuPlace, length: number) => void,
    at?: readonly [number, number],
  ): Promise<void> {
    for (const y of await both(device, x, write, at)) expect(firstDifference(y, expected)).toBe(-1);
  }

  describe("dropout", () => {
    test.each([0, 1, 0.5, 0.3])("rate %d, both scalings, forward and backward", async (rate) => {
      const x = values(1000);
      for (const scaling of ["inverted", "classic"] as const) {
        const options = { rate, key: KEY, offset: 3, scaling };
        await expectBoth(x, dropout(x, options), (from, out, length) =>
          gpu.dropout({ x: from, out, length, ...options }),
        );
        await expectBoth(x, dropoutBackward(x, options), (dy, out, length) =>
          gpu.dropoutBackward({ dy, out, length, ...options }),
        );
      }
    });

    test.each([
      [
        [2, 3, 4, 5],
        [2, 3],
      ],
      [
        [2, 3, 4, 5],
        [1, 2],
      ],
      [[4, 7, 6], [-1]],
      [[4, 7, 6], [0]],
      [
        [3, 2, 2, 3, 5, 2],
        [1, 3, 5],
      ],
      [[6, 4], []],
      [
        [5, 1, 3],
        [0, 1, 2],
      ],
    ])("shape %j with axes %j shared", async (shape, sharedAxes) => {
      const x = values(shape.reduce((a, b) => a * b, 1));
      const options = { rate: 0.4, key: KEY, offset: 9, shape, sharedAxes };
      await expectBoth(x, dropout(x, options), (from, out, length) =>
        gpu.dropout({ x: from, out, length, ...options }),
      );
    });

    test.each([
      [[5, 8], undefined],
      [[5, 7], undefined],
      [[3, 9000], undefined],
      [[4, 6, 10], [1]],
      [[4, 6, 9], [2]],
    ])("rows of shape %j under the keys of their ids, axes %j shared", async (shape, sharedAxes) => {
      const x = values(shape.reduce((a, b) => a * b, 1));
      const sampleIds = Array.from({ length: shape[0]! }, (_, b) => (b * 2654435761) % 1000);
      const options = { rate: 0.4, key: KEY, shape, sampleIds, ...(sharedAxes && { sharedAxes }) };
      await expectBoth(x, dropout(x, options), (from, out, length) =>
        gpu.dropout({ x: from, out, length, ...options }),
      );
    });

    test("takes a mask that is given, for elements and for shared axes", async () => {
      const bits = keepMask(600, { rate: 0.5, key: key(5) });
      const given = Array.from({ length: 600 }, (_, i) => (bits[i >> 5]! >>> (i & 31)) & 1);
      const mask = uploaded(device, bits, 4);
      const x = values(600);
      await expectBoth(x, dropout(x, { rate: 0.5, mask: given }), (from, out, length) =>
        gpu.dropout({ x: from, out, length, rate: 0.5, mask }),
      );
      const options = { rate: 0.5, shape: [30, 20], sharedAxes: [1] };
      await expectBoth(x, dropout(x, { ...options, mask: given.slice(0, 30) }), (from, out, length) =>
        gpu.dropout({ x: from, out, length, ...options, mask }),
      );
    });

    test.each([
      [0, 4],
      [16, 256],
      [4, 0],
      [12, 12],
      [260, 512],
    ])("arrays from bytes %d and %d of their buffers on", async (xAt, outAt) => {
      for (const n of [1, 96, 97]) {
        const x = values(n);
        const options = { rate: 0.5, key: KEY };
        await expectBoth(
          x,
          dropout(x, options),
          (from, out, length) => gpu.dropout({ x: from, out, length, ...options }),
          [xAt, outAt],
        );
      }
    });

    test("two arrays in one buffer, whichever comes first", async () => {
      const x = values(100);
      const y = dropout(x, { rate: 0.5, key: KEY });
      for (const [xAt, outAt] of [
        [0, 400],
        [420, 4],
        [1024, 0],
      ] as const) {
        const all = new Float32Array(400);
        all.set(x, xAt / 4);
        const { buffer } = uploaded(device, all);
        gpu.dropout({ x: { buffer, offset: xAt }, out: { buffer, offset: outAt }, length: 100, rate: 0.5, key: KEY });
        const found = new Float32Array(await downloaded(device, { buffer, offset: 0 }, all.byteLength));
        all.set(y, outAt / 4);
        expect(firstDifference(found, all)).toBe(-1);
      }
    });

    test("writes into the encoder of its caller, call after call, and submits nothing", async () => {
      const x = values(5000);
      const [a, b, c] = [uploaded(device, x), room(device, x.byteLength), room(device, x.byteLength)];
      const encoder = device.createCommandEncoder();
      const shared = { shape: [50, 100], sharedAxes: [1], encoder };
      gpu.dropout({ x: a, out: b, length: 5000, rate: 0.5, key: key(1), encoder });
      gpu.dropout({ x: b, out: c, length: 5000, rate: 0.2, key: key(2), ...shared });
      gpu.dropout({ x: c, out: b, length: 5000, rate: 0.2, key: key(3), ...shared });
      // Something else in between, with parameters of its own.
      gpu.dropout({ x: a, out: a, length: 5000, rate: 0.9, key: key(9) });
      expect(new Float32Array(await downloaded(device, b, 8))[0]).not.toBe(0); // marks still
      device.queue.submit([encoder.finish()]);
      // `a` had been changed when the encoder was submitted.
      let y = dropout(x, { rate: 0.9, key: key(9) });
      y = dropout(y, { rate: 0.5, key: key(1) });
      y = dropout(y, { rate: 0.2, key: key(2), shape: [50, 100], sharedAxes: [1] });
      y = dropout(y, { rate: 0.2, key: key(3), shape: [50, 100], sharedAxes: [1] });
      expect(firstDifference(new Float32Array(await downloaded(device, b, x.byteLength)), y)).toBe(-1);
    });

    test("more calls in one encoder than a parameter buffer has room for", async () => {
      const x = values(8);
      const place = uploaded(device, x);
      const encoder = device.createCommandEncoder();
      for (let t = 0; t < 600; t++) {
        gpu.dropout({ x: place, out: place, length: 8, rate: 1e-3, key: key(t), scaling: "classic", encoder });
      }
      device.queue.submit([encoder.finish()]);
      let y = x;
      for (let t = 0; t < 600; t++) y = dropout(y, { rate: 1e-3, key: key(t), scaling: "classic" });
      expect(firstDifference(new Float32Array(await downloaded(device, place, x.byteLength)), y)).toBe(-1);
    });
  });

  test("keepMask: every length and offset, and both ends", async () => {
    for (const [n, rate, offset] of [
      [1, 0.5, 0],
      [31, 0.5, 33],
      [64, 0, 1],
      [65, 1, 1],
      [8193, 0.1, 63],
      [100_000, 0.7, 2 ** 40 + 5],
    ] as const) {
      const words = Math.ceil(n / 32);
      const out = room(device, 4 * words, 8);
      gpu.keepMask({ out, length: n, rate, key: KEY, offset });
      const found = new Uint32Array(await downloaded(device, out, 4 * words));
      expect(firstDifference(found, keepMask(n, { rate, key: KEY, offset }))).toBe(-1);
    }
  });

  test("keepBytes: a byte a decision, laid out as dropout is, and no other byte written", async () => {
    for (const options of [
      { rate: 0.3, key: KEY, offset: 5 },
      { rate: 0, key: KEY },
      { rate: 1, key: KEY },
      { rate: 0.3, key: KEY, shape: [7, 11, 3], sharedAxes: [1] },
      { rate: 0.3, key: KEY, shape: [3, 16], sampleIds: [3, 1, 4] },
      { rate: 0.3, key: KEY, shape: [3, 12], sampleIds: [3, 1, 4] },
      { rate: 0.3, key: KEY, shape: [3, 77], sampleIds: [3, 1, 4] },
    ] as const) {
      const n = "shape" in options ? options.shape.reduce((a: number, b: number) => a * b, 1) : 8195;
      const out = room(device, n, 4);
      gpu.keepBytes({ out, length: n, ...options });
      const found = new Uint8Array(await downloaded(device, out, n));
      const kept = dropout(new Float32Array(n).fill(1), { ...options, scaling: "classic" });
      expect(firstDifference(found, kept)).toBe(-1);
    }
  });

  test("multiplier: 1 / keep and 0, laid out as dropout is", async () => {
    const ones = new Float32Array(240).fill(1);
    for (const options of [
      { rate: 0.3, key: KEY },
      { rate: 0, key: KEY },
      { rate: 1, key: KEY },
      { rate: 0.3, key: KEY, scaling: "classic" },
      { rate: 0.3, key: KEY, shape: [4, 10, 6], sharedAxes: [1] },
      { rate: 0.3, key: KEY, sampleIds: [3, 1, 4] },
    ] as const) {
      const out = room(device, 960);
      gpu.multiplier({ out, length: 240, ...options });
      const found = new Float32Array(await downloaded(device, out, 960));
      expect(firstDifference(found, dropout(ones, options))).toBe(-1);
    }
  });
});
