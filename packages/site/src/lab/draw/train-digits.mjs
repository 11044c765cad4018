// Trains the network of the lab's drawing page, as `hadamask train` would, and prints it as JSON. Its numbers depend on
// nothing but the lines below: it is made anew for each build, and is the same each time.

import { loadDataset } from "@hadamask/cli/data";
import { trainRun } from "@hadamask/experiments";
import { settingsFor } from "@hadamask/experiments/settings";

const VARIANT = "bernoulli:0.3";
const data = await loadDataset("optdigits");
const settings = settingsFor(
  {
    model: "mlp",
    hidden: [64, 64],
    activation: undefined,
    variants: [VARIANT],
    inputRate: 0.1,
    trainSize: 1437,
    epochs: 60,
    batchSize: 100,
    learningRate: 4e-3,
    seeds: 1,
    evaluate: 60,
  },
  data,
);
const { weights, testError, predictions } = trainRun(data, settings, VARIANT, 0);
const numbers = weights.flatMap(({ values }) => [...values]);
const network = {
  sizes: [data.featureCount, ...settings.hidden, data.classes.length],
  scale: data.scaling,
  inputRate: settings.inputRate,
  rate: 0.3,
  trainRows: settings.trainRows,
  testRows: predictions.label.length,
  testError: testError.at(-1),
  weights: Buffer.from(Float32Array.from(numbers).buffer).toString("base64"),
};
console.log(JSON.stringify(network));
