// Models: their bytes, their graphs, and sessions of ONNX Runtime on what is left of them.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { inspect, readModel, withDropout, writeModel } from "../../../onnx/dist/index.js";
import { loadModel } from "../../dist/uncertainty/model.js";
import { sentenceOf } from "./command.mjs";
import { mutatedBytes, mutatedValue } from "./mutate.mjs";
import { hostileFile, hostileFiles, inFolder } from "./place.mjs";

const fixtures = fileURLToPath(new URL("../../../onnx/test/fixtures", import.meta.url));
const SOUND = readdirSync(fixtures)
  .filter((name) => name.endsWith(".onnx"))
  .map((name) => readFileSync(`${fixtures}/${name}`))
  .filter((bytes) => bytes.length < 60_000);
const hostile = hostileFiles("onnx", ".onnx");
const small = hostileFile("onnx/good.onnx");
const rows = hostileFile("onnx/x.csv");
const model = (random) => random.pick(random.isSo(0.6) ? SOUND : hostile);

/** A model that can be written with some changes of its graph. */
function changedGraph(random, pick) {
  for (;;) {
    try {
      let changed = readModel(pick());
      for (let changes = 1 + random.below(3); changes > 0; changes--) changed = mutatedModel(changed, random);
      return Buffer.from(writeModel(changed));
    } catch {
      // what cannot be read or written is not a file
    }
  }
}

export const MODELS = {
  onnx: {
    make: (random) => mutatedBytes(model(random), random),
    put: (bytes) => loadModel(inFolder("x.onnx", bytes)),
  },
  graph: {
    make: (random) => changedGraph(random, () => model(random)),
    put: (bytes) => {
      loadModel(inFolder("x.onnx", bytes));
      const read = readModel(bytes);
      inspect(read);
      withDropout(read, { after: ["Relu"], rate: 0.1 });
    },
  },
  session: {
    make: (random) => (random.isSo(0.3) ? mutatedBytes(small, random) : changedGraph(random, () => small)),
    put: (bytes) =>
      sentenceOf(["uncertainty", inFolder("x.onnx", bytes), inFolder("x.csv", rows), "--samples", "2", "--json"]),
  },
};

const OPERATORS = ["Gemm", "If", "Loop", "Relu", "Constant", "Reshape", "__proto__", "Cast", "Dropout", "Softmax"];
const SIZES = [-1, 0, 1, 1e9, 2 ** 40, 2 ** 53];

/** A graph with a node, a name, a size, an attribute or a type that does not belong. */
function mutatedModel(model, random) {
  const { graph } = model;
  const nodes = [...(graph.node ?? [])];
  const at = random.below(Math.max(1, nodes.length));
  const node = nodes[at];
  const names = nodes.flatMap(({ input = [], output = [] }) => [...input, ...output]).concat("", "nowhere");
  const replaced = (change) => {
    if (node !== undefined) nodes[at] = { ...node, ...change };
    return { ...model, graph: { ...graph, node: nodes } };
  };
  switch (random.below(10)) {
    case 0:
      nodes.splice(at, 1);
      return replaced({});
    case 1:
      if (node) nodes.splice(random.below(nodes.length), 0, node);
      return { ...model, graph: { ...graph, node: nodes } };
    case 2:
      return replaced({
        input: (node?.input ?? []).map((name) => (random.isSo(0.5) ? random.pick(names) : name)),
      });
    case 3:
      return replaced({ output: [random.pick(names)] });
    case 4:
      return replaced({ opType: random.pick(OPERATORS) });
    case 5:
      return replaced({ attribute: mutatedDeep(node?.attribute, random) });
    case 6:
      return { ...model, graph: { ...graph, initializer: resized(graph.initializer, random) } };
    case 7:
      return { ...model, opsetImport: mutatedDeep(model.opsetImport, random) };
    case 8:
      return { ...model, graph: { ...graph, output: mutatedDeep(graph.output, random) } };
    default:
      return { ...model, graph: { ...graph, input: mutatedDeep(graph.input, random) } };
  }
}

const resized = (weights = [], random) =>
  weights.map((weight) => ({ ...weight, dims: random.isSo(0.4) ? [random.pick(SIZES)] : weight.dims }));

/** Arrays of numbers stay what they are, and so do integers of 64 bits. */
function mutatedDeep(value, random) {
  const plain = JSON.stringify(value ?? [], (_, entry) =>
    typeof entry === "bigint" ? Number(entry) : ArrayBuffer.isView(entry) ? [...entry].map(Number) : entry,
  );
  const changed = mutatedValue(JSON.parse(plain), random);
  return Array.isArray(changed) ? changed : [];
}
