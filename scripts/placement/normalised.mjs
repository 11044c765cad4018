// Batch normalisation and dropout before or behind it, over seeds: errors, and the variance that the second
// normalisation gets at prediction over the one that it measured. For placement.mjs.

import { splitRows } from "@hadamask/experiments";
import { softmaxCrossEntropy } from "hadamask";
import { epochOrder, runKeys } from "../../packages/experiments/dist/chance.js";
import { crossedMean, intervalOf } from "../../packages/experiments/dist/statistics/estimate.js";
import { NormalisedNet } from "./normalised-net.mjs";

const SETTINGS = { hidden: [64, 64], epochs: 150, batchSize: 50, learningRate: 1e-3 };

/** Rates behind the first ReLU, whose second normalisation is still to come, and behind the last. */
const NETWORKS = [
  { name: "none", rates: [0, 0] },
  { name: "before", rates: [0.5, 0] },
  { name: "behind", rates: [0, 0.5] },
];

/** All rows of a part: inputs one after the other, and labels. */
function arraysOf(rows) {
  const all = Uint32Array.from({ length: rows.count }, (_, i) => i);
  const x = new Float32Array(rows.count * rows.featureCount);
  rows.readInputs(all, x);
  return { x: Float64Array.from(x), labels: Array.from(all, (row) => rows.label(row)) };
}

function train({ x, labels }, features, classes, rates, seed) {
  const { hidden, epochs, batchSize, learningRate } = SETTINGS;
  const keys = runKeys(seed);
  const net = new NormalisedNet({
    ...{ sizes: [features, ...hidden, classes], rates, learningRate },
    ...{ weights: keys.weights, masks: keys.dropout },
  });
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = epochOrder(keys, epoch, labels.length);
    for (let start = 0; start + batchSize <= order.length; start += batchSize) {
      const chosen = Array.from(order.subarray(start, start + batchSize));
      const batch = Float64Array.from({ length: batchSize * features }, (_, i) => {
        const row = chosen[Math.floor(i / features)];
        return x[row * features + (i % features)];
      });
      net.step(
        batch,
        chosen.map((row) => labels[row]),
      );
    }
  }
  return net;
}

/** Of each row: whether it is wrong, and its negative log-likelihood. */
function scores(net, { x, labels }, classes) {
  const logits = net.predict(x);
  const row = (r) => logits.subarray(r * classes, (r + 1) * classes);
  return {
    testError: Float64Array.from(labels, (label, r) => (row(r).indexOf(Math.max(...row(r))) === label ? 0 : 1)),
    nll: Float64Array.from(labels, (label, r) => softmaxCrossEntropy(row(r), [label]).loss),
  };
}

/** The middle over the units of the second normalisation: variance of rows without noise / running variance. */
function shiftOf(net, x) {
  const [running, clean] = [net, net.measuredAgain(x)].map(({ layers }) => layers[1].variance);
  const ratios = running.map((variance, o) => clean[o] / variance).sort();
  return (ratios[ratios.length / 2 - 1] + ratios[ratios.length / 2]) / 2;
}

export function compareNormalised(data, seeds, trainRows) {
  const {
    featureCount: features,
    classes: { length: classes },
  } = data;
  const found = new Map();
  const shifts = {};
  const note = (name, scored) => found.set(name, [...(found.get(name) ?? []), scored]);
  let testRows = 0;
  for (let seed = 0; seed < seeds; seed++) {
    const split = splitRows(data, { design: "disjoint", trainRows }, seed);
    const [rows, test] = [arraysOf(split.train), arraysOf(split.test)];
    testRows = test.labels.length;
    for (const { name, rates } of NETWORKS) {
      const net = train(rows, features, classes, rates, seed);
      note(name, scores(net, test, classes));
      if (name === "before") note("before, measured again", scores(net.measuredAgain(rows.x), test, classes));
      shifts[name] = [...(shifts[name] ?? []), shiftOf(net, rows.x)];
      console.error(`batch normalisation, ${name}, seed ${seed}`);
    }
  }
  const measure = (tables) => {
    const estimate = crossedMean(tables);
    const perSeed = tables.map((table) => table.reduce((sum, value) => sum + value, 0) / table.length);
    return { mean: estimate.mean, ci95: intervalOf(estimate), perSeed };
  };
  const differences = (name, of) =>
    found.get(name).map((scored, seed) => scored[of].map((value, r) => value - found.get("none")[seed][of][r]));
  const both = (make) => ({ testError: make("testError"), nll: make("nll") });
  const names = [...found.keys()];
  return {
    model: { kind: "mlp with batch normalisation", ...SETTINGS, seeds: Array.from({ length: seeds }, (_, i) => i) },
    data: { name: data.name, trainRows, testRows },
    variants: names.map((name) => ({
      name,
      ...both((of) => measure(found.get(name).map((scored) => scored[of]))),
      ...(name in shifts && { varianceRatio: { perSeed: shifts[name] } }),
    })),
    paired: names
      .filter((name) => name !== "none")
      .map((name) => ({ variant: name, ...both((of) => measure(differences(name, of))) })),
  };
}
