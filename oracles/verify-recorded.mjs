// What TensorFlow.js itself gives, for packages/cli/src/verify/recorded.ts: node oracles/verify-recorded.mjs

import * as tf from "@tensorflow/tfjs";

await tf.setBackend("cpu");
const train = (rate, x) => {
  const y = /** @type {tf.Tensor} */ (tf.layers.dropout({ rate, seed: 1 }).apply(tf.tensor(x), { training: true }));
  return [...y.dataSync()];
};
console.log({
  version: tf.version.tfjs,
  rateOne: train(1, [1, -2, 3]),
  keptFactors: [...new Set(train(0.5, new Array(100).fill(1)))].filter((v) => v !== 0),
});
