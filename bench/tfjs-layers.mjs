// The layers of hadamask/tfjs beside those of TensorFlow.js, on its own back ends: forward, and forward with the gradient.

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Dropout, key } from "hadamask";
import { layers } from "hadamask/tfjs";
import { measure } from "../packages/cli/dist/bench/harness.js";
import { checkDropped } from "./peers/check.mjs";
import { setUpWasm } from "./peers/tfjs.mjs";

export const BACKENDS = ["cpu", "wasm"];
export const JOBS = ["forward, rate 0.5", "forward, rate 0.1", "forward and gradient, rate 0.5"];
export const WHO = { theirs: "tf.layers.dropout", ours: "hadamask/tfjs" };
/** The name of a case. */
export const caseName = (backend, job, who) => `${backend}, ${job}: ${who}`;

const SEED = 42;
const training = { training: true };
const apply = (layer, input) => layer.apply(input, training);
const forward = (layer, input) => apply(layer, input).dispose();
/** What comes back from the layers behind is, here, the input once more. */
const gradient = (layer, input) => tf.tidy(() => tf.grad((x) => apply(layer, x))(input, input)).dispose();

/** One sample's first run switches the back end; the others are synchronous. */
const on = (backend, step) => () => (tf.getBackend() === backend ? step() : tf.setBackend(backend).then(step));

function casesOf(backend, input, x) {
  return JOBS.flatMap((job) => {
    const rate = Number(job.slice(-3));
    const work = job.startsWith("forward and") ? gradient : forward;
    const theirs = tf.layers.dropout({ rate });
    const ours = layers.dropout({ rate, seed: SEED });
    const one = (who, layer, check) => ({
      name: caseName(backend, job, who),
      elements: x.length,
      run: on(backend, () => work(layer, input)),
      check,
    });
    return [
      one(WHO.theirs, theirs, () => checkTheirs(theirs, input, x, rate)),
      one(WHO.ours, ours, () => checkOurs(ours, input, x, rate)),
    ];
  });
}

const valuesOf = (tensor) => {
  const values = tensor.dataSync();
  tensor.dispose();
  return values;
};
const gradientOf = (layer, input) => valuesOf(tf.tidy(() => tf.grad((t) => apply(layer, t))(input)));

function checkTheirs(layer, input, x, rate) {
  checkDropped(x, valuesOf(apply(layer, input)), rate);
  checkDropped(new Float32Array(x.length).fill(1), gradientOf(layer, input), rate);
}

/** To the bit what the library's layer gives for the same key and step. */
function checkOurs(layer, input, x, rate) {
  const library = new Dropout({ rate, key: key(SEED) });
  const step = layer.step;
  assert.ok(isSame(valuesOf(apply(layer, input)), library.forward(x, { step })), "values");
  layer.step = step;
  assert.ok(isSame(gradientOf(layer, input), library.backward(new Float32Array(x.length).fill(1))), "gradients");
}

const isSame = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** All back ends, jobs and both layers in turn, on `n` elements. */
export async function measureTfjsLayers(n, rounds, settle) {
  setUpWasm();
  const x = Float32Array.from({ length: n }, (_, i) => 1 + (i % 1000) / 1000);
  const inputs = [];
  const cases = [];
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    const input = tf.tensor1d(x);
    inputs.push(input);
    cases.push(...casesOf(backend, input, x));
  }
  const result = await measure({ name: `layers of TensorFlow.js, ${n} elements`, cases }, rounds, settle);
  for (const input of inputs) input.dispose();
  return { n, ...result };
}
