// Several outputs as one: all their numbers of a row, one behind the other. Knows graphs, nothing of answers.

import { makerOf, tensorInfo, wholeNumber, withGraph } from "../protobuf/make.js";
import { DATA_TYPE, type ModelProto } from "../protobuf/types.js";
import { viewGraph } from "./view.js";

/**
 * A model with one output more, of shape [rows, numbers of a row in all of them]. Rows have to be on the first axis.
 *
 * @returns The model, and the name of the new output.
 */
export function withJoinedOutput(
  model: ModelProto,
  names: readonly string[],
): { readonly model: ModelProto; readonly output: string } {
  const view = viewGraph(model);
  const output = view.freeName(names.join(","));
  const flat = names.map((name) => view.freeName(`${name}_flat`));
  const axis = wholeNumber("axis", 1);
  const flatten = names.map((name, i) => makerOf(flat[i]!, "Flatten", [name], axis));
  const concat = makerOf(output, "Concat", flat, axis);
  const elemType = view.info(names[0]!)?.type?.tensorType?.elemType ?? DATA_TYPE.float;
  const node = [...(view.graph.node ?? []), ...flatten, concat];
  const outputs = [...(view.graph.output ?? []), tensorInfo(output, elemType)];
  return { model: withGraph(model, { node, output: outputs }), output };
}
