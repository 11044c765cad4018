// Reads the vectors of foreign streams (streams/*.json) and compares with them. Each file says what made it.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PackedMask } from "hadamask";

/** One call on a stream and what the real library gave: the fields that most files share, others by name. */
export interface VectorOp {
  readonly op: string;
  readonly shape: readonly number[];
  readonly dtype?: "f32" | "f64" | "bf16";
  readonly p?: number;
  readonly keep?: number;
  readonly expect: Expected;
  readonly [field: string]: unknown;
}

export interface Expected {
  readonly mask?: string;
  readonly first?: readonly string[];
  readonly y?: readonly string[];
  readonly kept_value?: string | null;
  readonly [field: string]: unknown;
}

export interface VectorCase {
  readonly id: string;
  readonly seed: string;
  readonly note?: string;
  readonly ops: readonly VectorOp[];
  readonly [field: string]: unknown;
}

export interface VectorFile {
  readonly cases: readonly VectorCase[];
  readonly published?: readonly Readonly<Record<string, unknown>>[];
}

/** The committed files, or new ones that oracles/streams.py has made with other seeds. */
const folder = process.env.HADAMASK_VECTORS ?? fileURLToPath(new URL("./streams", import.meta.url));

export const readVectors = (name: string): VectorFile => JSON.parse(readFileSync(`${folder}/${name}.json`, "utf8"));

/** The title of a case: its id, seed and what sets it apart. */
export const title = (c: VectorCase): string => `${c.id}, seed ${c.seed}${c.note ? ` (${c.note})` : ""}`;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A packed mask as the files write it: element i is bit i mod 8 of byte i div 8. */
export const maskHex = (mask: PackedMask, n: number): string =>
  Buffer.from(mask.buffer, mask.byteOffset, Math.ceil(n / 8)).toString("hex");

/** The IEEE bits of values, 8 or 16 digits each. */
export function bitsHex(values: Float32Array | Float64Array): string[] {
  const isSingle = values instanceof Float32Array;
  return Array.from(values, (value) => {
    const buffer = Buffer.alloc(isSingle ? 4 : 8);
    if (isSingle) buffer.writeFloatBE(value);
    else buffer.writeDoubleBE(value);
    return buffer.toString("hex");
  });
}

export const dtypeOf = (op: VectorOp): "float32" | "float64" => (op.dtype === "f64" ? "float64" : "float32");

/** The input of the value vectors: ramp(n) = ((37 i mod 101) - 50) / 16, exact in float32. */
export const ramp = (n: number): number[] => Array.from({ length: n }, (_, i) => (((37 * i) % 101) - 50) / 16);
