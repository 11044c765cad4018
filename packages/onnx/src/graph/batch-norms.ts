// Batch normalisation that normalises by the batch it sees, as in training, and its setting to inference with the
// statistics that it stores. Knows that operator and no other.

import { wholeNumber, withGraph } from "../protobuf/make.js";
import { type ModelProto, type NodeProto, withFields } from "../protobuf/types.js";
import { type GraphView, intAttribute, isOperator, viewGraph } from "./view.js";

/** `training_mode` is an attribute from this opset on; before, a node with several outputs was in training. */
const TRAINING_MODE_OPSET = 14;

function isTrainingNorm(node: NodeProto, opset: number): boolean {
  if (!isOperator(node, "BatchNormalization")) return false;
  if (opset >= TRAINING_MODE_OPSET) return intAttribute(node, "training_mode", 0) === 1;
  return (node.output ?? []).filter((name) => name !== "").length > 1;
}

export const trainingNorms = (view: GraphView, opset: number): readonly NodeProto[] =>
  view.nodes.filter((node) => isTrainingNorm(node, opset));

/** The model with all of its batch normalisation in inference; new running statistics become the stored ones. */
export function frozen(model: ModelProto, opset: number): ModelProto {
  const view = viewGraph(model);
  const norms = new Set(trainingNorms(view, opset));
  if (norms.size === 0) return model;
  const node = view.nodes.flatMap((entry) => (norms.has(entry) ? frozenNode(view, entry) : [entry]));
  return withGraph(model, { node });
}

/** The node in inference, and copies of its statistics where somebody reads the new ones. */
function frozenNode(view: GraphView, node: NodeProto): NodeProto[] {
  const [y = "", ...statistics] = node.output ?? [];
  const attribute = [
    ...(node.attribute ?? []).filter(({ name }) => name !== "training_mode"),
    ...(node.attribute?.some(({ name }) => name === "training_mode") ? [wholeNumber("training_mode", 0)] : []),
  ];
  const copies = statistics.flatMap((name, i): NodeProto[] => {
    const isRead = name !== "" && (view.uses(name).length > 0 || view.isOutput(name));
    // outputs 1 and 3 are means, 2 and 4 variances: inputs 3 and 4
    const stored = node.input?.[3 + (i % 2)] ?? "";
    return isRead
      ? [{ name: view.freeName(`${name}_stored`), opType: "Identity", input: [stored], output: [name] }]
      : [];
  });
  return [withFields(node, { output: [y], attribute }), ...copies];
}
