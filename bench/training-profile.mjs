// Where the time of a training step goes: batches, masks, forward, backward, Adam; and what evaluation costs. In
// processor time of this process, which other work on the machine hardly touches; steps with and without dropout take
// turns, and ratios are of pairs.
//
//   npm run build && node bench/training-profile.mjs [--steps 40] [--rows 10000] [--json docs/training-speed.json]

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { jit, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { key } from "hadamask";
import { versions } from "../packages/cli/dist/train/versions.js";
import { buildModel } from "../packages/experiments/dist/models/build.js";
import { Batches } from "../packages/experiments/dist/training/batches.js";
import { Network } from "../packages/experiments/dist/training/network.js";
import { splitRows } from "../packages/experiments/dist/training/split.js";
import { classTask } from "../packages/experiments/dist/training/task.js";
import { activate } from "../packages/experiments/dist/variants/activate.js";
import { readVariant } from "../packages/experiments/dist/variants/spec.js";

const { values } = parseArgs({
  options: {
    steps: { type: "string", default: "40" },
    rows: { type: "string", default: "10000" },
    json: { type: "string" },
  },
});
const STEPS = Number(values.steps);
const ROWS = Number(values.rows);
const [BATCH, CLASSES, SIDE] = [128, 10, 28];
const FEATURES = SIDE * SIDE;
/** Rows of a prediction, as the trainer asks. */
const AT_ONCE = 1000;
const WARM_UP = 3;

/** @type {readonly [import("../packages/experiments/dist/kinds.js").ModelKind, readonly number[], string][]} */
const NETWORKS = [
  ["mlp", [256, 256], "bernoulli:0.5"],
  ["mlp", [512, 512], "bernoulli:0.5"],
  ["mlp", [1024, 1024], "bernoulli:0.5"],
  ["cnn", [16, 32], "channel:0.2"],
];

/** Rows that look like pictures: half of the pixels 0. */
const features = Float32Array.from({ length: 1000 * FEATURES }, (_, i) => Math.max(0, Math.sin(i * i)));
const labels = Uint16Array.from({ length: 1000 }, (_, row) => row % CLASSES);
const data = {
  name: "made up",
  description: "",
  featureCount: FEATURES,
  classes: Array.from({ length: CLASSES }, (_, i) => String(i)),
  scaling: 1,
  pool: { rows: 1000, features, labels },
  defaultTrainRows: 500,
};
const { train: rows } = splitRows(data, { design: /** @type {const} */ ("folds"), trainRows: 500 }, 0);

const task = classTask(CLASSES);
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const digits = (value) => Number(value.toPrecision(3));

/** Median milliseconds of a part, after a first call that compiles. */
function timed(part, times = STEPS) {
  for (let i = 0; i < WARM_UP; i++) part();
  return median(
    Array.from({ length: times }, () => {
      const start = now();
      part();
      return now() - start;
    }),
  );
}

/** Loss and gradient, without the optimiser. */
function gradientMs(model, variant, { inputs, targets }) {
  const { hooks } = variant;
  const loss = (layers, x, y, draws) =>
    task.likelihood.loss(model.forward(layers, x, { hooks, draws, learned: {} }), y);
  const gradient = jit(valueAndGrad(loss));
  const layers = model.initialWeights(key(0));
  const ms = timed(() => {
    const x = np.array(inputs, { shape: [BATCH, FEATURES] });
    const y = np.array(targets, { shape: [BATCH, CLASSES] });
    const [value, found] = gradient(tree.ref(layers), x, y, variant.train(0, BATCH));
    value.item();
    tree.dispose(found);
  });
  tree.dispose(layers);
  return ms;
}

function measure([kind, hidden, name]) {
  const image = { height: SIDE, width: SIDE };
  const model = buildModel(kind, { features: FEATURES, outputs: CLASSES, hidden, image, activation: "relu" });
  const none = activate(readVariant("none", 0, kind), model, key(0), 0);
  const variant = activate(readVariant(name, 0.2, kind), model, key(1), STEPS);
  const networks = [variant, none].map((active) => new Network(model, task.likelihood, active, key(0)));
  const batches = new Batches(rows, BATCH, task);
  const order = Uint32Array.from({ length: BATCH }, (_, i) => i);
  const batch = batches.take(order, 0);
  const times = /** @type {number[][]} */ ([[], []]);
  for (let t = -WARM_UP; t < STEPS; t++) {
    for (const i of t % 2 === 0 ? [0, 1] : [1, 0]) {
      const start = now();
      networks[i].train(t + WARM_UP, batch, 1e-3, 0);
      if (t >= 0) times[i].push(now() - start);
    }
  }
  const chunk = features.subarray(0, AT_ONCE * FEATURES);
  const chunks = Math.ceil(ROWS / AT_ONCE);
  const predictMs = timed(() => networks[1].predict(chunk, AT_ONCE), 3);
  const gradient = gradientMs(model, none, batch);
  const step = median(times[1]);
  const ratios = times[0].map((ms, i) => ms / times[1][i]).sort((p, q) => p - q);
  const found = {
    network: `${kind} ${[FEATURES, ...hidden, CLASSES].join("-")}`,
    variant: name,
    stepMs: digits(step),
    stepWithDropoutMs: digits(median(times[0])),
    /** Of pairs: quartiles. */
    dropoutRatios: [0.25, 0.5, 0.75].map((q) => digits(ratios[Math.floor(q * ratios.length)])),
    partsMs: {
      batch: digits(timed(() => batches.take(order, 0))),
      masks: digits(timed(() => tree.dispose(variant.train(5, BATCH)))),
      forward: digits(timed(() => networks[1].predict(batch.inputs, BATCH))),
      gradient: digits(gradient),
      adam: digits(Math.max(0, step - gradient)),
    },
    evaluationSeconds: digits((predictMs * chunks) / 1000),
  };
  for (const network of networks) network.release();
  return found;
}

const results = NETWORKS.map((network) => {
  const found = measure(network);
  console.log(JSON.stringify(found));
  return found;
});
const command = "node bench/training-profile.mjs --json docs/training-speed.json";
const output = { command, batch: BATCH, steps: STEPS, evaluationRows: ROWS, versions: versions(), results };
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(output, null, 2)}\n`);
