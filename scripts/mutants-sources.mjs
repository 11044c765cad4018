// Faults in the sources, each with the test file that has to fail for it. Most of them are what a review put in by hand
// and no test noticed; those that are no longer possible (the bootstrap over seeds is gone) stand for what came
// instead.

/**
 * Faults of one file that the same tests have to see: name, place, what it becomes.
 *
 * @param {string} file
 * @param {string} test Without its ending.
 * @param {readonly (readonly [name: string, from: string, to: string])[]} faults
 * @returns {import("./mutants-list.mjs").Mutant[]}
 */
const faults = (file, test, faults) =>
  faults.map(([name, from, to]) => ({ name, file, from, to, tests: [`packages/${test}.test.ts`] }));

const LAYERS = "hadamask/test/unit/layers/mutants";
const ARRAYS = "hadamask/test/conformance/layers-arrays";

export const SOURCES = [
  ...faults("hadamask/src/layers/base/mask-layer.ts", LAYERS, [
    [
      "a stream is asked for a mask in mode eval",
      'pass.mode === "eval" ? undefined : this.#givenMask(',
      "this.#givenMask(",
    ],
    ["a stream's own product with classic scaling", ' || this.scaling !== "inverted") return', ") return"],
    ["state forgets the arithmetic", "this.stream && { arithmetic: this.#arithmetic }", "undefined"],
    ["a stream is told that nothing is shared", "shared: !isElementwise(layout.whole)", "shared: false"],
    [
      "a stream is told the wrong element type",
      'Float32Array ? "float32" : "float64"',
      'Float32Array ? "float32" : "float32"',
    ],
  ]),
  ...faults("hadamask/src/layers/base/mask-layer.ts", ARRAYS, [
    ["a mask by hand is not copied", "layout.whole.draws).slice();", "layout.whole.draws);"],
  ]),
  ...faults("hadamask/src/layers/base/mask-layer.ts", LAYERS, [
    ["`mask` hands out the layer's own array", "last.given.slice()", "last.given"],
  ]),
  ...faults("hadamask/src/layers/base/decision-layer.ts", LAYERS, [
    ["a stream is asked for decisions in mode eval", "isEval ? undefined : this.#given(", "this.#given("],
  ]),
  ...faults("hadamask/src/layers/base/decision-layer.ts", ARRAYS, [
    ["`mask` hands out the layer's own decisions", "decisionsOf(this.memory)?.slice()", "decisionsOf(this.memory)"],
    ["decisions by hand are not copied", "effect.decisions).slice();", "effect.decisions);"],
  ]),
  ...faults("hadamask/src/layers/recurrent/layer.ts", ARRAYS, [
    ["`masks` hands out the layer's own multipliers", "copyOfMasks(this.memory.masks)", "this.memory.masks"],
  ]),
  ...faults("hadamask/src/layers/layer-drop.ts", ARRAYS, [
    ["`mask` hands out LayerDrop's own array", "kept?.slice()", "kept"],
    ["LayerDrop does not copy a mask by hand", "mask, n).slice();", "mask, n);"],
  ]),
  ...faults("hadamask/src/layers/weights/weight-masks.ts", ARRAYS, [
    ["`mask` hands out DropConnect's own array", "given?.slice() ??", "given ??"],
  ]),
  ...faults("hadamask/src/layers/weights/drop-connect.ts", ARRAYS, [
    ["DropConnect does not copy a mask by hand", "layout.whole.draws).slice();", "layout.whole.draws);"],
  ]),
  ...faults("hadamask/src/layers/word-dropout.ts", LAYERS, [
    ["`mask` hands out WordDropout's own array", "this.memory?.slice()", "this.memory"],
  ]),
  ...faults("hadamask/src/layers/attention-dropout.ts", LAYERS, [
    ["attention hands out its own weights", "this.#weights?.slice()", "this.#weights"],
  ]),
  ...faults("hadamask/src/layers/base/stochastic-layer.ts", LAYERS, [
    ["penaltyWeight may be below 0", "options.penaltyWeight ?? 0, 0, true)", "options.penaltyWeight ?? 0, -1, true)"],
  ]),
  ...faults("hadamask/src/layers/concrete-dropout.ts", LAYERS, [
    [
      "ConcreteDropout charges for weights by default",
      "options.weightRegularizer ?? 0",
      "options.weightRegularizer ?? 1",
    ],
    ["ConcreteDropout refuses temperature 1", "this.temperature <= 1", "this.temperature < 1"],
    ["ConcreteDropout takes temperatures above 1", "this.temperature <= 1", "this.temperature <= 2"],
  ]),
  ...faults("hadamask/src/layers/drop-block.ts", LAYERS, [
    ["DropBlock keeps its first rate", "this.#maps?.keep === keep && ", ""],
    ["DropBlock keeps the maps of its first shape", " && String(this.#maps.shape) === String(shape)", ""],
  ]),
  ...faults("hadamask/src/random/derive.ts", "hadamask/test/unit/random/derived-keys", [
    ["the key of a place forgets the fourth byte", " | (bytes[i + 3]! << 24)", ""],
    [
      "the key of a place takes bytes in the other order",
      "bytes[i]! | (bytes[i + 1]! << 8)",
      "(bytes[i]! << 8) | bytes[i + 1]!",
    ],
    ["the key of a place forgets the length", "TAG.site, bytes.length)", "TAG.site, 0)"],
  ]),
  ...faults("hadamask/src/noise/bernoulli.ts", LAYERS, [
    ["a float32 scale is not rounded first", "x instanceof Float32Array ? Math.fround(scale) : scale", "scale"],
    [
      "keepMask takes an output of any length",
      'checkLength("keepMask", "out", out.length, words',
      'checkLength("keepMask", "out", words, words',
    ],
  ]),
  ...faults("onnx/src/predict/thin.ts", "onnx/test/unit/thin-refusals", [
    ["thin: the mask is read twice", "use === undefined || second !== undefined ||", "use === undefined ||"],
    ["thin: the units are another input of a layer", "index === 0 && isDense(view, node)", "isDense(view, node)"],
    ["thin: dropped units are an output", "if (!isRead || view.isOutput(dropped))", "if (!isRead)"],
    [
      "thin: a step is an output",
      "view.uses(tensor).length !== 1 || view.isOutput(tensor)",
      "view.uses(tensor).length !== 1",
    ],
    ["thin: a layer reads its data transposed", ' && intAttribute(node, "transA", 0) === 0', ""],
    ["thin: the graph makes the bias", 'return name === "" || index !== 2;', "return true;"],
    ["thin: two made tensors are added", "return data.length === 1 ? data[0] : undefined;", "return data[0];"],
    ["thin: old sizes stay", '.filter(({ name }) => !changed.has(name ?? "")),', ","],
  ]),
  ...faults("onnx/src/rewrite.ts", "onnx/test/unit/rewrite-refusals", [
    ["rewrite: a weight that a subgraph reads", "if (hidden !== undefined)", "if (false)"],
    [
      "rewrite: outputs after the first are lost",
      "output: (kept.output ?? []).map(",
      "output: (kept.output ?? []).slice(0, 1).map(",
    ],
    ["rewrite: a mask output at opset 9", "if (opset < 10)", "if (opset < 9)"],
    ["rewrite: a mask output is refused at opset 10", "if (opset < 10)", "if (opset <= 10)"],
    [
      "rewrite: bfloat16 is not cast",
      "elementType !== DATA_TYPE.float && !isDouble",
      "elementType === DATA_TYPE.float16",
    ],
  ]),
  ...faults("cli/src/train/run-file.ts", "cli/test/unit/train/provenance", [
    ["provenance without the input rate", "trainRows, inputRate };", "trainRows };"],
    [
      "provenance without the batch size",
      "epochs, batchSize, learningRate, trainRows, inputRate };",
      "epochs, learningRate, trainRows, inputRate };",
    ],
    [
      "provenance without the activation",
      "const first = { model, hidden, activation,",
      "const first = { model, hidden,",
    ],
    ["provenance without the noise of values", ", ...(noise !== undefined && { noise })", ""],
    ["provenance without the norm's limit", ", ...(maxNorm !== undefined && { maxNorm })", ""],
    ["provenance without the user's own variants", "variantFiles.length === 0 ? {}", "variantFiles.length >= 0 ? {}"],
    ["digest without the test table", "data.test === undefined ? [data.pool] : [data.pool, data.test]", "[data.pool]"],
    ["digest without the labels", "of [table.features, table.labels]", "of [table.features]"],
    ["digest of more than the view", "new Uint8Array(buffer, byteOffset, byteLength)", "new Uint8Array(buffer)"],
    ["digest without the size of pictures", "scaling, image?.height, image?.width]", "scaling]"],
  ]),
  ...faults("cli/src/train/run-file.ts", "cli/test/unit/train/compare", [
    ["arrays that are views are saved whole", "Buffer.from(buffer, byteOffset, byteLength)", "Buffer.from(buffer)"],
  ]),
  ...faults("cli/src/train/run-file.ts", "cli/test/unit/train/saved-files", [
    ["views in checkpoints are saved whole", "Buffer.from(buffer, byteOffset, byteLength)", "Buffer.from(buffer)"],
  ]),
  ...faults("cli/src/train/checkpoint-file.ts", "cli/test/unit/train/saved-files", [
    ["a checkpoint of other settings is taken", "=== JSON.stringify(provenance) ?", "!== undefined ?"],
  ]),
  ...faults("cli/src/files/temporaries.ts", "cli/test/unit/files/targets", [
    ["temporary names without the process", "process.pid", "1"],
    ["temporary files of other machines are removed", "host !== HOST || isRunning", "isRunning"],
    ["temporary files of living processes are removed", "host !== HOST || isRunning(Number(pid))", "host !== HOST"],
  ]),
  ...faults("cli/src/files/write-file.ts", "cli/test/unit/files/short-writes", [
    [
      "a short write loses the rest",
      "written += writeSync(file, bytes, written, bytes.length - written, at);",
      "writeSync(file, bytes, written, bytes.length - written, at), (written = bytes.length);",
    ],
  ]),
  ...faults("hadamask/src/uncertainty/bins.ts", "hadamask/test/unit/uncertainty/scores", [
    ["bins of equal mass: upper edges are 0", "new Float64Array(bins + 1).fill(1, 1)", "new Float64Array(bins + 1)"],
    ["bins of equal mass: edges one row too high", "edges[++b] = before;", "edges[++b] = values[row]!;"],
    [
      "bins of equal mass: bins that ties leave empty keep edge 1",
      "edges[++b] = before;",
      "if (edges[++b - 1] !== before) edges[b] = before;",
    ],
    ["bins of equal mass: ties are cut", "while (!isTie && b <", "while (b <"],
  ]),
  ...faults("hadamask/src/uncertainty/binomial.ts", "hadamask/test/unit/uncertainty/scores", [
    ["an empty bin has an interval of no width", "if (n === 0) return [0, 1];", "if (n === 0) return [0, 0];"],
  ]),
  ...faults("hadamask/src/uncertainty/calibration-test.ts", "hadamask/test/unit/uncertainty/scores", [
    ["a p-value above 1", "n - sorted.findIndex(", "n + sorted.findIndex("],
    [
      "a p-value without ties",
      "sorted.findIndex((other) => other >= value - 1e-12)",
      "sorted.findIndex((other) => other >= value + 1e-12)",
    ],
  ]),
  ...faults("hadamask/src/uncertainty/calibration.ts", "hadamask/test/unit/uncertainty/scores", [
    ["overconfidence has the wrong sign", "p - correct[row]!", "correct[row]! - p"],
  ]),
  ...faults("hadamask/src/uncertainty/empirical-likelihood.ts", "hadamask/test/unit/uncertainty/mean-interval", [
    [
      "empirical likelihood: weights of numbers count as 1 in the mean",
      "(weight * distance) / (1 + u)",
      "distance / (1 + u)",
    ],
    ["empirical likelihood: half of the limit", "2 * (logs + total", "(logs + total"],
  ]),
  ...faults("hadamask/src/uncertainty/mean-interval.ts", "hadamask/test/unit/uncertainty/mean-interval", [
    ["unseen numbers count for both ends", "isLikely || sign * value > sign * mean", "true"],
    ["very few numbers have no farther ones", "Math.max(2, (2 * studentQuantile(level, n - 1)) / Math.sqrt(n))", "2"],
  ]),
  ...faults("hadamask/src/uncertainty/unseen.ts", "hadamask/test/unit/uncertainty/scores", [
    [
      "a wrong row loses what a right one does",
      "weighted += weight(i) * loss(i, row);",
      "weighted += weight(i) * loss(row * classes + predicted[row]!, row);",
    ],
  ]),
  ...faults("hadamask/src/uncertainty/choice.ts", "hadamask/test/unit/uncertainty/choice", [
    [
      "the verdict forgets unseen rows",
      "meanInterval(differences, level, unseen)",
      "meanInterval(differences, level, [])",
    ],
    ["the verdict forgets how many were tried", "1 - 0.05 / candidates.length", "0.95"],
  ]),
  ...faults("hadamask/src/uncertainty/position-scores.ts", "hadamask/test/unit/uncertainty/position-scores", [
    ["positions that are all right have no width", "value: 1 - correct[0]!", "value: correct[0]!"],
  ]),
  ...faults("hadamask/src/uncertainty/values.ts", "hadamask/test/unit/uncertainty/passes", [
    ["the error of a total takes cubes for squares", "(numbers[t]! - mean) ** 2", "(numbers[t]! - mean) ** 3"],
  ]),
  ...faults("hadamask/src/uncertainty/merged-beliefs.ts", "hadamask/test/unit/uncertainty/merged-beliefs", [
    ["a belief that nobody holds is divided by its share", "if (share === 0) return;", ""],
  ]),
  ...faults("onnx/src/predict/inputs.ts", "onnx/test/unit/row-table", [
    [
      "rows of texts are counted backwards",
      "data.slice((o * size + row) * inner",
      "data.slice((o * size - row) * inner",
    ],
  ]),
  ...faults("experiments/src/statistics/estimate.ts", "experiments/test/unit/estimate", [
    [
      "seeds: n - 1 becomes n",
      "const variance = squares(values, mean) / (n - 1);",
      "const variance = squares(values, mean) / n;",
    ],
    ["seeds: the shared rows are forgotten", "(1 / n + testShare)", "(1 / n)"],
    ["seeds: one has an interval", "if (!(error > 0)) return undefined;", ""],
    ["seeds and rows: the rest is counted twice", "seedSquares + rowSquares - restSquares", "seedSquares + rowSquares"],
    ["seeds and rows: less than seeds alone", "restSquares, seedSquares, rowSquares)", "restSquares, rowSquares)"],
    ["seeds and rows: less than rows alone", "restSquares, seedSquares, rowSquares)", "restSquares, seedSquares)"],
    ["seeds and rows: one seed is taken for many", "if (seeds === 1)", "if (seeds === 0)"],
    ["holm: every difference counts for itself", "p * (ps.length - rank)", "p"],
  ]),
];
