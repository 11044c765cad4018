// hadamask/jax on jax-js's GPU devices, in Chromium with WebGPU and WebGL in software: masks bit for bit those of
// Node. On WebGPU they are drawn in place, and nothing is sent.

import { DropConnect, foldIn, keepMask, key, unpackMask } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hasChromium, type Opened, openChromium, reason, SOFTWARE_GPU } from "./chromium.js";

if (!hasChromium) console.log(`hadamask/jax is not run on WebGPU here: ${reason}`);

const SHAPES = [[1], [3], [31], [32], [33], [255], [256], [257], [7, 9], [4, 5, 6], [128, 64]];
const RATES = [0.5, 0.1, 0, 1];
const cases = SHAPES.flatMap((shape) => RATES.map((rate) => ({ shape, rate, key: foldIn(key(5), shape.length) })));
const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

describe.skipIf(!hasChromium)(`on the GPU devices of jax-js (${reason})`, () => {
  let browser: Opened | undefined;
  let page: Page;
  let devices: readonly string[];

  beforeAll(async () => {
    browser = await openChromium(SOFTWARE_GPU);
    page = await browser.newPage();
    devices = (await page.evaluate(`(async () => {
      globalThis.jax = await import("@jax-js/jax");
      globalThis.ours = { ...(await import("hadamask")), ...(await import("hadamask/jax")) };
      return await jax.init("webgpu", "webgl");
    })()`)) as string[];
  }, 60_000);
  afterAll(() => browser?.close());

  describe.each(["webgpu", "webgl"])("%s", (device) => {
    beforeAll(async () => {
      if (devices.includes(device)) await page.evaluate(`jax.defaultDevice(${JSON.stringify(device)})`);
      else console.log(`hadamask/jax is not run on ${device} here: this Chromium has none`);
    });
    beforeEach(({ skip }) => skip(!devices.includes(device), `this Chromium has no ${device}`));

    test("multipliers hold 1 / keep where Node's mask keeps an element, and 0 where it drops it", async () => {
      const found = (await page.evaluate(`(async () => {
        const all = [];
        for (const { shape, rate, key } of ${JSON.stringify(cases)}) {
          const m = ours.multiplier(shape, { rate, key });
          all.push({ shape: m.shape, device: m.device, values: Array.from(await m.data()) });
        }
        return all;
      })()`)) as { shape: number[]; device: string; values: number[] }[];
      cases.forEach(({ shape, rate, key: k }, i) => {
        const kept = unpackMask(keepMask(size(shape), { rate, key: k }), size(shape));
        const scale = Math.fround(1 / (1 - rate));
        expect(found[i]).toEqual({ shape, device, values: Array.from(kept, (bit) => (bit === 1 ? scale : 0)) });
      });
    });

    test("sites train a network with the masks of Node", async () => {
      const [masks, losses] = (await page.evaluate(`(async () => {
        const np = jax.numpy;
        const sites = ours.dropoutSites({ h: { rate: 0.5, shape: [8] } }, { key: ours.key(3) });
        const step = jax.jit(jax.valueAndGrad((w, x, m) => {
          const h = sites.apply(np.dot(x.ref, w), m.h);
          const d = h.sub(x);
          return np.mean(d.ref.mul(d));
        }));
        let w = np.eye(8);
        const [masks, losses] = [[], []];
        for (let t = 0; t < 3; t++) {
          const m = sites.train(t, 4);
          masks.push(Array.from(await m.h.ref.data(), (value) => Number(value !== 0)));
          const x = np.ones([4, 8]);
          const [value, gradient] = step(w.ref, x, m);
          losses.push(await value.jsAsync());
          w = w.sub(gradient.mul(0.5));
        }
        w.dispose();
        return [masks, losses];
      })()`)) as [number[][], number[]];
      const sites = dropoutSites({ h: { rate: 0.5, shape: [8] } }, { key: key(3) });
      masks.forEach((mask, t) => {
        const expected = [...(sites.train(t, 4).h.dataSync() as Float32Array)].map((value) => Number(value !== 0));
        expect(mask).toEqual(expected);
      });
      expect(new Set(masks.map(String)).size).toBe(3);
      // Inverted dropout of ones: what is kept is 2, so every element is 1 away from 1 at first.
      expect(losses[0]).toBeCloseTo(1, 5);
      expect(losses[2]).not.toBe(losses[0]);
    });

    test("dropConnect has the masks of the layer", async () => {
      const y = (await page.evaluate(`(async () => {
        const noise = ours.dropConnect({ rate: 0.5, inputs: 7, outputs: 5, key: ours.key(4) });
        const np = jax.numpy;
        const w = np.arange(1, 36, 1, { dtype: np.float32 }).reshape([7, 5]);
        const z = noise.apply(np.ones([3, 7]), { w, b: np.zeros([5]) }, {}, noise.train(2, 3));
        return Array.from(await z.data());
      })()`)) as number[];
      const weights = Array.from({ length: 35 }, (_, i) => i + 1);
      const layer = new DropConnect({ rate: 0.5, inputs: 7, weights, bias: new Float64Array(5), key: key(4) });
      expect(y).toEqual([...layer.forward(new Float64Array(21).fill(1), { step: 2 })]);
    });
  });

  test("on webgpu a step of a large network sends less than 1 kB", async ({ skip }) => {
    skip(!devices.includes("webgpu"), "this Chromium has no webgpu");
    const [sent, mapped] = (await page.evaluate(`(async () => {
      jax.defaultDevice("webgpu");
      const sites = ours.dropoutSites({ h: { rate: 0.3, shape: [1024] } }, { key: ours.key(3) });
      jax.tree.dispose(sites.train(0, 64)); // compiles
      const device = jax.getWebGPUDevice();
      const { createBuffer } = device;
      const { writeBuffer } = device.queue;
      let [sent, mapped] = [0, 0];
      device.queue.writeBuffer = (buffer, offset, data, ...rest) => {
        sent += data.byteLength;
        writeBuffer.call(device.queue, buffer, offset, data, ...rest);
      };
      device.createBuffer = (descriptor) => {
        if (descriptor.mappedAtCreation) mapped += descriptor.size;
        return createBuffer.call(device, descriptor);
      };
      const m = sites.train(1, 64);
      delete device.queue.writeBuffer;
      delete device.createBuffer;
      jax.tree.dispose(m);
      return [sent, mapped];
    })()`)) as number[];
    expect(sent).toBeGreaterThan(0);
    expect(sent! + mapped!).toBeLessThan(1024);
  });
});
