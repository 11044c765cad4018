/**
 * Models from files, on Node: the file, and the files beside it that it keeps weights in. The only place that reads
 * files.
 *
 * @module @hadamask/onnx/node
 */

import { readFileSync, realpathSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { shown } from "./check.js";
import { readModel } from "./protobuf/codec.js";
import { type ExternalFile, externalFiles } from "./protobuf/external.js";
import type { ModelProto } from "./protobuf/types.js";

/** A model that was read from a file. */
export interface ModelFile {
  readonly bytes: Uint8Array;
  readonly model: ModelProto;
  /** As `monteCarlo` takes it. */
  readonly externalData: Readonly<Record<string, Uint8Array>>;
}

/**
 * Reads a model and the files that it keeps weights in.
 *
 * A model may name files in its own folder only: links are followed first, and devices, pipes and folders are refused,
 * as are files that are shorter than the weights in them.
 *
 * @throws {TypeError | RangeError} If it is not a model, or names files that it must not or that do not fit.
 * @throws {Error} If a file cannot be read; `cause` is the system's error.
 * @example
 * ```ts
 * import { monteCarlo } from "@hadamask/onnx";
 * import { readModelFile } from "@hadamask/onnx/node";
 * async function open(ort: typeof import("onnxruntime-node"), path: string) {
 *   const { bytes, externalData } = readModelFile(path);
 *   return monteCarlo(bytes, { ort, externalData, rate: 0.1, after: ["Relu"] });
 * }
 * ```
 */
export function readModelFile(path: string): ModelFile {
  const bytes = new Uint8Array(readRegular(path, path));
  const model = readModel(bytes);
  const folder = dirname(realpathSync(path));
  const files = externalFiles(model).map((file) => [file.location, readBeside(folder, file)] as const);
  return { bytes, model, externalData: Object.fromEntries(files) };
}

function readBeside(folder: string, { location, bytes }: ExternalFile): Uint8Array {
  const where = "readModelFile";
  const target = resolve(folder, location);
  const isInside = (file: string): boolean => {
    const path = relative(folder, file);
    return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  };
  const real = isInside(target) ? realPath(target, location) : target;
  if (isAbsolute(location) || !isInside(real)) {
    throw new RangeError(
      `${where}: external data must be in the folder of the model, got ${JSON.stringify(shown(location))}`,
    );
  }
  const stats = statSync(real);
  if (stats.isFile() && stats.size < bytes) {
    throw new RangeError(
      `${where}: ${shown(location)} must have ${bytes} bytes for the weights in it, got ${stats.size}`,
    );
  }
  return new Uint8Array(readRegular(real, location, stats));
}

function realPath(path: string, named: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw unreadable(named, error);
  }
}

/** Not a device or a pipe, which may have no end. */
function readRegular(path: string, named: string, known?: Stats): Buffer {
  try {
    const stats = known ?? statSync(path);
    if (stats.isFile()) return readFileSync(path);
  } catch (error) {
    throw unreadable(named, error);
  }
  throw new TypeError(`readModelFile: ${shown(named)} must be a regular file, got something else`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  ELOOP: "its links go in a circle",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB; save the weights as external data",
};

function unreadable(named: string, error: unknown): Error {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code]! : message;
  return new Error(`readModelFile: cannot read ${shown(named)}: ${reason}`, { cause: error });
}
