// Files that are there completely or not at all: written under a temporary name, then renamed.

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes `chunks` to `path`. Whoever looks at `path` meanwhile, or after a crash, sees the old file or the new one, never a part.
 *
 * @throws {Error} With a sentence that names the path, if it cannot be written; the temporary file is gone then.
 */
export function writeFileWhole(path: string, chunks: string | Uint8Array | Iterable<string | Uint8Array>): void {
  const pieces = typeof chunks === "string" || chunks instanceof Uint8Array ? [chunks] : chunks;
  // In the same folder, so that the rename stays within one file system and is atomic.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, "w");
    try {
      fill(file, pieces);
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    if (isSystemError(error)) throw new Error(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
    throw error;
  }
}

function fill(file: number, pieces: Iterable<string | Uint8Array>): void {
  try {
    for (const piece of pieces) writeAll(file, typeof piece === "string" ? Buffer.from(piece) : piece);
  } finally {
    closeSync(file);
  }
}

/** A write may take less than it was given. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "syscall" in error;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "its folder does not exist",
  ENOTDIR: "its folder is a file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
};

const reasonOf = (error: NodeJS.ErrnoException): string => REASONS[error.code ?? ""] ?? error.message;
