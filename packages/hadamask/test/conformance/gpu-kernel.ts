// The programs of hadamask/webgpu as a kernel of the conformance suite: arrays go to buffers on a device, and come
// back. `gpuKernel` uses nothing of this file, for its text also runs in a page of Chromium.

import type { Page } from "playwright-core";
import { createEngine } from "../../src/webgpu/engine.js";
import { givenDispatches, maskWordDispatches } from "../../src/webgpu/mask-words.js";
import { elementDispatches } from "../../src/webgpu/masked.js";
import { numberDispatches } from "../../src/webgpu/numbers.js";
import type { TestKernel } from "./kernels.js";

const parts = { createEngine, elementDispatches, givenDispatches, maskWordDispatches, numberDispatches };

/**
 * Every call lays its arrays elsewhere in their buffers: on boundaries of 256, 16 and 4 bytes, in one buffer or two.
 * Around the output lie marks, which have to be there afterwards.
 */
function gpuKernel(device: GPUDevice, ours: typeof parts): TestKernel {
  const engine = ours.createEngine(device);
  const size = 2 ** 22;
  const HALF = 2 ** 21;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const [first, second] = [device.createBuffer({ size, usage }), device.createBuffer({ size, usage })];
  const reader = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const MARK = 0xa5a5a5a5;
  const PLACES = [512, 528, 516, 1036];
  let calls = 0;

  /** Runs `plan` with `x` at one place and `out` at another, and reads both back. */
  async function run(
    x: Float32Array | undefined,
    out: Float32Array | Uint32Array,
    plan: (x: { buffer: GPUBuffer; byteOffset: number } | undefined, out: never) => unknown,
  ): Promise<void> {
    const turn = calls++;
    const isInPlace = (x as unknown) === out;
    const isOneBuffer = isInPlace || turn % 3 === 0;
    const bytes = out.byteLength;
    const outAt = PLACES[turn % 4]!;
    const xAt = isInPlace ? outAt : HALF + PLACES[Math.floor(turn / 4) % 4]!;
    device.queue.writeBuffer(first, 0, new Uint32Array((outAt + bytes) / 4 + 4).fill(MARK));
    const buffer = isOneBuffer ? first : second;
    if (x !== undefined) device.queue.writeBuffer(buffer, xAt, x.slice());
    const at = { buffer: first, byteOffset: outAt };
    const dispatches = plan(x && { buffer, byteOffset: xAt }, at as never) as never;
    engine.run("suite", dispatches, undefined);
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(first, 0, reader, 0, outAt + bytes + 16);
    if (x !== undefined) encoder.copyBufferToBuffer(buffer, xAt, reader, HALF, bytes);
    device.queue.submit([encoder.finish()]);
    await reader.mapAsync(GPUMapMode.READ);
    const all = reader.getMappedRange();
    const words = new Uint32Array(all);
    for (let w = 0; w < outAt / 4; w++) if (words[w] !== MARK) throw new Error(`written before the output, at ${w}`);
    for (let w = 0; w < 4; w++) {
      if (words[(outAt + bytes) / 4 + w] !== MARK) throw new Error(`written behind the output, at ${w}`);
    }
    if (x !== undefined && !isInPlace) x.set(new Float32Array(all, HALF, x.length));
    if (out instanceof Uint32Array) out.set(new Uint32Array(all, outAt, out.length));
    else out.set(new Float32Array(all, outAt, out.length));
    reader.unmap();
  }

  const arrays = (x: unknown, out: unknown, n: number): never => ({ x, out, n, dtype: "float32" }) as never;
  const numbers = (key: readonly [number, number], offset: number, addend: number, factor: number) =>
    ({ distribution: "normal", key, offset, addend, factor }) as const;
  return {
    name: "webgpu",
    mask: (out, n, key, T, offset) =>
      run(undefined, out, (_, to) => ours.maskWordDispatches(engine, to, n, { key, T, offset })),
    dropout: (x, out, key, T, scale, offset) =>
      run(x as Float32Array, out as Float32Array, (from, to) => {
        const effect = { change: "scale", factor: scale } as const;
        return x.length === 0
          ? []
          : ours.elementDispatches(engine, "suite", arrays(from, to, x.length), effect, { key, T, offset });
      }),
    apply: async (x, out, mask, scale) => {
      if (x.length === 0) return;
      const bits = device.createBuffer({ size: mask.byteLength + 16, usage });
      device.queue.writeBuffer(bits, 16, mask.slice());
      const axes = [{ elements: 1, draws: 1 }];
      const effect = { change: "scale", factor: scale } as const;
      const at = { buffer: bits, byteOffset: 16 };
      await run(x as Float32Array, out as Float32Array, (from, to) =>
        ours.givenDispatches(engine, "suite", arrays(from, to, x.length), effect, at, x.length, axes),
      );
      bits.destroy();
    },
    normals: (out, key, mean, deviation, offset) =>
      run(undefined, out as Float32Array, (_, to) =>
        ours.numberDispatches(
          engine,
          "suite",
          arrays(undefined, to, out.length),
          numbers(key, offset, mean, deviation),
        ),
      ),
    multiplyByNormals: (x, out, key, mean, deviation, offset) =>
      run(x as Float32Array, out as Float32Array, (from, to) =>
        ours.numberDispatches(engine, "suite", arrays(from, to, x.length), numbers(key, offset, mean, deviation)),
      ),
  };
}

