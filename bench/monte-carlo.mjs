// What Monte-Carlo dropout costs beside deterministic passes: 100 passes of 797 digits through the 64-256-256-10
// network, in ONNX Runtime, statistics and all, against 100 plain runs of the same model on the same rows; and the
// same of a convolutional network (a test fixture) with dropout before its last layer only.
//
//   npm run build && node bench/monte-carlo.mjs
//
// Interleaved; the ratio is the median over rounds of the ratios within a round. Before each job there is a pause:
// the threads of the last one go on asking for work for some 45 ms, on cores that the next needs. Needs a quiet
// machine.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { exportMlp, inspect, monteCarlo, readModel } from "@hadamask/onnx";
import { key, uniform } from "hadamask";
import * as ort from "onnxruntime-node";

const [ROWS, PASSES, ROUNDS, PAUSE_MS] = [797, 100, 25, 100];
const layer = (inputs, outputs, seed) => ({
  weights: Float32Array.from(uniform(inputs * outputs, { key: key(seed) }), (u) => (2 * u - 1) / Math.sqrt(inputs)),
  biases: new Float32Array(outputs),
});
const bytes = exportMlp({
  layers: [layer(64, 256, 1), layer(256, 256, 2), layer(256, 10, 3)],
  activation: "relu",
  normalisation: { shift: new Float32Array(64), factor: new Float32Array(64).fill(1 / 16) },
  inputRate: 0.1,
  hiddenRate: 0.5,
});
const table = gunzipSync(readFileSync(new URL("../packages/cli/data/optdigits.csv.gz", import.meta.url))).toString();
const x = Float32Array.from(
  table
    .trim()
    .split("\n")
    .slice(-ROWS)
    .flatMap((line) => line.split(",").slice(0, 64).map(Number)),
);

const plainJob = async (model, input) => {
  const session = await ort.InferenceSession.create(model);
  return async () => {
    for (let pass = 0; pass < PASSES; pass++) await session.run({ x: input });
  };
};
const predictJob = async (model, input, options) => {
  const mc = await monteCarlo(model, { ort, key: key(1), ...options });
  return () => mc.predict({ x: input }, { samples: PASSES });
};

const digits = new ort.Tensor("float32", x, [ROWS, 64]);
const cnn = readFileSync(new URL("../packages/onnx/test/fixtures/cnn-eval.onnx", import.meta.url));
const [cnnInput] = inspect(readModel(cnn)).inputs;
const pictureDims = [ROWS, ...(cnnInput?.shape ?? []).slice(1).map(Number)];
const pictures = new ort.Tensor(
  "float32",
  Float32Array.from(
    uniform(
      pictureDims.reduce((a, b) => a * b),
      { key: key(9) },
    ),
  ),
  pictureDims,
);
/** Groups: the first job of each is what the others are held against. */
const groups = [
  {
    "MLP, 100 plain passes": await plainJob(bytes, digits),
    "MLP, consistent masks": await predictJob(bytes, digits, { masks: "consistent" }),
    "MLP, independent masks": await predictJob(bytes, digits, { masks: "independent" }),
  },
  {
    "CNN, 100 plain passes": await plainJob(cnn, pictures),
    "CNN, dropout before Gemm": await predictJob(cnn, pictures, { rate: 0.5, before: ["Gemm"], last: 1 }),
  },
];

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
for (const jobs of groups) {
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = -2; round < ROUNDS; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const start = performance.now();
      await job();
      if (round >= 0) times[name].push(performance.now() - start); // two rounds to warm up
    }
  }
  const [base] = Object.values(times);
  for (const [name, found] of Object.entries(times)) {
    const ratio = median(found.map((time, round) => time / base[round]));
    const least = Math.min(...found) / Math.min(...base);
    console.log(
      `${name.padEnd(26)} ${median(found).toFixed(1).padStart(8)} ms   ratio ${ratio.toFixed(2)} (of the fastest rounds ${least.toFixed(2)})`,
    );
  }
}
