// float16 on a device: packed pairs, one product rounded once, whatever the device has of its own for halves.

import { dropout, type Key, keepMask, normal, uniform } from "hadamask";
import { type GpuDropout, gpuDropout } from "hadamask/webgpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { roundToHalf } from "../../../src/special/half.js";
import { gpuAdapter, gpuReason, newDevice } from "../../support/gpu.js";
import { downloaded, fromHalf, room, toHalf, uploaded } from "../../support/gpu-arrays.js";

const KEY: Key = [3, 5];

/** NaN of any payload as one. */
const canonical = (halves: Iterable<number>): number[] =>
  Array.from(halves, (h) => ((h & 0x7fff) > 0x7c00 ? 0x7e00 : h));

/** What `dropout` with float16 arithmetic gives: the decisions of the CPU, products rounded by search. */
function expected(x: Uint16Array, options: Parameters<typeof dropout>[1], keep: number): number[] {
  const isKept = dropout(new Float32Array(x.length).fill(1), options);
  const scale = options.scaling === "classic" ? 1 : roundToHalf(1 / keep);
  return canonical(Array.from(x, (h, i) => (isKept[i] === 0 ? 0 : scale === 1 ? h : toHalf(fromHalf(h) * scale))));
}

describe.skipIf(gpuAdapter === undefined)(`float16 (${gpuReason})`, () => {
  let device: GPUDevice;
  let errors: string[];
  let gpu: GpuDropout;
  beforeAll(async () => {
    ({ device, errors } = await newDevice());
    gpu = gpuDropout(device);
  });
  afterAll(() => {
    device?.destroy();
    expect(errors ?? []).toEqual([]);
  });

  const common = { dtype: "float16", key: KEY } as const;

  /** What `write` makes of the halves in `x`, out of place and in place. */
  async function both(
    x: Uint16Array,
    write: (x: { buffer: GPUBuffer }, out: { buffer: GPUBuffer }, length: number) => void,
  ): Promise<number[][]> {
    const [from, to] = [uploaded(device, x), room(device, x.byteLength)];
    write(from, to, x.length);
    const apart = new Uint16Array(await downloaded(device, to, x.byteLength));
    write(from, from, x.length);
    return [apart, new Uint16Array(await downloaded(device, from, x.byteLength))].map(canonical);
  }

  test("every float16 times a scale, ties and subnormals included", async () => {
    const x = Uint16Array.from({ length: 65536 }, (_, i) => i);
    for (const rate of [0.1, 0.5, 0.7]) {
      const y = expected(x, { rate, key: KEY }, 1 - rate);
      for (const found of await both(x, (from, out, length) =>
        gpu.dropout({ x: from, out, length, rate, ...common }),
      )) {
        expect(found).toEqual(y);
      }
    }
  });

  test.each([1, 2, 7, 8, 9, 64, 8190, 8193])("%d elements, the neighbour of an odd last one left alone", async (n) => {
    const x = Uint16Array.from({ length: n }, (_, i) => toHalf(Math.sin(i)));
    for (const options of [{ rate: 0.4 }, { rate: 0.4, offset: 77 }, { rate: 0 }, { rate: 1 }]) {
      const y = expected(x, { ...options, key: KEY }, 1 - options.rate);
      for (const found of await both(x, (from, out, length) =>
        gpu.dropout({ x: from, out, length, ...options, ...common }),
      )) {
        expect(found).toEqual(y);
      }
    }
  });

  test.each([
    { shape: [4, 10], sampleIds: [9, 8, 7, 6] },
    { shape: [4, 9], sampleIds: [9, 8, 7, 6] },
    { shape: [3, 5, 7], sharedAxes: [1] },
    { shape: [3, 6, 8], sampleIds: [1, 2, 3], sharedAxes: [2] },
  ])("laid out by %j", async (layout) => {
    const n = layout.shape.reduce((a, b) => a * b, 1);
    const x = Uint16Array.from({ length: n }, (_, i) => toHalf(Math.cos(i)));
    const y = expected(x, { rate: 0.5, key: KEY, ...layout }, 0.5);
    for (const found of await both(x, (from, out, length) =>
      gpu.dropout({ x: from, out, length, rate: 0.5, ...layout, ...common }),
    )) {
      expect(found).toEqual(y);
    }
  });

  test("multipliers, uniform and normal numbers", async () => {
    const n = 1001;
    const at = async (write: (out: { buffer: GPUBuffer }) => void): Promise<Uint16Array> => {
      const out = room(device, 2 * n);
      write(out);
      return new Uint16Array(await downloaded(device, out, 2 * n));
    };
    const multipliers = await at((out) => gpu.multiplier({ out, length: n, rate: 0.3, ...common }));
    const mask = keepMask(n, { rate: 0.3, key: KEY });
    const scale = toHalf(1 / 0.7);
    expect([...multipliers]).toEqual(Array.from({ length: n }, (_, i) => ((mask[i >> 5]! >>> (i & 31)) & 1) * scale));

    // From float32, so rounded twice: at most one float16 away from rounding once.
    const u = uniform(n, { key: KEY });
    const foundU = await at((out) => gpu.uniform({ out, length: n, ...common }));
    expect(foundU.findIndex((h, i) => Math.abs(h - toHalf(u[i]!)) > 1)).toBe(-1);
    const z = normal(n, { key: KEY });
    const foundZ = await at((out) => gpu.normal({ out, length: n, ...common }));
    expect(foundZ.findIndex((h, i) => Math.abs(h - toHalf(z[i]!)) > 1)).toBe(-1);
  });

  test("refuses a scale that no float16 holds", () => {
    const out = room(device, 8);
    const call = { out, length: 4, keep: 1e-5, ...common };
    expect(() => gpu.multiplier(call)).toThrow(
      new RangeError(
        'GpuDropout.multiplier: keep must be at least 1 / 65504 for float16, got 0.00001; pass scaling "classic"',
      ),
    );
    expect(() => gpu.multiplier({ ...call, scaling: "classic" })).not.toThrow();
  });
});
