// Arrays on a device in tests: there and back, float16 too, with marks around what is written.

import { expect } from "vitest";
import { firstDifference } from "./compare.js";

const MARK = 0x5a5a5a5a;

export interface GpuPlace {
  readonly buffer: GPUBuffer;
  readonly offset: number;
}

/** A buffer that holds `data` from byte `offset` on, and marks elsewhere. */
export function uploaded(device: GPUDevice, data: ArrayBufferView, offset = 0): GpuPlace {
  const size = Math.ceil((offset + data.byteLength) / 4) * 4 + 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size, usage });
  const bytes = new Uint8Array(new Uint32Array(size / 4).fill(MARK).buffer);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
  device.queue.writeBuffer(buffer, 0, bytes);
  return { buffer, offset };
}

/** Room for `bytes`, holding marks, from byte `offset` on. */
export const room = (device: GPUDevice, bytes: number, offset = 0): GpuPlace =>
  uploaded(device, new Uint8Array(new Uint32Array(Math.ceil(bytes / 4)).fill(MARK).buffer, 0, bytes), offset);

/** The `bytes` from `offset` on; fails where a byte outside them is no longer marked. */
export async function downloaded(device: GPUDevice, { buffer, offset }: GpuPlace, bytes: number): Promise<ArrayBuffer> {
  const reader = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, reader, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await reader.mapAsync(GPUMapMode.READ);
  const all = reader.getMappedRange().slice(0);
  reader.destroy();
  new Uint8Array(all).forEach((byte, i) => {
    if ((i < offset || i >= offset + bytes) && byte !== (MARK & 255)) throw new Error(`byte ${i} was written`);
  });
  return all.slice(offset, offset + bytes);
}

/** What `write` makes of `x`, out of place and in place. */
export async function both(
  device: GPUDevice,
  x: Float32Array,
  write: (x: GpuPlace, out: GpuPlace, length: number) => void,
  at: readonly [number, number] = [0, 0],
): Promise<readonly [Float32Array, Float32Array]> {
  const [from, to] = [uploaded(device, x, at[0]), room(device, x.byteLength, at[1])];
  write(from, to, x.length);
  const apart = new Float32Array(await downloaded(device, to, x.byteLength));
  expect(firstDifference(new Float32Array(await downloaded(device, from, x.byteLength)), x), "the input").toBe(-1);
  write(from, from, x.length);
  return [apart, new Float32Array(await downloaded(device, from, x.byteLength))];
}

/** The value of a float16. */
export function fromHalf(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 31;
  const fraction = h & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** All finite float16 from 0 up, by their bits. */
const HALVES = Float64Array.from({ length: 0x7c00 }, (_, h) => fromHalf(h));

/** The bits of the float16 nearest to `value`, of two equally near the even one: by search, to be plainly right. */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const a = Math.abs(value);
  if (a >= 65520) return sign | 0x7c00;
  let [low, high] = [0, 0x7bff];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (HALVES[middle]! <= a) low = middle;
    else high = middle - 1;
  }
  if (low === 0x7bff) return sign | low;
  const [below, above] = [a - HALVES[low]!, HALVES[low + 1]! - a];
  return sign | (below < above || (below === above && low % 2 === 0) ? low : low + 1);
}
