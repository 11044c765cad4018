// What Monte-Carlo dropout costs beside deterministic passes: 100 passes of 797 digits through the 64-256-256-10
// network, in ONNX Runtime, statistics and all, against 100 plain runs of the same model on the same rows; and the
// same of a convolutional network (a test fixture) with dropout before its last layer only.
//
//   npm run build && node bench/monte-carlo.mjs            (bench/end-to-end.mjs calls it as well)
//
// Interleaved; the ratio is the median over rounds of the ratios within a round. Before each job there is a pause:
// the threads of the last one go on asking for work for some 45 ms, on cores that the next needs. Needs a quiet
// machine.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { exportMlp, inspect, monteCarlo, readModel } from "@hadamask/onnx";
import { key, uniform } from "hadamask";
import * as ort from "onnxruntime-node";

const [ROWS, PASSES, PAUSE_MS] = [797, 100, 100];
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
const openGroups = async () => [
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

/** Of each job: milliseconds, and the ratio to the plain passes of its group. */
export async function measureMonteCarlo(rounds) {
  const found = [];
  for (const jobs of await openGroups()) {
    /** @type {Record<string, number[]>} */
    const times = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
    for (let round = -2; round < rounds; round++) {
      for (const [name, job] of Object.entries(jobs)) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        const start = performance.now();
        await job();
        if (round >= 0) times[name].push(performance.now() - start); // two rounds to warm up
      }
    }
    const [base] = Object.values(times);
    for (const [name, own] of Object.entries(times)) {
      const ratio = median(own.map((time, round) => time / base[round]));
      found.push({ name, ms: median(own), ratio, ratioOfFastest: Math.min(...own) / Math.min(...base) });
    }
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await measureMonteCarlo(25));
