// Dropout of the engines that run on WebGPU, beside ours in them: TensorFlow.js and jax-js, in Node on Dawn. Times are
// taken on this side, from the first call to the end of all work on the device.

import { createRequire } from "node:module";
import { create, globals } from "webgpu";

const REPEATS = 8;
const RATE = 0.5;
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Engines look for `navigator.gpu`. */
function provideGpu() {
  Object.assign(globalThis, globals);
  const navigator = { userAgent: `Node.js/${process.versions.node}`, gpu: create([]) };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}

/** Cases by turns: `run` calls an engine once, `done` waits for its device. */
async function byTurns(cases, n, rounds) {
  const times = cases.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, { run, done }] of cases.entries()) {
      await done();
      const start = performance.now();
      for (let k = 0; k < REPEATS; k++) run(k);
      await done();
      if (round >= 0) times[i].push(performance.now() - start); // the first round compiles
    }
  }
  return cases.map(({ name }, i) => ({ name, ns: (1e6 * median(times[i])) / (REPEATS * n) }));
}

async function tfjsCases(n) {
  const require = createRequire(import.meta.url);
  const tf = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-webgpu");
  await tf.setBackend("webgpu");
  const { layers } = await import("hadamask/tfjs");
  const backend = /** @type {any} */ (tf.backend());
  const x = tf.ones([n]).mul(1.5);
  const layer = layers.dropout({ rate: RATE, seed: 1 });
  const done = async () => {
    if (backend.commandEncoder) {
      backend.endComputePassEncoder();
      backend.submitQueue();
    }
    await backend.device.queue.onSubmittedWorkDone();
  };
  return [
    { name: "TensorFlow.js: tf.dropout", run: () => tf.dropout(x, RATE).dispose(), done },
    {
      name: "hadamask/tfjs: dropout",
      run: () => tf.dispose(/** @type {import("@tensorflow/tfjs").Tensor} */ (layer.apply(x, { training: true }))),
      done,
    },
  ];
}

async function jaxCases(n) {
  const { dropoutSites, dropout } = await import("hadamask/jax");
  const { defaultDevice, getWebGPUDevice, init, jit, numpy: np, random } = await import("@jax-js/jax");
  await init("webgpu");
  defaultDevice("webgpu");
  const { key } = await import("hadamask");
  const device = getWebGPUDevice();
  const x = np.ones([n]);
  const sites = dropoutSites({ h: { rate: RATE, shape: [n] } }, { key: key(1) });
  const bernoulli = jit((h, k) => dropout(h, k, { rate: RATE }));
  const apply = jit((h, m) => sites.apply(h, m.reshape([n])));
  const finish = (y) => {
    y.ref.gpuBufferSync(); // submits what is pending
    y.dispose();
  };
  const done = () => device.queue.onSubmittedWorkDone();
  return [
    { name: "jax-js: where(bernoulli)", run: (k) => finish(bernoulli(x.ref, random.key(k))), done },
    { name: "hadamask/jax: sites, drawn on the device", run: (k) => finish(apply(x.ref, sites.train(k, 1).h)), done },
  ];
}

/** Those engines that load. ONNX Runtime has no device on this side in Node, and leaves its Dropout nodes out. */
export async function measurePeers(n, rounds) {
  provideGpu();
  const results = [];
  for (const { name, casesOf } of [
    { name: "TensorFlow.js", casesOf: tfjsCases },
    { name: "jax-js", casesOf: jaxCases },
  ]) {
    try {
      results.push(...(await byTurns(await casesOf(n), n, rounds)));
    } catch (error) {
      console.error(`bench/gpu.mjs: ${name} did not run: ${error.message}`);
    }
  }
  return results;
}
