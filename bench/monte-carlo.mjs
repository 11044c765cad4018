// What Monte-Carlo dropout costs beside deterministic passes: 100 passes of 797 digits through the 64-256-256-10
// network, in ONNX Runtime, statistics and all, against 100 plain runs of the same model on the same rows; the same of
// a convolutional network (a test fixture) with dropout before its last layer only; and 20 passes of a segmentation
// network that gives 21 logits for each of 224 x 224 pixels.
//
//   npm run build && node bench/monte-carlo.mjs [MLP|CNN|pixels]            (bench/end-to-end.mjs calls it as well)
//
// Interleaved; the ratio is the median over rounds of the ratios within a round. Before each job there is a pause:
// the threads of the last one go on asking for work for some 45 ms, on cores that the next needs. Needs a quiet
// machine.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { inspect, monteCarlo, readModel, writeModel } from "@hadamask/onnx";
import { exportMlp } from "@hadamask/onnx/mlp";
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

const plainJob = async (model, input, passes = PASSES) => {
  const session = await ort.InferenceSession.create(model);
  return async () => {
    for (let pass = 0; pass < passes; pass++) await session.run({ x: input });
  };
};
const predictJob = async (model, input, options, samples = PASSES) => {
  const mc = await monteCarlo(model, { ort, key: key(1), ...options });
  return () => mc.predict({ x: input }, { samples });
};

/** Three convolutions of 3 x 3: 3 to 32 to 32 to 21 channels. */
const segmentation = () => {
  const float = (name, dims, seed) => {
    const n = dims.reduce((a, b) => a * b);
    const values = Float32Array.from(uniform(n, { key: key(seed) }), (u) => (2 * u - 1) / Math.sqrt(n / dims[0]));
    return { name, dims, dataType: 1, rawData: new Uint8Array(values.buffer) };
  };
  const conv = (input, weight, output) => ({
    name: output,
    opType: "Conv",
    input: [input, weight],
    output: [output],
    attribute: [{ name: "pads", type: 7, ints: [1, 1, 1, 1] }],
  });
  const relu = (input, output) => ({ name: output, opType: "Relu", input: [input], output: [output] });
  const info = (name, channels) => ({
    name,
    type: {
      tensorType: {
        elemType: 1,
        shape: { dim: [{ dimParam: "rows" }, ...[channels, 224, 224].map((dimValue) => ({ dimValue }))] },
      },
    },
  });
  const graph = {
    name: "segmentation",
    node: [conv("x", "w1", "a"), relu("a", "b"), conv("b", "w2", "c"), relu("c", "d"), conv("d", "w3", "y")],
    initializer: [float("w1", [32, 3, 3, 3], 11), float("w2", [32, 32, 3, 3], 12), float("w3", [21, 32, 3, 3], 13)],
    input: [info("x", 3)],
    output: [info("y", 21)],
  };
  return writeModel({ irVersion: 8, opsetImport: [{ domain: "", version: 17 }], graph });
};
const photo = new ort.Tensor("float32", Float32Array.from(uniform(3 * 224 * 224, { key: key(14) })), [1, 3, 224, 224]);

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
const GROUPS = {
  MLP: async () => ({
    "MLP, 100 plain passes": await plainJob(bytes, digits),
    "MLP, consistent masks": await predictJob(bytes, digits, { masks: "consistent" }),
    "MLP, independent masks": await predictJob(bytes, digits, { masks: "independent" }),
  }),
  CNN: async () => ({
    "CNN, 100 plain passes": await plainJob(cnn, pictures),
    "CNN, dropout before Gemm": await predictJob(cnn, pictures, { rate: 0.5, before: ["Gemm"], last: 1 }),
  }),
  pixels: async () => ({
    "pixels, 20 plain passes": await plainJob(segmentation(), photo, 20),
    "pixels, channels dropped": await predictJob(
      segmentation(),
      photo,
      { rate: 0.1, after: ["Relu"], share: "channel", kind: "pixels" },
      20,
    ),
  }),
};

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Of each job: milliseconds, and the ratio to the plain passes of its group. */
export async function measureMonteCarlo(rounds, groups = ["MLP", "CNN"]) {
  const found = [];
  for (const group of groups) {
    const jobs = await GROUPS[group]();
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const groups = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(GROUPS);
  console.table(await measureMonteCarlo(Number(process.env.ROUNDS ?? 25), groups));
}
