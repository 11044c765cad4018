// What can be said of paths before the work, so that nobody waits for hours to hear it.

import { statSync } from "node:fs";
import { dirname } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";

const isFolder = (path: string): boolean | undefined => statSync(path, { throwIfNoEntry: false })?.isDirectory();

/** @throws {UsageError} If `path` is a file. A folder that is missing will be made. */
export function checkFolder(option: string, path: string): void {
  if (isFolder(path) === false)
    throw new UsageError(`${option} must be a folder, got the file ${JSON.stringify(path)}`);
}

/** @throws {UsageError} If `path` is a folder, or in a folder that is not there. */
export function checkFile(option: string, path: string): void {
  if (path === "" || isFolder(path)) throw new UsageError(`${option} must be a file, got ${JSON.stringify(path)}`);
  if (isFolder(dirname(path))) return;
  throw new UsageError(`${option}: the folder of ${JSON.stringify(path)} does not exist; make it first`);
}
