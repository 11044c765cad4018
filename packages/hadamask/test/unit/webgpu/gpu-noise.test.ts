// Noises of hadamask/webgpu on a device in Node: what they write is what the CPU's layers give, to float32 arithmetic.

import { AlphaDropout, GaussianDropout, type Key, keepMask, normal, UniformDropout, uniform } from "hadamask";
import { type GpuDropout, gpuDropout } from "hadamask/webgpu";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alphaAffine } from "../../../src/noise/alpha.js";
import { deriveKey, TAG } from "../../../src/random/derive.js";
import { firstDifference } from "../../support/compare.js";
import { gpuAdapter, gpuReason, newDevice } from "../../support/gpu.js";
import { both, downloaded, room } from "../../support/gpu-arrays.js";

if (gpuAdapter === undefined) console.log(`hadamask/webgpu is not run here: ${gpuReason}`);

const KEY: Key = [7, 11];

/** Without `expect` for each of many thousands. */
function expectNear(value: number, expected: number, bound: number): void {
  if (!(Math.abs(value - expected) <= bound)) expect(value, `within ${bound}`).toBe(expected);
}

describe.skipIf(gpuAdapter === undefined)(`noises of hadamask/webgpu (${gpuReason})`, () => {
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

  test("alphaDropout: decisions and dropped value of the CPU, kept values to rounding; and its gradient", async () => {
    const x = Float32Array.from({ length: 3000 }, (_, i) => 3 * Math.sin(i));
    for (const rate of [0, 0.1, 0.5, 1]) {
      const layer = new AlphaDropout({ rate, key: KEY });
      const { gain, shift } = alphaAffine(1 - rate);
      const expected = layer.forward(x, { step: 4 });
      const stepKey = deriveKey(KEY, TAG.step, 4);
      const options = { rate, key: stepKey };
      const isKept = keepMask(3000, { rate, key: stepKey });
      const kept = (i: number): boolean => ((isKept[i >> 5]! >>> (i & 31)) & 1) === 1;
      for (const y of await both(device, x, (from, out, length) =>
        gpu.alphaDropout({ x: from, out, length, ...options }),
      )) {
        y.forEach((value, i) => {
          if (kept(i)) expectNear(value, expected[i]!, 2 ** -23 * (Math.abs(gain * x[i]!) + Math.abs(shift)));
          else expectNear(value, expected[i]!, 0);
        });
      }
      const dx = layer.backward(x);
      for (const y of await both(device, x, (dy, out, length) =>
        gpu.alphaDropoutBackward({ dy, out, length, ...options }),
      )) {
        y.forEach((value, i) => {
          expectNear(value, dx[i]!, kept(i) ? 2 ** -22 * Math.abs(dx[i]!) : 0);
        });
      }
    }
  });

  test("gaussianDropout and uniformDropout: the multipliers of the layers, to float32 arithmetic", async () => {
    const x = Float32Array.from({ length: 3001 }, (_, i) => 3 * Math.sin(i));
    const stepKey = deriveKey(KEY, TAG.step, 0);
    for (const strength of [{ rate: 0.3 }, { alpha: 2 }, { rate: 0 }, { rate: 1 }]) {
      const expected = new GaussianDropout({ ...strength, key: KEY }).forward(x);
      const z = normal(3001, { key: stepKey });
      const deviation = Math.sqrt(strength.alpha ?? strength.rate! / (1 - strength.rate!));
      for (const y of await both(device, x, (from, out, length) =>
        gpu.gaussianDropout({ x: from, out, length, ...strength, key: stepKey }),
      )) {
        if (strength.rate === 0 || strength.rate === 1) expect(firstDifference(y, expected)).toBe(-1);
        else {
          y.forEach((value, i) => {
            const bound = 2 ** -22 * Math.abs(x[i]!) * (1 + deviation * Math.abs(z[i]!));
            expectNear(value, expected[i]!, bound);
          });
        }
      }
    }
    const expected = new UniformDropout({ rate: 0.3, key: KEY }).forward(x);
    const beta = Math.sqrt(0.9 / 0.7);
    for (const y of await both(device, x, (from, out, length) =>
      gpu.uniformDropout({ x: from, out, length, rate: 0.3, key: stepKey }),
    )) {
      y.forEach((value, i) => {
        expectNear(value, expected[i]!, 2 ** -22 * Math.abs(x[i]!) * (1 + beta));
      });
    }
  });

  test("uniform: rounded once, at odd and even offsets", async () => {
    for (const [n, offset] of [
      [10_000, 0],
      [10_000, 1],
      [10_001, 2 ** 33 + 1],
    ] as const) {
      const out = room(device, 4 * n);
      gpu.uniform({ out, length: n, key: KEY, offset });
      const found = new Float32Array(await downloaded(device, out, 4 * n));
      expect(firstDifference(found, Float32Array.from(uniform(n, { key: KEY, offset })))).toBe(-1);
    }
  });

  test("normal: within 2 units in the last place, with mean and deviation", async () => {
    const n = 50_000;
    const out = room(device, 4 * n);
    gpu.normal({ out, length: n, key: KEY, offset: 5 });
    const z = normal(n, { key: KEY, offset: 5 });
    new Float32Array(await downloaded(device, out, 4 * n)).forEach((value, i) => {
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(z[i]!))) - 23);
      expectNear(value, z[i]!, 2 * unit);
    });
    gpu.normal({ out, length: n, key: KEY, mean: -3, deviation: 0.5 });
    const e = normal(n, { key: KEY });
    new Float32Array(await downloaded(device, out, 4 * n)).forEach((value, i) => {
      expectNear(value, 0.5 * e[i]! - 3, 2 ** -22 * (3 + 0.5 * Math.abs(e[i]!)));
    });
  });
});
