// Values that stand in the file: weights and Constant nodes, as far as shapes and switches are made of them.

import { fromFloat16 } from "hadamask";
import { DATA_TYPE, EXTERNAL_LOCATION, type NodeProto, type TensorProto, toNumber } from "../protobuf/types.js";
import { type GraphView, isOperator } from "./view.js";

/**
 * The tensor that a name stands for if the file fixes it: an initializer that cannot be overridden, or a Constant
 * node.
 */
export function constantTensor(view: GraphView, name: string): TensorProto | undefined {
  let from = name;
  for (let step = 0; step < IDENTITY_LIMIT; step++) {
    const weight = view.weight(from);
    if (weight !== undefined) return weight;
    const node = view.producer(from);
    if (node === undefined || !isOperator(node, "Identity")) return node && constantOf(node);
    from = node.input?.[0] ?? "";
  }
  return undefined;
}

/** Nobody writes longer chains of Identity; a look-up must not be as long as the graph. */
const IDENTITY_LIMIT = 100;

/** The value of a Constant node, in whichever of its attributes it stands. */
function constantOf(node: NodeProto): TensorProto | undefined {
  if (!isOperator(node, "Constant")) return undefined;
  const [value] = node.attribute ?? [];
  switch (value?.name) {
    case "value":
      return value.t ?? undefined;
    case "value_int":
      return { dims: [], dataType: DATA_TYPE.int64, int64Data: [value.i ?? 0] };
    case "value_ints":
      return { dims: [value.ints?.length ?? 0], dataType: DATA_TYPE.int64, int64Data: value.ints ?? [] };
    case "value_float":
      return { dims: [], dataType: DATA_TYPE.float, floatData: [value.f ?? 0] };
    case "value_floats":
      return { dims: [value.floats?.length ?? 0], dataType: DATA_TYPE.float, floatData: value.floats ?? [] };
    default:
      return undefined;
  }
}

/** The numbers of a small constant: integers, booleans, floats of 32 and 64 bits. undefined for anything else. */
export function constantNumbers(view: GraphView, name: string): readonly number[] | undefined {
  const tensor = constantTensor(view, name);
  return tensor === undefined ? undefined : tensorNumbers(tensor);
}

function tensorNumbers(tensor: TensorProto): readonly number[] | undefined {
  if (tensor.dataLocation === EXTERNAL_LOCATION) return undefined;
  const raw = tensor.rawData;
  if (raw && raw.length > 0) return rawNumbers(raw, tensor.dataType ?? 0);
  switch (tensor.dataType) {
    case DATA_TYPE.int64:
      return (tensor.int64Data ?? []).map(toNumber);
    case DATA_TYPE.int32:
    case DATA_TYPE.bool:
      return tensor.int32Data ?? [];
    case DATA_TYPE.float:
      return tensor.floatData ?? [];
    case DATA_TYPE.double:
      return tensor.doubleData ?? [];
    case DATA_TYPE.float16:
      return [...fromFloat16(Uint16Array.from(tensor.int32Data ?? []))];
    default:
      return undefined;
  }
}

/** Raw data is little-endian, and may begin at any byte of the file. */
function rawNumbers(raw: Uint8Array, dataType: number): readonly number[] | undefined {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const read = (size: number, get: (at: number) => number) =>
    Array.from({ length: Math.floor(raw.byteLength / size) }, (_, i) => get(i * size));
  switch (dataType) {
    case DATA_TYPE.int64:
      return read(8, (at) => Number(view.getBigInt64(at, true)));
    case DATA_TYPE.int32:
      return read(4, (at) => view.getInt32(at, true));
    case DATA_TYPE.bool:
      return read(1, (at) => view.getUint8(at));
    case DATA_TYPE.float:
      return read(4, (at) => view.getFloat32(at, true));
    case DATA_TYPE.double:
      return read(8, (at) => view.getFloat64(at, true));
    case DATA_TYPE.float16:
      return [...fromFloat16(Uint16Array.from(read(2, (at) => view.getUint16(at, true))))];
    default:
      return undefined;
  }
}
