// A run in the middle of its training, on disk: complete or not there, beside the file that it will become.

import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Checkpoint } from "@hadamask/experiments";
import { isSystemError, reasonOf } from "../files/reasons.js";
import { sha256 } from "../files/sha256.js";
import { writeFileWhole } from "../files/write-file.js";
import { fromBase64, type Provenance, runPath, toBase64 } from "./run-file.js";

/** "none-seed3.json.part". */
const checkpointPath = (folder: string, { variant, seed }: Provenance): string =>
  `${runPath(folder, variant, seed)}.part`;

export function saveCheckpoint(folder: string, provenance: Provenance, checkpoint: Checkpoint): void {
  const path = checkpointPath(folder, provenance);
  mkdirSync(dirname(path), { recursive: true });
  writeFileWhole(path, checkpointText(provenance, checkpoint));
}

/** A checkpoint as the text of its file. */
export function checkpointText(provenance: Provenance, checkpoint: Checkpoint): string {
  const text = JSON.stringify({ provenance, checkpoint }, (_, value) =>
    value instanceof Float32Array ? { base64: toBase64(value) } : value,
  );
  return `${sha256(text)}\n${text}\n`;
}

/** A checkpoint that is saved; what is wrong with its file; or nothing, where there is none of this provenance. */
export type SavedCheckpoint = { readonly checkpoint: Checkpoint } | { readonly damage: string } | undefined;

export function loadCheckpoint(folder: string, provenance: Provenance): SavedCheckpoint {
  const path = checkpointPath(folder, provenance);
  if (!existsSync(path)) return undefined;
  let whole: string;
  try {
    whole = readFileSync(path, "utf8");
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { damage: `${path} cannot be read: ${reasonOf(error)}` };
  }
  if (bodyOf(whole) === undefined) return { damage: `${path} was altered: its sum does not fit` };
  const checkpoint = parseCheckpoint(provenance, whole);
  return checkpoint && { checkpoint };
}

/** The opposite of {@link checkpointText}; undefined where it is none of this provenance, or was altered. */
export function parseCheckpoint(provenance: Provenance, whole: string): Checkpoint | undefined {
  const text = bodyOf(whole);
  if (text === undefined) return undefined;
  const saved = JSON.parse(text, (_, value) =>
    typeof value?.base64 === "string" ? fromBase64(value.base64, Float32Array) : value,
  );
  return JSON.stringify(saved.provenance) === JSON.stringify(provenance) ? saved.checkpoint : undefined;
}

/** What the sum is of, if it fits, and there is nothing else. */
function bodyOf(whole: string): string | undefined {
  const [, found, text] = /^([0-9a-f]{64})\n([^\n]*)\n$/.exec(whole) ?? [];
  return text !== undefined && sha256(text) === found ? text : undefined;
}

export const removeCheckpoint = (folder: string, provenance: Provenance): void =>
  rmSync(checkpointPath(folder, provenance), { force: true });
