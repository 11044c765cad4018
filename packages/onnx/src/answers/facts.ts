// What the graph says of an output, as far as its meaning goes: which operator makes its numbers, along which axis,
// and whether the model reads text. Knows operators, and no numbers.

import { nameList, shown } from "../check.js";
import { FLOATS } from "../graph/layers.js";
import { type GraphView, intAttribute, isOneOf, isOperator } from "../graph/view.js";
import { DATA_TYPE, type ModelProto, type TypeProto, typeName, type ValueInfoProto } from "../protobuf/types.js";

export interface AnswerFacts {
  readonly output: string;
  readonly maker: "Softmax" | "LogSoftmax" | "Sigmoid" | "other";
  /** The axis of one row's output that Softmax works along; undefined where it cannot be told. */
  readonly axis: number | undefined;
  /** Whether the model reads sequences of whole numbers, as text models do. */
  readonly isText: boolean;
}

/** What passes numbers on as they are. */
const KEEPS: ReadonlySet<string> = new Set("Identity Cast Dropout".split(" "));

/** What passes numbers on in another shape, so that axes are no longer known. */
const RESHAPES: ReadonlySet<string> = new Set("Reshape Flatten Squeeze Unsqueeze Transpose Slice Gather".split(" "));

const STEP_LIMIT = 16;

/** @param rowAxis The axis of the output that counts rows; undefined where a run is one row. */
export function answerFacts(view: GraphView, output: string, opset: number, rowAxis: number | undefined): AnswerFacts {
  let [tensor, isReshaped] = [output, false];
  for (let step = 0; step < STEP_LIMIT; step++) {
    const node = view.producer(tensor);
    if (node === undefined) break;
    if (isOperator(node, "Softmax") || isOperator(node, "LogSoftmax")) {
      const rank = view.info(output)?.type?.tensorType?.shape?.dim?.length;
      const stated = intAttribute(node, "axis", opset < 13 ? 1 : -1);
      const axis = stated < 0 ? (rank === undefined ? undefined : rank + stated) : stated;
      const isKnown = !isReshaped && axis !== undefined && axis !== rowAxis;
      const own = isKnown ? axis - (rowAxis !== undefined && rowAxis < axis ? 1 : 0) : undefined;
      return { output, maker: node.opType as "Softmax" | "LogSoftmax", axis: own, isText: isText(view) };
    }
    if (isOperator(node, "Sigmoid")) return { output, maker: "Sigmoid", axis: undefined, isText: isText(view) };
    if (!isOneOf(node, KEEPS) && !isOneOf(node, RESHAPES)) break;
    isReshaped ||= isOneOf(node, RESHAPES);
    tensor = node.input?.[0] ?? "";
  }
  return { output, maker: "other", axis: undefined, isText: isText(view) };
}

const isText = (view: GraphView): boolean =>
  (view.graph.input ?? []).some(({ name = "", type }) => {
    const tensor = type?.tensorType;
    const isWhole = tensor?.elemType === DATA_TYPE.int64 || tensor?.elemType === DATA_TYPE.int32;
    return view.isInput(name) && isWhole && (tensor?.shape?.dim?.length ?? 0) === 2;
  });

/** A type in words: "float32", "sequence of map of int64 to float32". */
export function typeText(type: TypeProto | null | undefined): string {
  if (type?.tensorType) return type.tensorType.elemType ? typeName(type.tensorType.elemType) : "unknown";
  if (type?.sequenceType) return `sequence of ${typeText(type.sequenceType.elemType)}`;
  if (type?.mapType) return `map of ${typeName(type.mapType.keyType ?? 0)} to ${typeText(type.mapType.valueType)}`;
  if (type?.optionalType) return `optional ${typeText(type.optionalType.elemType)}`;
  if (type?.sparseTensorType) return `sparse ${typeName(type.sparseTensorType.elemType ?? 0)}`;
  return "unknown";
}

/** Whether an output can hold an answer: a tensor of floats, or one whose type the file does not say. */
export const isAnswer = ({ type }: ValueInfoProto): boolean =>
  !type || (Boolean(type.tensorType) && (!type.tensorType?.elemType || FLOATS.has(type.tensorType.elemType)));

/** Several outputs that are one answer together. @throws {TypeError | RangeError} If one cannot be a part of it. */
export function answerOutputs(where: string, model: ModelProto, option: string, names: readonly string[]): string[] {
  const found = names.map((name) => answerOutput(where, model, option, name));
  const twice = found.find((name, i) => found.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`${where}: ${option} must name an output once, got ${shown(twice)} twice`);
  if (found.length === 0) throw new RangeError(`${where}: ${option} must name at least one output, got an array of 0`);
  const typeOf = (name: string): string =>
    typeText((model.graph?.output ?? []).find((info) => info.name === name)?.type);
  const odd = found.find((name) => typeOf(name) !== typeOf(found[0]!));
  if (odd === undefined) return found;
  throw new TypeError(
    `${where}: outputs that are one answer must be of one type, got ${shown(found[0]!)}, which is ` +
      `${typeOf(found[0]!)}, and ${shown(odd)}, which is ${typeOf(odd)}`,
  );
}

/** The output that is the answer: the one of this name, or the first that can be. @throws {RangeError} If none can. */
export function answerOutput(where: string, model: ModelProto, option: string, name: string | undefined): string {
  const outputs = model.graph?.output ?? [];
  const chosen = name === undefined ? outputs.find(isAnswer) : outputs.find((output) => output.name === name);
  const fit = nameList(outputs.filter(isAnswer).map((output) => output.name ?? "")) || "there is none";
  if (chosen === undefined && name !== undefined) {
    const names = nameList(outputs.map((output) => output.name ?? ""));
    throw new RangeError(
      `${where}: ${option} must be an output of the model (${names}), got ${JSON.stringify(shown(name))}`,
    );
  }
  if (chosen !== undefined && isAnswer(chosen)) return chosen.name ?? "";
  const odd = chosen ?? outputs[0];
  const kind = typeText(odd?.type);
  const advice = kind.startsWith("sequence")
    ? "; convert the scikit-learn model with zipmap=False, which gives a tensor of probabilities"
    : "";
  throw new RangeError(
    `${where}: ${option} must be a tensor of floating-point numbers (${fit}), got ` +
      `${shown(odd?.name ?? "none")}, which is ${kind}${advice}`,
  );
}
