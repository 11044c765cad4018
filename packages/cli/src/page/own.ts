// Which reports in a folder are ours, so that a new one takes the place of an old one and of nothing else.

import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";

/** Stands in every report, near its beginning. */
export const GENERATOR = '<meta name="generator" content="hadamask">';
const NEAR = 1024;

/** Folders of runs, which a command makes in a folder of results and has for itself. */
export const OWN_FOLDERS = ["runs", "cells"] as const;

/**
 * @param pictures Names of the pictures that may be written.
 * @param data Names of other files that are written, unless runs show that the folder is ours.
 * @throws {UsageError} If the folder has files of these names that no earlier report wrote.
 */
export function checkReportFolder(
  option: string,
  folder: string,
  pictures: readonly string[],
  data: readonly string[] = [],
): void {
  const page = join(folder, "report.html");
  const isThere = existsSync(page);
  if (isThere && isOurs(page)) return;
  const isBegun = OWN_FOLDERS.some((name) => existsSync(join(folder, name)));
  const names = [...pictures.map((name) => `${name}.png`), ...(isBegun ? [] : data)];
  const taken = isThere ? page : names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (taken === undefined) return;
  throw new UsageError(
    `${option} would replace ${taken}, which is not from a report of ours; choose another folder, or pass --force`,
  );
}

function isOurs(page: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(page, "r");
    const bytes = new Uint8Array(NEAR);
    const length = readSync(file, bytes);
    return new TextDecoder().decode(bytes.subarray(0, length)).includes(GENERATOR);
  } catch {
    return false; // a folder, or what nobody may read
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
