// What kind an output is, for whoever has a model and its numbers without dropout: the public form.

import { viewGraph } from "../graph/view.js";
import { opsetOf } from "../protobuf/codec.js";
import type { ModelProto } from "../protobuf/types.js";
import { type Answer, type AskedAnswer, answerOf } from "./answer.js";
import { answerFacts, answerOutput } from "./facts.js";
import type { PlainRun } from "./plain-run.js";

/**
 * Says what an output is, and why: classes, binary, labels, pixels, tokens, anchors or values. {@link monteCarlo} asks
 * it of every prediction.
 *
 * Numerics. Probabilities have to be at least -0.001 and to sum to 1 within 0.001 on every row.
 *
 * @param output Its name, with its rows on axis `rowAxis` (default 0; undefined: a run is one row).
 * @param plain What it is for some rows without dropout, rows first.
 * @throws {TypeError | RangeError} If it is not a tensor of floating-point numbers, or not what was asked for.
 * @example
 * ```ts
 * import { judgeAnswer, readModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const layer = { weights: new Float32Array(12), biases: new Float32Array(3) };
 * const model = readModel(exportMlp({ layers: [layer], activation: "relu" }));
 * const { kind, why } = judgeAnswer(model, "probabilities", { rows: 1, dims: [3], data: [0.2, 0.3, 0.5] });
 * console.log(kind); // classes
 * console.log(why.split(",")[0]); // Softmax makes it
 * ```
 */
export function judgeAnswer(
  model: ModelProto,
  output: string,
  plain: PlainRun,
  asked: AskedAnswer & { readonly rowAxis?: number | undefined } = {},
): Answer {
  const where = "judgeAnswer";
  const name = answerOutput(where, model, "output", output);
  const rowAxis = "rowAxis" in asked ? asked.rowAxis : 0;
  return answerOf(where, answerFacts(viewGraph(model), name, opsetOf(where, model), rowAxis), plain, asked);
}
