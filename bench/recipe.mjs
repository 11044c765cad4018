// What `--where recipe` (dropout after every layer, whole channels behind convolutions) is worth on our convolutional
// network, beside dropout after every activation and after the last one: networks of `hadamask train --model cnn` that
// were trained without dropout and with it, written as ONNX, judged on rows that they were not trained on.
//
//   npm run build && node bench/recipe.mjs > docs/results/recipe.json
//
// Uses what the package of the command has inside: data sets by name.
import { splitRows, trainRun } from "@hadamask/experiments";
import { settingsFor } from "@hadamask/experiments/settings";
import { inspect, monteCarlo, readModel, writeModel } from "@hadamask/onnx";
import { key } from "hadamask";
import { chooseByLikelihood, scores } from "hadamask/uncertainty";
import * as ort from "onnxruntime-node";
import { loadDataset } from "../packages/cli/dist/data/load.js";

const SAMPLES = 50;
const RATES = [0.05, 0.1, 0.2, 0.3];

const tensor = (name, dims, values) => ({
  name,
  dims,
  dataType: 1,
  rawData: new Uint8Array(Float32Array.from(values).buffer),
});
const ints = (name, values) => ({ name, dims: [values.length], dataType: 7, int64Data: values });
const node = (opType, input, output, attribute = []) => ({ name: output, opType, input, output: [output], attribute });
const list = (name, values) => ({ name, type: 7, ints: values });

/**
 * The network as ONNX: pictures that are scaled already, [rows, features].
 *
 * @param {any} run
 * @param {any} data
 */
function modelOf(run, data) {
  const { weights } = run;
  const { image, classes } = data;
  let [height, width] = [image.height, image.width];
  const nodes = [node("Reshape", ["x", "picture"], "h0")];
  /** @type {any[]} */
  const initializer = [ints("picture", [-1, 1, height, width])];
  const layers = weights.length / 2 - 1;
  let maps = 1;
  for (let i = 0; i < layers; i++) {
    const [w, b] = [weights[2 * i].values, weights[2 * i + 1].values];
    const count = b.length;
    const from = maps;
    // ours: row (place * maps + map), column output; ONNX: output, map, place
    const kernel = Array.from({ length: count * from * 9 }, (_, at) => {
      const [o, m, place] = [Math.floor(at / (from * 9)), Math.floor(at / 9) % from, at % 9];
      return w[(place * from + m) * count + o];
    });
    initializer.push(tensor(`w${i}`, [count, from, 3, 3], kernel), tensor(`b${i}`, [count], b));
    const sides = [height > 1 ? 2 : 1, width > 1 ? 2 : 1];
    nodes.push(
      node("Conv", [`h${i}`, `w${i}`, `b${i}`], `c${i}`, [list("pads", [1, 1, 1, 1])]),
      node("Relu", [`c${i}`], `r${i}`),
      node("AveragePool", [`r${i}`], `h${i + 1}`, [list("kernel_shape", sides), list("strides", sides)]),
    );
    [height, width] = [height, width].map((side) => Math.max(1, Math.floor(side / 2)));
    maps = count;
  }
  const [w, b] = [weights.at(-2).values, weights.at(-1).values];
  const area = height * width;
  const head = Array.from({ length: w.length }, (_, at) => {
    const [row, c] = [Math.floor(at / classes.length), at % classes.length];
    const [m, place] = [Math.floor(row / area), row % area];
    return w[(place * maps + m) * classes.length + c];
  });
  initializer.push(tensor("wh", [area * maps, classes.length], head), tensor("bh", [classes.length], b));
  nodes.push(
    node("Flatten", [`h${layers}`], "flat"),
    node("Gemm", ["flat", "wh", "bh"], "z"),
    node("Softmax", ["z"], "y", [{ name: "axis", type: 2, i: 1 }]),
  );
  const info = (name, size) => ({
    name,
    type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "rows" }, { dimValue: size }] } } },
  });
  const graph = {
    name: "cnn",
    node: nodes,
    initializer,
    input: [info("x", image.height * image.width)],
    output: [info("y", classes.length)],
  };
  return writeModel({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph });
}

const data = await loadDataset("optdigits");
const variants = ["none", "bernoulli:0.2"];
const request = { model: "cnn", variants, seeds: 1, inputRate: 0.1, activation: "relu", epochs: 60, hidden: undefined };
const settings = settingsFor(/** @type {any} */ (request), data);
const placements = {
  recipe: { recipe: true },
  "after:Relu": { after: ["Relu"] },
  "after:Relu,last:1": { after: ["Relu"], last: 1 },
};
const found = [];
for (const variant of variants) {
  const run = trainRun(data, settings, variant, 0);
  const { test } = splitRows(data, settings, 0);
  const x = new Float32Array(test.count * data.featureCount);
  test.readInputs(
    Array.from({ length: test.count }, (_, row) => row),
    x,
  );
  const labels = Int32Array.from({ length: test.count }, (_, row) => test.label(row));
  const bytes = modelOf(run, data);
  if (inspect(readModel(bytes)).places.length === 0) throw new Error("there are places");
  const candidates = Object.keys(placements).flatMap((where) => RATES.map((rate) => ({ where, rate })));
  const predictions = new Map();
  let baseline;
  for (const candidate of candidates) {
    const mc = await monteCarlo(bytes, { ort, key: key(1), rate: candidate.rate, ...placements[candidate.where] });
    const prediction = /** @type {any} */ (await mc.predict({ x }, { samples: SAMPLES }));
    await mc.dispose();
    baseline = prediction.deterministic.mean;
    predictions.set(candidate, prediction.mean);
  }
  const choice = await chooseByLikelihood(candidates, { labels, baseline, predict: (c) => predictions.get(c) });
  const short = ({ accuracy, nll, ece }) => ({ accuracy: accuracy.value, nll: nll.value, ece: ece.value });
  found.push({
    trainedWith: variant,
    rows: test.count,
    plain: short(scores(baseline, labels, { key: key(2) })),
    trials: choice.trials.map(({ candidate, nll, difference, interval }) => ({
      ...candidate,
      nll,
      difference,
      interval,
      ece: short(scores(predictions.get(candidate), labels, { key: key(2) })).ece,
    })),
    best: choice.best.candidate,
    sentence: choice.sentence,
  });
}
console.log(
  JSON.stringify({ command: "node bench/recipe.mjs", data: "optdigits", samples: SAMPLES, settings, found }, null, 2),
);
