// What can be said of paths before the work, so that nobody waits for hours to hear it, and nothing is lost that the
// user still wants.

import { accessSync, constants, mkdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import { Failure } from "../failure.js";
import { isSystemError, reasonOf } from "../files/reasons.js";
import { isSameFile, targetOf } from "../files/target.js";
import { tryFolder } from "../files/temporaries.js";
import { OWN_FOLDERS } from "../page/own.js";

const isFolder = (path: string): boolean | undefined => statSync(path, { throwIfNoEntry: false })?.isDirectory();

/** @throws {UsageError} If `path` is a file. A folder that is missing will be made, by {@link makeFolder}. */
export function checkFolder(option: string, path: string): void {
  if (path === "") throw new UsageError(`${option} must be a folder, got ""`);
  if (path === "-") throw new UsageError(`${option} must be a folder, got "-"; pass ./- for one of that name`);
  const at = lookedUp(option, path, () => {
    if (isFolder(path) === false)
      throw new UsageError(`${option} must be a folder, got the file ${JSON.stringify(path)}`);
    return nearest(path).at;
  });
  try {
    accessSync(at, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(`${option}: cannot write to the folder ${at}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Looks a path up. @throws {Failure} With a sentence, if the system does not let it. */
function lookedUp<T>(option: string, path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new Failure(`${option}: cannot use ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Makes a folder, and makes sure that files can be written to it. @throws {Failure} If they cannot. */
export function makeFolder(option: string, path: string): void {
  try {
    for (const folder of nearest(path).missing) mkdirSync(folder);
    tryFolder(path);
  } catch (error) {
    const reason = reasonOf(error, {
      EEXIST: "a link of that name leads nowhere",
      ENOENT: "no folder can be made there",
    });
    throw new Failure(`${option}: cannot write to the folder ${path}: ${reason}`, { cause: error });
  }
}

/** The folder that is there, and those under it that are missing, from the top. */
function nearest(path: string): { readonly at: string; readonly missing: readonly string[] } {
  const missing: string[] = [];
  let at = resolve(path);
  while (isFolder(at) === undefined) {
    missing.unshift(at);
    at = dirname(at);
  }
  return { at, missing };
}

/** @throws {UsageError | Failure} If `path` is a folder, in a folder that is not there, or cannot be written. */
export function checkFile(option: string, path: string): void {
  const [isTaken, hasFolder] = lookedUp(option, path, () => [isFolder(path), isFolder(dirname(path))]);
  if (path === "" || isTaken) throw new UsageError(`${option} must be a file, got ${JSON.stringify(path)}`);
  if (path === "-") throw new UsageError(`${option} must be a file, got "-"; pass ./- for one of that name`);
  if (!hasFolder)
    throw new UsageError(`${option}: the folder of ${JSON.stringify(path)} does not exist; make it first`);
  try {
    const target = targetOf(path);
    if (target.kind === "file") tryFolder(dirname(target.path));
  } catch (error) {
    throw new Failure(`${option}: cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

/** A path, and what the user calls it: "--out", "the test rows of --export". */
export type NamedPath = readonly [name: string, path: string | undefined];

/** @throws {UsageError} If something would be written over one of the inputs, or two things to one file. */
export function checkApart(command: string, outputs: readonly NamedPath[], inputs: readonly NamedPath[]): void {
  outputs.forEach(([output, path], o) => {
    if (path === undefined) return;
    for (const [other, kept] of [...inputs, ...outputs.slice(0, o)]) {
      if (kept === undefined || !isSameFile(path, kept)) continue;
      throw new UsageError(`${command}: ${output} would be written over ${other}, ${path}; choose another name`);
    }
  });
}

/** Files that commands write into a folder of results, by names of their own. */
const OWN_NAMES = /^(report\.html|(comparison|sweep)\.json(\.sha256)?|(configs|runs)\.csv|.*\.png)$/i;

/**
 * Holds other paths to a folder that is written into.
 *
 * @throws {UsageError} If one of them is that folder, or a file that would be replaced in it.
 */
export function checkOutside(
  command: string,
  [option, folder]: readonly [string, string],
  others: readonly NamedPath[],
): void {
  const own = [folder, ...OWN_FOLDERS.map((name) => join(folder, name))].map(realPath);
  for (const [name, path] of others) {
    if (path === undefined) continue;
    if (realPath(path) === own[0])
      throw new UsageError(`${command}: ${name} and ${option} must be two places, got ${path} for both`);
    const at = own.indexOf(dirname(realPath(path)));
    if (at < 0 || (at === 0 && !OWN_NAMES.test(basename(realPath(path))))) continue;
    throw new UsageError(
      `${command}: ${name} is ${path}, where ${option} writes files of its own; choose another folder`,
    );
  }
}

/** Without links, as far as there is something. */
function realPath(path: string): string {
  const at = resolve(path);
  try {
    return realpathSync(at);
  } catch {
    return dirname(at) === at ? at : join(realPath(dirname(at)), basename(at));
  }
}
