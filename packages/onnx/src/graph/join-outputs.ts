// Several outputs as one: all their numbers of a row, one behind the other. Knows graphs, nothing of answers.

import { type ModelProto, type NodeProto, type ValueInfoProto, withFields } from "../protobuf/types.js";
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
  const flatten = names.map(
    (name, i): NodeProto => ({
      name: `${flat[i]}_node`,
      opType: "Flatten",
      input: [name],
      output: [flat[i]!],
      attribute: [{ name: "axis", type: 2, i: 1 }],
    }),
  );
  const concat: NodeProto = {
    name: `${output}_node`,
    opType: "Concat",
    input: flat,
    output: [output],
    attribute: [{ name: "axis", type: 2, i: 1 }],
  };
  const elemType = view.info(names[0]!)?.type?.tensorType?.elemType ?? 1;
  const info: ValueInfoProto = { name: output, type: { tensorType: { elemType } } };
  const graph = withFields(view.graph, {
    node: [...(view.graph.node ?? []), ...flatten, concat],
    output: [...(view.graph.output ?? []), info],
  });
  return { model: withFields(model, { graph }), output };
}
