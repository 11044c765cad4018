// The layers of hadamask/tfjs beside those of TensorFlow.js, on its own back ends: forward, and forward with the
// gradient.

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Dropout, key } from "hadamask";
import { layers } from "hadamask/tfjs";
import { measure } from "../packages/cli/dist/bench/harness.js";
import { checkDropped } from "./peers/check.mjs";
import { setUpWasm } from "./peers/tfjs.mjs";

const BACKENDS = ["cpu", "wasm"];
export const JOBS = ["forward, rate 0.5", "forward, rate 0.1", "forward and gradient, rate 0.5"];
export const WHO = { theirs: "tf.layers.dropout", ours: "hadamask/tfjs" };
/** The name of a case. */
export const caseName = (job, who) => `${job}: ${who}`;

const SEED = 42;
const training = { training: true };
const apply = (layer, input) => layer.apply(input, training);
const forward = (layer, input) => apply(layer, input).dispose();
/** What comes back from the layers behind is, here, the input once more. */
const gradient = (layer, input) => tf.tidy(() => tf.grad((x) => apply(layer, x))(input, input)).dispose();

function casesOf(input, x) {
  return JOBS.flatMap((job) => {
    const rate = Number(job.slice(-3));
    const work = job.startsWith("forward and") ? gradient : forward;
    const theirs = tf.layers.dropout({ rate });
    const ours = layers.dropout({ rate, seed: SEED });
    const one = (who, layer, check) => ({
      name: caseName(job, who),
      elements: x.length,
      run: () => work(layer, input),
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

/**
 * Both layers in turn, at all jobs, on `n` elements; one back end after the other, since to switch takes as long as a
 * small call.
 */
export async function measureTfjsLayers(n, rounds, settle) {
  setUpWasm();
  const x = Float32Array.from({ length: n }, (_, i) => 1 + (i % 1000) / 1000);
  const found = [];
  for (const backend of BACKENDS) {
    await tf.setBackend(backend);
    const input = tf.tensor1d(x);
    const group = { name: `layers of TensorFlow.js, ${backend}, ${n} elements`, cases: casesOf(input, x) };
    found.push({ n, backend, ...(await measure(group, rounds, settle)) });
    input.dispose();
  }
  return found;
}
