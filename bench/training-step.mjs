// What dropout adds to a training step: an MLP on jax-js, batch 128, dropout at the inputs and after both hidden
// layers, against the same network without. Steps take turns, so that a busy machine slows both alike; ratios are of
// medians, with quartiles over the pairs.
//
//   npm run build && node bench/training-step.mjs [--pairs 60] [--json]

import assert from "node:assert/strict";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { keepMask, key, unpackMask } from "hadamask";
import { multiplier } from "hadamask/jax";
import { versions } from "../packages/cli/dist/train/versions.js";
import { mlp } from "../packages/experiments/dist/models/mlp.js";
import { Batches } from "../packages/experiments/dist/training/batches.js";
import { Network } from "../packages/experiments/dist/training/network.js";
import { classTask } from "../packages/experiments/dist/training/task.js";
import { activate } from "../packages/experiments/dist/variants/activate.js";
import { readVariant } from "../packages/experiments/dist/variants/spec.js";

const WIDTHS = [256, 512, 1024];
const BATCH = 128;
const [INPUTS, CLASSES] = [784, 10];
const RATES = { input: 0.2, hidden: 0.5 };

const { values } = parseArgs({ options: { pairs: { type: "string", default: "60" }, json: { type: "boolean" } } });
const pairs = Number(values.pairs);

/** Rows that look like pictures: half of the pixels 0. */
const rows = {
  count: BATCH,
  featureCount: INPUTS,
  readInputs(_, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(0, Math.sin(i * i));
  },
  label: (row) => row % CLASSES,
};

function checkMasks() {
  const n = BATCH * 1024;
  const kept = unpackMask(keepMask(n, { rate: RATES.hidden, key: key(1) }), n);
  const factors = multiplier([BATCH, 1024], { rate: RATES.hidden, key: key(1) }).dataSync();
  assert.ok(kept.every((bit, i) => factors[i] === (bit ? 2 : 0)));
}

/** The first step compiles, the next ones run in code that is not optimised yet. */
const WARM_UP = 5;

/** Times `pairs` steps with `variant` and as many without dropout, taking turns, on fresh networks. */
function timeSteps(model, variant, batches, pairs) {
  const order = Uint32Array.from({ length: batches.size }, (_, i) => i);
  const batch = batches.take(order, 0);
  const weights = key(0);
  const none = activate(readVariant("none", 0, "mlp"), model, weights, 0);
  const networks = [variant, none].map((active) => new Network(model, classTask(CLASSES).likelihood, active, weights));
  const times = /** @type {number[][]} */ ([[], []]);
  for (let t = -WARM_UP; t < pairs; t++) {
    for (const i of t % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = performance.now();
      networks[i].train(t + WARM_UP, batch, 1e-3, 1e-3);
      if (t >= 0) times[i].push(performance.now() - start);
    }
  }
  for (const network of networks) network.release();
  return { withMs: times[0], withoutMs: times[1] };
}

const quantile = (sorted, q) => sorted[Math.round(q * (sorted.length - 1))];
const sort = (list) => [...list].sort((a, b) => a - b);

function measure(width) {
  const model = mlp({ features: INPUTS, hidden: [width, width], outputs: CLASSES, activation: "relu" });
  const variant = activate(readVariant(`bernoulli:${RATES.hidden}`, RATES.input, "mlp"), model, key(1), pairs);
  const times = timeSteps(model, variant, new Batches(rows, BATCH, classTask(CLASSES)), pairs);
  const ratios = sort(times.withMs.map((ms, i) => ms / times.withoutMs[i]));
  const [withMs, withoutMs] = [times.withMs, times.withoutMs].map((list) => quantile(sort(list), 0.5));
  const quartiles = [quantile(ratios, 0.25), quantile(ratios, 0.75)];
  return {
    network: [INPUTS, width, width, CLASSES].join("-"),
    withoutMs,
    withMs,
    ratio: withMs / withoutMs,
    quartiles,
  };
}

checkMasks();
const results = WIDTHS.map(measure);
if (values.json) {
  const command = `node bench/training-step.mjs --pairs ${pairs}`;
  console.log(
    JSON.stringify(
      { command, batch: BATCH, rates: RATES, pairs, cores: cpus().length, versions: versions(), results },
      null,
      2,
    ),
  );
} else {
  console.log(`batch ${BATCH}, input rate ${RATES.input}, hidden rate ${RATES.hidden}, ${pairs} pairs of steps\n`);
  console.log("network            without     with dropout   ratio   quartiles");
  for (const { network, withoutMs, withMs, ratio, quartiles } of results) {
    const ms = (value) => `${value.toFixed(2)} ms`.padStart(10);
    console.log(
      `${network.padEnd(16)} ${ms(withoutMs)}      ${ms(withMs)}   ${ratio.toFixed(3)}   ` +
        quartiles.map((q) => q.toFixed(3)).join(" to "),
    );
  }
}
