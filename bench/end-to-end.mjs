// Where does dropout's time matter? The share of a whole training step: a 784-256-256-10 network in plain TypeScript on
// typed arrays, batch 128, forward and backward, with dropout after both hidden layers and without it, in turn.
//
//   npm run build && npm run build:native && node bench/end-to-end.mjs   the shares of each kernel
//   node bench/end-to-end.mjs --json                                     as JSON
//
// HADAMASK_KERNEL chooses one kernel; without it this program runs itself once for each.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { denseDropoutBackward, denseDropoutForward, dropout, dropoutBackward, foldIn, kernelName, key } from "hadamask";
import { thisMachine } from "../packages/cli/dist/bench/machine.js";

const SIZES = [784, 256, 256, 10];
const BATCH = 128;
const RATE = 0.5;
const RELU = /** @type {const} */ ("relu");
const LINEAR = /** @type {const} */ ("linear");

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "15" } },
});
const { rounds } = values;

const script = fileURLToPath(import.meta.url);
if (process.env.HADAMASK_KERNEL) console.log(JSON.stringify(measure(Number(rounds))));
else {
  const results = ["native", "simd", "scalar"].flatMap((kernel) => {
    const env = { ...process.env, HADAMASK_KERNEL: kernel };
    try {
      return [
        JSON.parse(execFileSync(process.execPath, [script, "--rounds", rounds], { env, stdio: "pipe" }).toString()),
      ];
    } catch {
      return []; // a kernel that is not built
    }
  });
  const data = {
    date: new Date().toISOString(),
    command: "node bench/end-to-end.mjs",
    machine: thisMachine(),
    results,
  };
  if (values.json) console.log(JSON.stringify(data, undefined, 1));
  else console.table(results);
}

/** Medians over rounds: a step without dropout, and dropout's own part of a step with it. */
function measure(times) {
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
  return { kernel: kernelName(), stepMs: median(steps), dropoutPercent: 100 * median(shares) };
}