/** On a device in Node. */
export const nodeKernel = (device: GPUDevice): TestKernel => gpuKernel(device, parts);

/** On a device in a page, with the built modules. */
export async function pageKernel(page: Page): Promise<TestKernel> {
  await page.evaluate(`(async () => {
    const load = (name) => import("/packages/hadamask/dist/webgpu/" + name + ".js");
    const [engine, mask, masked, numbers] = await Promise.all(["engine", "mask-words", "masked", "numbers"].map(load));
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter.requestDevice();
    globalThis.kernel = (${gpuKernel})(device, { ...engine, ...mask, ...masked, ...numbers });
    const decode = (text, Type) => new Type(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
    const encode = (array) => {
      const bytes = new Uint8Array(array.buffer);
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      return btoa(text);
    };
    globalThis.call = async (name, args, isInPlace) => {
      const arrays = args.map((arg) => (arg?.text === undefined ? arg : decode(arg.text, globalThis[arg.type])));
      if (isInPlace) arrays[1] = arrays[0];
      await kernel[name](...arrays);
      return arrays.filter((_, i) => args[i]?.text !== undefined).map(encode);
    };
  })()`);
  const call = async (name: string, args: readonly unknown[]): Promise<void> => {
    const isArray = (arg: unknown): arg is Float32Array | Uint32Array => ArrayBuffer.isView(arg);
    const sent = args.map((arg) =>
      isArray(arg)
        ? {
            type: arg.constructor.name,
            text: Buffer.from(arg.buffer, arg.byteOffset, arg.byteLength).toString("base64"),
          }
        : arg,
    );
    const texts = (await page.evaluate(
      `call(${JSON.stringify(name)}, ${JSON.stringify(sent)}, ${args[0] === args[1]})`,
    )) as string[];
    args.filter(isArray).forEach((array, i) => {
      const bytes = Uint8Array.from(Buffer.from(texts[i]!, "base64"));
      if (array instanceof Uint32Array) array.set(new Uint32Array(bytes.buffer));
      else array.set(new Float32Array(bytes.buffer));
    });
  };
  return {
    name: "webgpu in Chromium",
    mask: (...args) => call("mask", args),
    dropout: (...args) => call("dropout", args),
    apply: (...args) => call("apply", args),
    normals: (...args) => call("normals", args),
    multiplyByNormals: (...args) => call("multiplyByNormals", args),
  };
}
