// A run in the middle of its training, on disk: complete or not there, beside the file that it will become.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Checkpoint } from "@hadamask/experiments";
import { writeFileWhole } from "../files/write-file.js";
import { type Provenance, runPath } from "./run-file.js";

/** "none-seed3.json.part". */
const checkpointPath = (folder: string, { variant, seed }: Provenance): string =>
  `${runPath(folder, variant, seed)}.part`;

const sum = (text: string): string => createHash("sha256").update(text).digest("hex");

export function saveCheckpoint(folder: string, provenance: Provenance, checkpoint: Checkpoint): void {
  const path = checkpointPath(folder, provenance);
  mkdirSync(dirname(path), { recursive: true });
  writeFileWhole(path, checkpointText(provenance, checkpoint));
}

/** A checkpoint as the text of its file. */
export function checkpointText(provenance: Provenance, checkpoint: Checkpoint): string {
  const text = JSON.stringify({ provenance, checkpoint }, (_, value) =>
    value instanceof Float32Array ? { base64: base64(value) } : value,
  );
  return `${sum(text)}\n${text}\n`;
}

/** Undefined where there is none, or none of this provenance, or it was altered: then the run begins anew. */
export function loadCheckpoint(folder: string, provenance: Provenance): Checkpoint | undefined {
  const path = checkpointPath(folder, provenance);
  return existsSync(path) ? parseCheckpoint(provenance, readFileSync(path, "utf8")) : undefined;
}

/** The opposite of {@link checkpointText}; undefined where it is none of this provenance, or was altered. */
export function parseCheckpoint(provenance: Provenance, whole: string): Checkpoint | undefined {
  const [found, text] = whole.split("\n");
  if (text === undefined || sum(text) !== found) return undefined;
  const saved = JSON.parse(text, (_, value) => (typeof value?.base64 === "string" ? numbers(value.base64) : value));
  return JSON.stringify(saved.provenance) === JSON.stringify(provenance) ? saved.checkpoint : undefined;
}

export const removeCheckpoint = (folder: string, provenance: Provenance): void =>
  rmSync(checkpointPath(folder, provenance), { force: true });

const base64 = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");

const numbers = (text: string): Float32Array => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
