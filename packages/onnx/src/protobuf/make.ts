// What is added to a model: nodes and the declarations of tensors.

import {
  ATTRIBUTE_TYPE,
  type AttributeProto,
  type DimensionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type ValueInfoProto,
  withFields,
} from "./types.js";

/** An attribute that is a whole number. */
export const wholeNumber = (name: string, i: number): AttributeProto => ({ name, type: ATTRIBUTE_TYPE.int, i });

/** The node that makes `output`, named after it. */
export const makerOf = (
  output: string,
  opType: string,
  input: readonly string[],
  ...attribute: readonly AttributeProto[]
): NodeProto => ({ name: `${output}_node`, opType, input, output: [output], attribute });

/** Declares a tensor. Without `dim` its shape is left open. */
export const tensorInfo = (name: string, elemType: number, dim?: readonly DimensionProto[]): ValueInfoProto => ({
  name,
  type: { tensorType: { elemType, ...(dim && { shape: { dim } }) } },
});

/** A model with another graph: its own, but for some fields. */
export const withGraph = (model: ModelProto, changes: Partial<GraphProto>): ModelProto =>
  withFields(model, { graph: withFields(model.graph!, changes) });
