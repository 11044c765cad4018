// A model file, read and looked through.

import { realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, relative } from "node:path";
import { isRefusal } from "@hadamask/experiments/settings";
import {
  type ExternalFile,
  externalFiles,
  type Inspection,
  inspect,
  type ModelNotes,
  readModel,
  readNotes,
} from "@hadamask/onnx";
import { DataError } from "../data/data-error.js";
import { readWhole } from "../data/read.js";
import { isSystemError, named, reasonOf } from "../files/reasons.js";

/** A model that was read and looked through. */
export interface LoadedModel {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly inspection: Inspection;
  readonly notes: ModelNotes;
  readonly externalData: Readonly<Record<string, Uint8Array>>;
}

/** @throws {DataError} If the file cannot be read or is not a model that is understood. */
export function loadModel(path: string): LoadedModel {
  const bytes = readFile(path);
  try {
    const model = readModel(bytes);
    const files = externalFiles(model).map((file) => [file.location, readBeside(path, file)] as const);
    return {
      path,
      bytes,
      inspection: inspect(model),
      notes: readNotes(model),
      externalData: Object.fromEntries(files),
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new DataError(`${path}: ${error.message.replace(/^[\w.]+: /, "")}`, { cause: error });
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readWhole(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const large = { ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GB; save the weights as external data" };
    throw new DataError(`cannot read ${named(path)}: ${reasonOf(error, large)}`, { cause: error });
  }
}

/** A file that a model names may only be in the model's own folder or under it. */
function readBeside(path: string, { location, bytes }: ExternalFile): Uint8Array {
  const inside = normalize(location);
  if (isAbsolute(inside) || isAbove(inside) || inside.includes("\0")) {
    throw new DataError(`${path}: external data must be in the folder of the model, got ${JSON.stringify(location)}`);
  }
  const file = join(dirname(path), inside);
  const [folder, real] = [dirname(path), file].map(realPath);
  if (folder !== undefined && real !== undefined) {
    if (isAbove(relative(folder, real)))
      throw new DataError(`${path}: external data must be in the folder of the model, got a link out of it, ${file}`);
    if (!statSync(real).isFile())
      throw new DataError(`${path}: external data must be in a file, and ${file} is not one`);
  }
  const found = readFile(file);
  if (found.length >= bytes) return found;
  throw new DataError(`${path}: the weights in ${file} need ${bytes} bytes, got ${found.length}`);
}

/** "..", and what begins with it, but no name such as "..weights". */
const isAbove = (path: string): boolean => /^\.\.(?:[/\\]|$)/.test(path);

/** Without links; undefined where there is no such file. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
