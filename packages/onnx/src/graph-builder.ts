// Nodes and weights of a graph in the making.

import { DATA_TYPE, type NodeProto, type TensorProto } from "./protobuf/types.js";

export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly weights: TensorProto[] = [];

  node(
    opType: string,
    name: string,
    input: readonly string[],
    output: string,
    attribute: NodeProto["attribute"] = [],
  ): void {
    this.nodes.push({ name, opType, input, output: [output], attribute });
  }

  weight(name: string, dims: readonly number[], values: ArrayLike<number>): void {
    // Raw data is little-endian, whatever the machine is.
    const rawData = new Uint8Array(4 * values.length);
    const view = new DataView(rawData.buffer);
    for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true);
    this.weights.push({ name, dims, dataType: DATA_TYPE.float, rawData });
  }

  /** Whole numbers of 64 bits. */
  indices(name: string, values: readonly number[]): void {
    const rawData = new Uint8Array(8 * values.length);
    const view = new DataView(rawData.buffer);
    values.forEach((value, i) => {
      view.setBigInt64(8 * i, BigInt(value), true);
    });
    this.weights.push({ name, dims: [values.length], dataType: DATA_TYPE.int64, rawData });
  }
}
