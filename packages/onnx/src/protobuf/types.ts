// The parts of an ONNX file that the code touches, as protobufjs reads and writes them. Everything else in a message
// passes through.
//
// What was read has its absent fields on the prototype ("" , 0, an empty frozen array, null); what is made here is a
// plain object without them. Both are encoded alike, so every field is optional to the reader of it.

/** protobufjs gives 64-bit integers as `Long`; plain numbers are accepted for writing. */
export type Int64 = number | { toNumber(): number };

/** Element types of tensors, `TensorProto.DataType` in the ONNX specification. */
export const DATA_TYPE = {
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
} as const;

/** `AttributeProto.AttributeType`: which field of an attribute holds its value. */
export const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7, graphs: 10 } as const;

/** `TensorProto.DataLocation`. */
export const EXTERNAL_LOCATION = 1;

export interface EntryProto {
  key?: string;
  value?: string;
}

export interface TensorProto {
  dims?: readonly Int64[];
  dataType?: number;
  name?: string;
  floatData?: readonly number[];
  int32Data?: readonly number[];
  int64Data?: readonly Int64[];
  doubleData?: readonly number[];
  rawData?: Uint8Array;
  externalData?: readonly EntryProto[];
  dataLocation?: number;
}

export interface AttributeProto {
  name?: string;
  type?: number;
  f?: number;
  i?: Int64;
  s?: Uint8Array;
  t?: TensorProto | null;
  g?: GraphProto | null;
  ints?: readonly Int64[];
  graphs?: readonly GraphProto[];
}

export interface NodeProto {
  name?: string;
  opType?: string;
  domain?: string;
  input?: readonly string[];
  output?: readonly string[];
  attribute?: readonly AttributeProto[];
}

export interface DimensionProto {
  dimValue?: Int64;
  dimParam?: string;
}

export interface TypeProto {
  tensorType?: { elemType?: number; shape?: { dim?: readonly DimensionProto[] } | null } | null;
}

export interface ValueInfoProto {
  name?: string;
  type?: TypeProto | null;
  docString?: string;
}

export interface GraphProto {
  name?: string;
  node?: readonly NodeProto[];
  initializer?: readonly TensorProto[];
  sparseInitializer?: readonly { values?: TensorProto | null; dims?: readonly Int64[] }[];
  input?: readonly ValueInfoProto[];
  output?: readonly ValueInfoProto[];
  valueInfo?: readonly ValueInfoProto[];
}

export interface ModelProto {
  irVersion?: Int64;
  opsetImport?: readonly { domain?: string; version?: Int64 }[];
  producerName?: string;
  producerVersion?: string;
  graph?: GraphProto | null;
  functions?: readonly { name?: string; node?: readonly NodeProto[] }[];
  metadataProps?: readonly EntryProto[];
}

/** A 64-bit integer as a number. Dimensions, axes and versions are far below 2^53. */
export function toNumber(value: Int64 | undefined): number {
  return typeof value === "object" ? value.toNumber() : (value ?? 0);
}

/**
 * A copy of a message with some fields replaced. A spread would not do: protobufjs keeps the fields it does not know
 * in a property that is not enumerable, and they have to be written again.
 */
export function withFields<M extends object>(message: M, changes: Partial<M>): M {
  const copy = Object.create(Object.getPrototypeOf(message) as object, Object.getOwnPropertyDescriptors(message)) as M;
  return Object.assign(copy, changes);
}
