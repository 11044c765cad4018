// What is tried: for each format a way to make a case from chance, and to put it to the program. A case may be refused
// with a sentence of ours; whatever else it throws is a failure.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as library from "../../../hadamask/dist/index.js";
import { inspect, readModel, withDropout, writeModel } from "../../../onnx/dist/index.js";
import { readCsv } from "../../dist/data/csv.js";
import { readIdxFolder } from "../../dist/data/idx.js";
import { openRows } from "../../dist/data/model-inputs.js";
import { readNpy } from "../../dist/data/npy.js";
import { loadRun, provenanceOf, runPath, saveRun } from "../../dist/train/run-file.js";
import { loadModel } from "../../dist/uncertainty/model.js";
import { mutatedBytes, mutatedValue, oddValue } from "./mutate.mjs";

const corpus = fileURLToPath(new URL("../hostile/files", import.meta.url));
const folder = join(tmpdir(), `hadamask-fuzz-${process.pid}`);
mkdirSync(folder, { recursive: true });
const inFolder = (name, bytes) => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const filesIn = (part, ending) =>
  readdirSync(join(corpus, part))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(corpus, part, name)));

const tables = filesIn("csv", ".csv");
const arrays = [...filesIn("npy", ".npy"), npyOf([4, 4])];
const models = filesIn("onnx", ".onnx");
const parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
const idx = Object.fromEntries(
  parts.map((part) => [part, readFileSync(join(corpus, "idx/one-class", `${part}-ubyte`))]),
);

/** The reader of `uncertainty` and that of `train`. */
function readTable(path, asked) {
  const source = openRows(path, undefined, asked);
  try {
    for (const _ of source.batches(5));
  } finally {
    source.close();
  }
}

