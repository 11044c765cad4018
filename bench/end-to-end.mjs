// Where does dropout's time matter? Its share of a whole training step, batch 128, of a 784-256-256-10 network with
// dropout at rate 1/2 after both hidden layers: in plain TypeScript on typed arrays, and in TensorFlow.js with
// tf.layers.dropout and with the layer of hadamask/tfjs. And its share of Monte-Carlo passes in ONNX Runtime.
//
//   npm run build && npm run build:native && node bench/end-to-end.mjs   a table
//   node bench/end-to-end.mjs --json                                     for docs/benchmarks/<processor>.json
//
// HADAMASK_KERNEL chooses one kernel; without it this program runs itself once for each.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { denseDropoutBackward, denseDropoutForward, dropout, dropoutBackward, foldIn, key } from "hadamask";
import { measureMonteCarlo } from "./monte-carlo.mjs";
import { measureTfjsSteps } from "./tfjs-steps.mjs";

const SIZES = [784, 256, 256, 10];
const BATCH = 128;
const RATE = 0.5;
const RELU = /** @type {const} */ ("relu");
const LINEAR = /** @type {const} */ ("linear");

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "15" } },
});
const rounds = Number(values.rounds);

const script = fileURLToPath(import.meta.url);
if (process.env.HADAMASK_KERNEL) {
  const plain = { where: "plain TypeScript", ...measurePlain(rounds) };
  // The plain kernel is for places where TensorFlow.js's "wasm" does not run either.
  const tfjs = process.env.HADAMASK_KERNEL === "scalar" ? [] : await measureTfjsSteps(BATCH, RATE, rounds);
  console.log(JSON.stringify([plain, ...tfjs]));
} else {
  const steps = ["native", "simd", "scalar"].flatMap((kernel) => stepsWith(kernel));
  const data = { network: SIZES, batch: BATCH, rate: RATE, steps, passes: await measureMonteCarlo(rounds) };
  if (values.json) console.log(JSON.stringify(data, undefined, 1));
  else [steps, data.passes].forEach((rows) => void console.table(rows));
}

/** What this program finds with one kernel; nothing where it is not built. */
function stepsWith(kernel) {
  const env = { ...process.env, HADAMASK_KERNEL: kernel };
  try {
    const args = [script, "--rounds", values.rounds];
    const found = JSON.parse(execFileSync(process.execPath, args, { env, stdio: "pipe" }).toString());
    return found.map((row) => ({ ...row, kernel }));
  } catch (error) {
    if (/HADAMASK_KERNEL=/.test(error.stderr?.toString() ?? "")) return [];
    throw error;
  }
}

/** Medians over rounds: a step without dropout, and dropout's own part of a step with it. */
function measurePlain(times) {
  const fill = (n, seed) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i) / 8);
  const layers = SIZES.slice(1).map((outputs, l) => ({
    W: fill(SIZES[l] * outputs, l),
    b: fill(outputs, l + 9),
    activation: l === 2 ? LINEAR : RELU,
  }));
  const x = fill(BATCH * SIZES[0], 5);
  const dy = fill(BATCH * SIZES[3], 6);
  const sites = SIZES.slice(1, 3).map((n, l) => ({ h: fill(BATCH * n, l), key: foldIn(key(1), l) }));

  const network = () => {
    let h = /** @type {import("hadamask").FloatArray} */ (x);
    const caches = layers.map((layer) => {
      const { y, cache } = denseDropoutForward(h, { ...layer, rate: 0 }, "eval");
      h = y;
      return cache;
    });
    let d = /** @type {import("hadamask").FloatArray} */ (dy);
    for (const cache of caches.reverse()) d = denseDropoutBackward(d, cache).dx;
  };
  const masks = () => {
    for (const site of sites) {
      dropout(site.h, { rate: RATE, key: site.key });
      dropoutBackward(site.h, { rate: RATE, key: site.key });
    }
  };
  const timeOf = (work) => {
    const start = performance.now();
    work();
    return performance.now() - start;
  };
  for (let i = 0; i < 3; i++) [network, masks].forEach(timeOf);
  const shares = [];
  const steps = [];
  for (let round = 0; round < times; round++) {
    const [step, own] = [timeOf(network), timeOf(masks)];
    steps.push(step);
    shares.push(own / (step + own));
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  return { stepMs: median(steps), dropoutPercent: 100 * median(shares) };
}
