// The part of ONNX Runtime's interface that is used: what onnxruntime-node and onnxruntime-web have in common.

import { shown } from "../check.js";

/** A tensor of the runtime. */
export interface OrtTensor {
  readonly type: string;
  readonly data: unknown;
  readonly dims: readonly number[];
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** From version 1.21 on: what the runtime found out about the outputs. */
  readonly outputMetadata?: readonly { readonly name: string; readonly type?: string }[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

/** The module `onnxruntime-node` or `onnxruntime-web`, as it is imported. */
export interface Ort {
  // Written so loosely that both modules fit: their own declarations list every combination of types.
  readonly InferenceSession: { create(...args: never[]): Promise<unknown> };
  readonly Tensor: abstract new (...args: never[]) => unknown;
}

/** Options of a session, handed through: `executionProviders`, `intraOpNumThreads`, … */
export type SessionOptions = Readonly<Record<string, unknown>>;

type Create = (bytes: Uint8Array, options?: SessionOptions) => Promise<OrtSession>;
type TensorClass = new (type: string, data: unknown, dims: readonly number[]) => OrtTensor;

/**
 * Errors only, unless `options` says otherwise: the runtime's warnings would be about models that we made, and nobody
 * could act on them.
 */
export const createSession = (ort: Ort, bytes: Uint8Array, options: SessionOptions): Promise<OrtSession> =>
  (ort.InferenceSession.create as unknown as Create).call(ort.InferenceSession, bytes, {
    logSeverityLevel: 3,
    ...options,
  });

/**
 * Options for a session that runs once in a while: its threads sleep when they have nothing to do. By default they go
 * on asking for work for some 45 ms after a run, on cores that another session could use.
 */
export function withoutSpinning(options: SessionOptions): SessionOptions {
  type Entries = Readonly<Record<string, unknown>>;
  const extra = options.extra as Entries | undefined;
  const session = extra?.session as Entries | undefined;
  const threads = session?.intra_op as Entries | undefined;
  return {
    ...options,
    extra: { ...extra, session: { ...session, intra_op: { allow_spinning: "0", ...threads } } },
  };
}

export const makeTensor = (ort: Ort, type: string, data: unknown, dims: readonly number[]): OrtTensor =>
  new (ort.Tensor as unknown as TensorClass)(type, data, dims);

/** Runs a session; what the runtime says in case of failure is wrapped. */
export async function runSession(
  where: string,
  session: OrtSession,
  feeds: Readonly<Record<string, OrtTensor>>,
  fetches: readonly string[],
): Promise<Readonly<Record<string, OrtTensor>>> {
  try {
    return await session.run(feeds, fetches);
  } catch (error) {
    throw new Error(`${where}: ONNX Runtime could not run the model: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * What the runtime says, on one line, without control characters (it repeats names from the file) and without the place
 * in its own source that it says it at.
 */
export const messageOf = (error: unknown): string =>
  shown(
    (error instanceof Error ? error.message : String(error))
      .replace(/\s*\n\s*/g, " ")
      .replace(/\/\S+\.(?:cc|h):\d+ [^()]*\([^()]*\)(?: const)?\s*/g, ""),
  );

/** Checks that what was passed as `ort` is such a module. */
export function checkOrt(where: string, ort: unknown): Ort {
  const module = ort as Partial<Ort> | undefined;
  if (typeof module?.InferenceSession?.create !== "function" || typeof module.Tensor !== "function") {
    throw new TypeError(
      `${where}: ort must be the module onnxruntime-node or onnxruntime-web; run npm install onnxruntime-node, ` +
        `and pass { ort } after import * as ort from "onnxruntime-node"`,
    );
  }
  return module as Ort;
}

/** Arrays that hold tensor values. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

type ArrayClass = new (length: number) => Exclude<TensorData, readonly string[]>;

/** The array classes that hold each type in JavaScript. float16 travels as its 16 bits. */
export const ARRAYS: Readonly<Record<string, ArrayClass>> = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  float16: Uint16Array,
};
