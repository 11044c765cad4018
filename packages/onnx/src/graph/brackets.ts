// How bodies stand in a flat graph: between brackets, which are nodes of a domain of their own. What goes in and comes
// out of a body are nodes too, so that whoever walks the graph walks through bodies without knowing of them.
//
//     Begin                        one for each body; its name is "holder number/body number"
//     In, Each                     a tensor that the body is given; Each takes one slice of it a step
//     …                            the body's nodes
//     Out, All                     a tensor that the holder gives; All puts the slices of all steps together
//     End

import type { GraphProto, NodeProto } from "../protobuf/types.js";

const DOMAIN = "hadamask.body";

export type Bracket = "Begin" | "In" | "Each" | "Out" | "All" | "End";

export const bracket = (
  opType: Bracket,
  input: readonly string[],
  output: readonly string[],
  name = "",
): NodeProto => ({ domain: DOMAIN, opType, name, input, output });

/** Which bracket a node is; undefined for nodes of the model. */
export const bracketOf = (node: NodeProto): Bracket | undefined =>
  node.domain === DOMAIN ? (node.opType as Bracket) : undefined;

/** Whether a node passes on what its holder gives. */
export const isOut = (node: NodeProto): boolean => bracketOf(node) === "Out" || bracketOf(node) === "All";

/** A node with bodies, and these with names that nothing else in the model has. */
export interface Holder {
  readonly node: NodeProto;
  readonly bodies: readonly GraphProto[];
}
