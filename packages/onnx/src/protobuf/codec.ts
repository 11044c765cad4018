// From the bytes of an ONNX file to its messages and back. Knows the file format, and nothing of what graphs mean.

import { describe } from "../check.js";
import { kindOfFile } from "./foreign.js";
import { decodeMessage, encodeMessage } from "./message.js";
import { orderedGraph } from "./order.js";
import { checkTensors } from "./tensors.js";
import { type ModelProto, toNumber, withFields } from "./types.js";
import { WireError } from "./wire.js";

/** Protocol buffers end here: lengths are signed 32-bit integers in every implementation that will read the file. */
const BYTE_LIMIT: number = 2 ** 31 - 1;

/**
 * Opsets of the standard operators that are understood: before 7 broadcasting was another, after 26 operators may
 * mean something else.
 */
export const OPSETS = { first: 7, last: 26 } as const;

/**
 * Reads an ONNX model.
 *
 * Numerics. Nothing is lost: fields that this version of the format does not know are kept and written again, weights
 *   are views of `bytes`, and weights in external files stay references. Nodes come in an order in which they can be
 *   computed.
 * Cost. One pass over the structure; no copy of the weights.
 *
 * @param bytes The content of a `.onnx` file.
 * @throws {TypeError | RangeError} If it is not a `Uint8Array`, not an ONNX model, or larger than 2 GB; if a tensor is
 *   made twice, nodes wait for each other in a circle, or weights have another length than their sizes.
 * @example
 * ```ts
 * import { inspect, readModel, writeModel } from "@hadamask/onnx";
 * // A model of one node, by hand: y = Relu(x).
 * const type = { tensorType: { elemType: 1, shape: { dim: [{ dimParam: "batch" }, { dimValue: 4 }] } } };
 * const bytes = writeModel({
 *   irVersion: 8,
 *   opsetImport: [{ domain: "", version: 17 }],
 *   graph: {
 *     name: "g",
 *     node: [{ opType: "Relu", input: ["x"], output: ["y"] }],
 *     input: [{ name: "x", type }],
 *     output: [{ name: "y", type }],
 *   },
 * });
 * console.log(inspect(readModel(bytes)).opset); // 17
 * ```
 */
export function readModel(bytes: Uint8Array): ModelProto {
  const where = "readModel";
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      `${where}: bytes must be a Uint8Array with the content of an ONNX file, got ${describe(bytes)}`,
    );
  }
  if (bytes.length > BYTE_LIMIT) {
    throw new RangeError(
      `${where}: bytes must be an ONNX model below 2 GB, got ${bytes.length} bytes; save the weights as external data`,
    );
  }
  const model = decode(bytes);
  if (model === undefined || !model.graph || (model.opsetImport ?? []).length === 0) {
    const isBare = model?.graph?.node !== undefined && kindOfFile(bytes).endsWith("something else");
    const found = isBare ? "one that says no opset" : kindOfFile(bytes);
    throw new TypeError(`${where}: bytes must be an ONNX model, got ${found}`);
  }
  checkTensors(where, model);
  return withFields(model, { graph: orderedGraph(where, model.graph) });
}

/** undefined where the bytes are not a message of this kind. */
function decode(bytes: Uint8Array): ModelProto | undefined {
  try {
    return decodeMessage("ModelProto", bytes);
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/**
 * Writes a model as the content of an `.onnx` file: what {@link readModel} read, field by field.
 *
 * @throws {RangeError} If the file would be larger than 2 GB.
 * @example
 * ```ts
 * import { readModel, writeModel } from "@hadamask/onnx";
 * import { exportMlp } from "@hadamask/onnx/mlp";
 * const mlp = {
 *   layers: [{ weights: new Float32Array(4), biases: new Float32Array(2) }],
 *   activation: "relu",
 *   normalisation: { shift: new Float64Array(2), factor: new Float64Array(2).fill(1) },
 *   inputRate: 0,
 *   hiddenRate: 0,
 *   classes: ["yes", "no"],
 *   name: "one layer",
 * } as const;
 * const bytes = exportMlp(mlp);
 * console.log(writeModel(readModel(bytes)).length === bytes.length); // true
 * ```
 */
export function writeModel(model: ModelProto): Uint8Array {
  const bytes = encodeMessage("ModelProto", model);
  if (bytes.length > BYTE_LIMIT) {
    throw new RangeError(
      `writeModel: the model must stay below 2 GB, got ${bytes.length} bytes; save the weights as external data`,
    );
  }
  return bytes;
}

/**
 * The version of the standard operators a model is written in.
 *
 * @throws {RangeError} If it is not one of 7 to 26, or there is none.
 */
export function opsetOf(where: string, model: ModelProto): number {
  const standard = (model.opsetImport ?? []).filter(({ domain }) => !domain || domain === "ai.onnx");
  if (standard.length === 0)
    throw new RangeError(`${where}: model must use the standard operators, got no opset for them`);
  const version = Math.max(...standard.map((entry) => toNumber(entry.version)));
  if (!(version >= OPSETS.first && version <= OPSETS.last)) {
    throw new RangeError(
      `${where}: the model's opset must be in ${OPSETS.first} to ${OPSETS.last}, got ${version}; convert it ` +
        `with onnx.version_converter`,
    );
  }
  return version;
}
