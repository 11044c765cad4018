// Data on their way to workers: a name, a path that both know, or pieces in Redis, each under the sum of its bytes.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Dataset } from "@hadamask/experiments/settings";
import type { Redis } from "ioredis";
import { loadDataset } from "../../data/load.js";
import { Failure } from "../../failure.js";
import { sha256 } from "../../files/sha256.js";
import { digestOf } from "../../train/run-file.js";
import type { DataAsked } from "../request.js";
import { packed, unpacked } from "./job.js";
import { KEPT_S, type Keys } from "./keys.js";

/** What a worker is told of a data set. */
interface Manifest {
  readonly name: string;
  /** A name that hadamask knows, or the path on the machine of the sweep. */
  readonly what: string;
  readonly isKnown: boolean;
  readonly columns: Omit<DataAsked, "what">;
  readonly bytes: number;
  /** Sums of the pieces, in order; absent where the data are too large to be sent. */
  readonly pieces?: readonly string[];
}

const PIECE_BYTES = 2 ** 22;

/** A data set as bytes: a line of JSON, with the arrays after it. */
export function toBytes(data: Dataset): Buffer {
  const arrays: Uint8Array[] = [];
  const head = JSON.stringify(data, function (this: Record<string, unknown>, key, plain: unknown) {
    const value = this[key]; // Node's buffers are asked for JSON of their own before
    const array = Object.keys(TYPES).find((name) => value instanceof TYPES[name as keyof typeof TYPES]);
    if (array === undefined) return plain;
    const { buffer, byteOffset, byteLength } = value as Uint8Array;
    arrays.push(new Uint8Array(buffer, byteOffset, byteLength));
    return { array, bytes: byteLength };
  });
  return Buffer.concat([Buffer.from(`${head}\n`), ...arrays]);
}

const TYPES = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array };

/** The opposite of {@link toBytes}. */
export function fromBytes(bytes: Buffer): Dataset {
  let at = bytes.indexOf(10) + 1;
  return JSON.parse(bytes.toString("utf8", 0, at), (_, value) => {
    const Type = typeof value?.array === "string" ? TYPES[value.array as keyof typeof TYPES] : undefined;
    if (Type === undefined) return value;
    const part = new Uint8Array(bytes.subarray(at, at + value.bytes)); // a copy: floats begin at a multiple of 4
    at += value.bytes;
    return new Type(part.buffer);
  }) as Dataset;
}

/** Makes a data set known to the workers. @returns Whether it is in Redis, or has a name. */
export async function publishData(
  redis: Redis,
  keys: Keys,
  { data, asked }: { readonly data: Dataset; readonly asked: DataAsked },
  mostBytes: number,
): Promise<boolean> {
  const { what, ...columns } = asked;
  const isKnown = !existsSync(what);
  const { ids: _, ...sent } = data; // no number depends on what rows are called
  const bytes = isKnown ? Buffer.alloc(0) : toBytes(sent);
  const isSent = !isKnown && bytes.length <= mostBytes;
  const pieces: string[] = [];
  for (let at = 0; isSent && at < bytes.length; at += PIECE_BYTES) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    pieces.push(sha256(piece));
    await redis.set(keys.piece(pieces.at(-1)!), await packed(piece), "EX", KEPT_S);
  }
  const place = isKnown ? what : resolve(what);
  const manifest: Manifest = {
    ...{ name: data.name, what: place, isKnown, columns, bytes: bytes.length },
    ...(isSent && { pieces }),
  };
  await redis.set(keys.data(digestOf(data)), JSON.stringify(manifest), "EX", KEPT_S);
  return isKnown || isSent;
}

/**
 * The data with this sum of rows: by name, from the path, or from Redis, whichever comes first and has these rows.
 *
 * @throws {Failure} If none has.
 */
export async function fetchData(redis: Redis, keys: Keys, digest: string): Promise<Dataset> {
  const text = await redis.get(keys.data(digest));
  if (text === null) throw new Failure("worker: the data of the sweep are no longer in the queue");
  const manifest = JSON.parse(text) as Manifest;
  const { name, what, isKnown, columns, pieces, bytes } = manifest;
  let here = "is not there";
  if (isKnown || existsSync(what)) {
    const data = await loadDataset(what, columns);
    if (digestOf(data) === digest) return data;
    here = "has other rows here";
  }
  if (isKnown) throw new Failure(`worker: ${name} has other rows here than where the sweep was started`);
  if (pieces === undefined) {
    const size = `${(bytes / 1e6).toFixed(1)} MB`;
    throw new Failure(
      `worker: ${what} ${here}, and its ${size} are more than the sweep sends; ` +
        "put the same file there, or start the sweep with a larger --send",
    );
  }
  const data = fromBytes(Buffer.concat(await Promise.all(pieces.map((sum) => fetchPiece(redis, keys, sum)))));
  if (digestOf(data) !== digest)
    throw new Failure(`worker: the data ${name} came with other rows than they were sent with`);
  return data;
}

async function fetchPiece(redis: Redis, keys: Keys, sum: string): Promise<Buffer> {
  const bytes = await redis.getBuffer(keys.piece(sum));
  if (bytes === null) throw new Failure("worker: a piece of the data is no longer in the queue");
  const piece = await unpacked(bytes);
  if (sha256(piece) !== sum) throw new Failure("worker: a piece of the data was altered in the queue");
  return piece;
}
