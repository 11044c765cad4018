// The parts of an ONNX file that the code touches, as plain objects. Everything else in a message passes through.
// Absent fields are absent.

/** 64-bit integers are numbers as far as these are exact, and `bigint` beyond. */
export type Int64 = number | bigint;

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
  floats?: readonly number[];
  graphs?: readonly GraphProto[];
  /** Inside a function: the attribute of the calling node that this one stands for. */
  refAttrName?: string;
}

export interface NodeProto {
  name?: string;
  opType?: string;
  domain?: string;
  overload?: string;
  input?: readonly string[];
  output?: readonly string[];
  attribute?: readonly AttributeProto[];
}

/** A function of the model: an operator that is written as other operators. */
export interface FunctionProto {
  name?: string;
  domain?: string;
  overload?: string;
  input?: readonly string[];
  output?: readonly string[];
  /** Attributes without a default. */
  attribute?: readonly string[];
  /** Attributes with one. */
  attributeProto?: readonly AttributeProto[];
  node?: readonly NodeProto[];
  opsetImport?: readonly OpsetProto[];
}

export interface OpsetProto {
  domain?: string;
  version?: Int64;
}

export interface DimensionProto {
  dimValue?: Int64;
  dimParam?: string;
}

export interface TypeProto {
  tensorType?: { elemType?: number; shape?: { dim?: readonly DimensionProto[] } | null } | null;
  sequenceType?: { elemType?: TypeProto | null } | null;
  mapType?: { keyType?: number; valueType?: TypeProto | null } | null;
  optionalType?: { elemType?: TypeProto | null } | null;
  sparseTensorType?: { elemType?: number } | null;
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
  opsetImport?: readonly OpsetProto[];
  producerName?: string;
  producerVersion?: string;
  graph?: GraphProto | null;
  functions?: readonly FunctionProto[];
  metadataProps?: readonly EntryProto[];
}

/** A 64-bit integer as a number. Dimensions, axes and versions are far below 2^53. */
export const toNumber = (value: Int64 | undefined): number => Number(value ?? 0);

/** A copy of a message with some fields replaced; fields that the format's table does not know go with it. */
export const withFields = <M extends object>(message: M, changes: Partial<M>): M => ({ ...message, ...changes });

/** What ONNX Runtime calls the element types of tensors, by the numbers of the file format. */
export const TYPE_NAMES: readonly string[] = [
  "",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "bool",
  "float16",
  "float64",
  "uint32",
  "uint64",
  "complex64",
  "complex128",
  "bfloat16",
];

/** An element type in words. */
export const typeName = (elementType: number): string => TYPE_NAMES[elementType] || `element type ${elementType}`;
