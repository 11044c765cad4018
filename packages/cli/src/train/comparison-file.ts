// comparison.json, with its SHA-256 beside it in a file that `sha256sum -c` reads: what was altered since is told.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSystemError, reasonOf } from "../files/reasons.js";
import { writeFileWhole } from "../files/write-file.js";

const NAME = "comparison.json";
const SUM = `${NAME}.sha256`;

const sumLine = (bytes: string | Uint8Array): string =>
  `${createHash("sha256").update(bytes).digest("hex")}  ${NAME}\n`;

export function writeComparison(folder: string, json: string): void {
  writeFileWhole(join(folder, NAME), json);
  writeFileWhole(join(folder, SUM), sumLine(json));
}

/** What is wrong with the one that is there, in a sentence; undefined where nothing is, or there is none. */
export function comparisonDamage(folder: string): string | undefined {
  const path = join(folder, NAME);
  if (!existsSync(path) || !existsSync(join(folder, SUM))) return undefined;
  try {
    if (sumLine(readFileSync(path)) === readFileSync(join(folder, SUM), "utf8")) return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return `${path} cannot be read: ${reasonOf(error)}`;
  }
  return `${path} was altered: its sum does not fit`;
}
