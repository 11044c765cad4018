// Training steps of TensorFlow.js, on its own back ends: a multi-layer perceptron without dropout, with
// tf.layers.dropout and with the layer of hadamask/tfjs, taking turns. What a variant's step takes longer than one
// without dropout is dropout's share of it.

import * as tf from "@tensorflow/tfjs";
import { layers } from "hadamask/tfjs";
import { setUpWasm } from "./peers/tfjs.mjs";

const [INPUTS, WIDTH, CLASSES] = [784, 256, 10];
const WARM_UP = 3;

const VARIANTS = {
  none: undefined,
  "tf.layers.dropout": (rate) => tf.layers.dropout({ rate }),
  "hadamask/tfjs": (rate) => layers.dropout({ rate, seed: 42 }),
};

function modelWith(dropout) {
  const hidden = (first) => [
    tf.layers.dense({ units: WIDTH, activation: "relu", ...(first && { inputShape: [INPUTS] }) }),
    ...(dropout === undefined ? [] : [dropout()]),
  ];
  const parts = [...hidden(true), ...hidden(false), tf.layers.dense({ units: CLASSES, activation: "softmax" })];
  const model = tf.sequential({ layers: parts });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  return model;
}

/** For each back end and variant: milliseconds of a step, and the share of dropout in it with its quartiles. */
export async function measureTfjsSteps(batch, rate, rounds) {
  setUpWasm();
  const found = [];
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const x = tf.randomUniform([batch, INPUTS], 0, 1, "float32", 1);
    const labels = Array.from({ length: batch }, (_, row) => row % CLASSES);
    const y = tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES).toFloat();
    const models = Object.entries(VARIANTS).map(([name, make]) => ({
      name,
      model: modelWith(make && (() => make(rate))),
      times: /** @type {number[]} */ ([]),
    }));
    for (let round = -WARM_UP; round < rounds; round++) {
      for (const { model, times } of models) {
        const start = performance.now();
        await model.trainOnBatch(x, y);
        if (round >= 0) times.push(performance.now() - start);
      }
    }
    const [none, ...others] = models;
    for (const { name, times } of others) {
      const shares = times.map((time, round) => 100 * (1 - none.times[round] / time)).sort((a, b) => a - b);
      const at = (share) => shares[Math.floor(share * (shares.length - 1))];
      found.push({
        where: `TF.js ${backend}, ${name}`,
        stepMs: median(times),
        dropoutPercent: at(0.5),
        quartiles: [at(0.25), at(0.75)],
      });
    }
  }
  return found;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
