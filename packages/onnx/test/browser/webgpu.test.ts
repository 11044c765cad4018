// Monte-Carlo prediction in Chromium, by onnxruntime-web on WebGPU: the masks are drawn on the runtime's device, and
// the numbers are those of its WASM provider.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  hasChromium,
  type Opened,
  openChromium,
  reason,
  SOFTWARE_GPU,
} from "../../../hadamask/test/browser/chromium.js";
import { fixture, rowsOf } from "../support/fixtures.js";

if (!hasChromium) console.log(`@hadamask/onnx is not run on WebGPU here: ${reason}`);

interface Found {
  readonly mean: number[];
  readonly variance: number[];
  /** Tensors that name a buffer of the device. */
  readonly onDevice: number;
}

describe.skipIf(!hasChromium)(`onnxruntime-web on WebGPU (${reason})`, () => {
  let browser: Opened | undefined;
  let page: Page;
  let hasGpu = false;

  beforeAll(async () => {
    browser = await openChromium(SOFTWARE_GPU);
    page = await browser.newPage();
    hasGpu = (await page.evaluate(`(async () => {
      if (!(await navigator.gpu?.requestAdapter())) return false;
      globalThis.ort = await import("onnxruntime-web/webgpu");
      ort.env.wasm.numThreads = 1;
      ort.env.wasm.wasmPaths = "/node_modules/onnxruntime-web/dist/";
      ort.env.logLevel = "error";
      const [{ monteCarlo }, { key }] = await Promise.all([import("@hadamask/onnx"), import("hadamask")]);
      globalThis.predict = async (model, x, provider, options) => {
        const bytes = Uint8Array.from(atob(model), (c) => c.charCodeAt(0));
        const { fromGpuBuffer } = ort.Tensor;
        let onDevice = 0;
        ort.Tensor.fromGpuBuffer = (...args) => (onDevice++, fromGpuBuffer.apply(ort.Tensor, args));
        const session = { executionProviders: [provider] };
        const mc = await monteCarlo(bytes, { ort, key: key(6), kind: "classes", session, ...options });
        const rows = { data: Float32Array.from(x.data), dims: x.dims };
        const { mean, variance } = await mc.predict({ x: rows }, { samples: 12 });
        await mc.dispose();
        ort.Tensor.fromGpuBuffer = fromGpuBuffer;
        return { mean: Array.from(mean), variance: Array.from(variance), onDevice };
      };
      return true;
    })()`)) as boolean;
    if (!hasGpu) console.log("@hadamask/onnx is not run on WebGPU here: this Chromium has no adapter");
  }, 60_000);
  afterAll(() => browser?.close());
  beforeEach(({ skip }) => skip(!hasGpu, "this Chromium has no WebGPU adapter"));

  const predict = (model: string, rows: string, provider: string, options: object): Promise<Found> => {
    const bytes = Buffer.from(fixture(model)).toString("base64");
    const { data, dims } = rowsOf(rows);
    const args = [bytes, { data: [...data], dims }, provider, options].map((arg) => JSON.stringify(arg));
    return page.evaluate(`predict(${args.join(", ")})`) as Promise<Found>;
  };

  test.each([
    ["mlp-train.onnx", "mlp", { masks: "consistent" }],
    ["mlp-train.onnx", "mlp", { masks: "independent" }],
    ["cnn-eval.onnx", "cnn", { rate: 0.25, after: ["Relu"], share: "channel", masks: "independent" }],
  ])(
    "%s (%s) %j: masks from the device, numbers of the WASM provider",
    async (model, rows, options) => {
      const wasm = await predict(model, rows, "wasm", options);
      const gpu = await predict(model, rows, "webgpu", options);
      expect(wasm.onDevice).toBe(0);
      expect(gpu.onDevice).toBeGreaterThan(0);
      expect(Math.max(...wasm.variance)).toBeGreaterThan(1e-3);
      // As between the runtimes of test/conformance/runtimes.test.ts. One decision more or less would show: it changes
      // a mean over 12 passes by far more.
      gpu.mean.forEach((mean, i) => {
        expect(Math.abs(mean - wasm.mean[i]!)).toBeLessThan(1e-4);
        expect(Math.abs(gpu.variance[i]! - wasm.variance[i]!)).toBeLessThan(1e-4);
      });
    },
    240_000,
  ); // sessions on a software device, two each
});