function npyOf(shape) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`.padEnd(117);
  const values = new Uint8Array(4 * shape.reduce((a, b) => a * b, 1));
  return Buffer.concat([Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]), Buffer.from(`${header}\n`), values]);
}

const none = { features: new Float32Array(1), labels: new Uint16Array(1) };
const { format: FORMAT } = provenanceOf({ name: "d", pool: none }, {});
const RUN = {
  provenance: { format: FORMAT, data: "d", digest: "", variant: "none", seed: 0, epochs: 2 },
  testRows: 3,
};
const runFile = (() => {
  const run = {
    variant: "none",
    seed: 0,
    trainLoss: [1, 0.5],
    epochs: [1, 2],
    testNll: [1, 0.5],
    testError: [0.5, 0.25],
    trainError: 0,
    predictions: {
      label: Uint16Array.of(0, 1, 2),
      predicted: Uint16Array.of(0, 1, 1),
      confidence: Float32Array.of(0.5, 0.6, 0.7),
      nll: Float32Array.of(0.1, 0.2, 0.3),
    },
    weights: [{ shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) }],
  };
  saveRun(folder, RUN.provenance, run);
  return readFileSync(runPath(folder, "none", 0));
})();

const LAYERS = [
  "Dropout",
  "GaussianDropout",
  "AlphaDropout",
  "ConcreteDropout",
  "SpatialDropout1D",
  "DropPath",
  "UniformDropout",
];
const states = LAYERS.flatMap((name) => {
  try {
    return [JSON.parse(JSON.stringify(new library[name]({ rate: 0.5, key: library.key(1) }).state))];
  } catch {
    return [];
  }
});

const FUNCTIONS = Object.entries(library).filter(([name, value]) => /^[a-z]/.test(name) && typeof value === "function");
// Those that others are made on are told their name first, which nobody but they do.
const BASES = /^(Stochastic|Mask|Noise|Decision|Dense|Recurrent)Layer$|^(Channel|Spatial)Dropout$|^DropBlock$/;
const CLASSES = Object.entries(library).filter(([name]) => /^[A-Z]/.test(name) && !BASES.test(name));

/** Arguments that mean something, one of which may be replaced. */
const usual = (random) =>
  random.pick([
    new Float32Array(8).fill(1),
    { rate: 0.5, key: library.key(1) },
    library.key(3),
    8,
    { rate: 0.5 },
    new Uint32Array(1),
    [4, 2],
  ]);

/** Name: what makes a case (bytes where it is a file), and what is done with it. */
export const FORMATS = {
  csv: {
    make: (random) => mutatedBytes(random.pick(tables), random),
    put: (bytes) =>
      both(
        () => readTable(inFolder("x.csv", bytes)),
        () => readCsv(inFolder("x.csv", bytes)),
      ),
  },
  gz: {
    make: (random) =>
      random.isSo(0.5)
        ? gzipSync(mutatedBytes(random.pick(tables), random))
        : mutatedBytes(gzipSync(random.pick(tables)), random),
    put: (bytes) => readTable(inFolder("x.csv.gz", bytes)),
  },
  npy: {
    make: (random) => mutatedBytes(random.pick(arrays), random),
    put: (bytes) =>
      both(
        () => readTable(inFolder("x.npy", bytes)),
        () => readNpy("x.npy", bytes),
      ),
  },
  idx: {
    make: (random) => {
      const part = random.pick(parts);
      return Buffer.concat([Buffer.from(`${part}\n`), mutatedBytes(idx[part], random)]);
    },
    put: (bytes) => {
      const end = bytes.indexOf(10);
      const changed = bytes.subarray(0, end).toString();
      const place = join(folder, "idx");
      mkdirSync(place, { recursive: true });
      for (const part of parts) {
        writeFileSync(join(place, `${part}-ubyte`), part === changed ? bytes.subarray(end + 1) : idx[part]);
      }
      readIdxFolder(place);
    },
  },
  onnx: {
    make: (random) => mutatedBytes(random.pick(models), random),
    put: (bytes) => loadModel(inFolder("x.onnx", bytes)),
  },
  graph: {
    make: (random) => {
      for (;;) {
        try {
          let model = readModel(random.pick(models));
          for (let changes = 1 + random.below(3); changes > 0; changes--) model = mutatedGraph(model, random);
          return Buffer.from(writeModel(model));
        } catch {
          // what cannot be written is no file
        }
      }
    },
    put: (bytes) => {
      loadModel(inFolder("x.onnx", bytes));
      const model = readModel(bytes);
      inspect(model);
      withDropout(model, { after: ["Relu"], rate: 0.1 });
    },
  },
  run: {
    make: (random) => mutatedBytes(runFile, random),
    put: (bytes) => {
      writeFileSync(runPath(folder, "none", 0), bytes);
      const found = loadRun(folder, RUN);
      if (found !== undefined && "run" in found && !bytes.equals(runFile)) throw new Error("an altered run was taken");
    },
  },
  state: {
    make: (random) => mutatedValue(random.pick(states), random),
    put: (state) => {
      const layer = library.layerFromState(state);
      layer.forward(new Float32Array(8));
    },
  },
  api: {
    make: (random) => {
      const [name, value] = random.pick(random.isSo(0.8) ? FUNCTIONS : CLASSES);
      const args = Array.from({ length: random.below(4) }, () => usual(random));
      const at = random.below(args.length + 1);
      args[at] = random.isSo(0.5) ? oddValue(random) : mutatedValue(args[at] ?? usual(random), random);
      return { name, value, args };
    },
    put: ({ name, value, args }) => {
      const made = /^[A-Z]/.test(name) ? Reflect.construct(value, args) : value(...args);
      if (typeof made?.forward === "function") made.forward(args[0] ?? new Float32Array(4));
    },
  },
};

/** The second also where the first refuses. */
function both(first, second) {
  try {
    first();
  } finally {
    second();
  }
}

/** A graph with a node, a name, a size or an attribute that does not belong. */
function mutatedGraph(model, random) {
  const { graph } = model;
  const nodes = [...(graph.node ?? [])];
  const at = random.below(Math.max(1, nodes.length));
  const node = nodes[at];
  const names = nodes.flatMap(({ input = [], output = [] }) => [...input, ...output]).concat("", "nowhere");
  switch (random.below(7)) {
    case 0:
      nodes.splice(at, 1);
      break;
    case 1:
      if (node) nodes.splice(random.below(nodes.length), 0, node);
      break;
    case 2:
      if (node)
        nodes[at] = {
          ...node,
          input: (node.input ?? []).map((name) => (random.isSo(0.5) ? random.pick(names) : name)),
        };
      break;
    case 3:
      if (node) nodes[at] = { ...node, output: [random.pick(names)] };
      break;
    case 4:
      if (node)
        nodes[at] = {
          ...node,
          opType: random.pick(["Gemm", "If", "Loop", "Relu", "Constant", "Reshape", "__proto__"]),
        };
      break;
    case 5:
      return {
        ...model,
        graph: {
          ...graph,
          initializer: (graph.initializer ?? []).map((weight) => ({
            ...weight,
            dims: random.isSo(0.4) ? [random.pick([-1, 0, 1, 1e9, 2 ** 40])] : weight.dims,
          })),
        },
      };
    default:
      return { ...model, graph: { ...graph, input: mutatedDeep(graph.input, random) } };
  }
  return { ...model, graph: { ...graph, node: nodes } };
}

function mutatedDeep(value, random) {
  const changed = mutatedValue(JSON.parse(JSON.stringify(value ?? [])), random);
  return Array.isArray(changed) ? changed : [];
}
