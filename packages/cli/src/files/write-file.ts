// Files that are there completely or not at all: written under a temporary name, then renamed.

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes `chunks` to `path`. Whoever looks at `path` meanwhile, or after a crash, sees the old file or the new one,
 * never a part.
 *
 * @throws {Error} With a sentence that names the path, if it cannot be written; the temporary file is gone then.
 */
export function writeFileWhole(path: string, chunks: string | Uint8Array | Iterable<string | Uint8Array>): void {
  const pieces = typeof chunks === "string" || chunks instanceof Uint8Array ? [chunks] : chunks;
  const file = createFileWhole(path);
  try {
    for (const piece of pieces) file.write(piece);
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
}

/** A file in the making, under a temporary name. */
export interface FileInTheMaking {
  write(chunk: string | Uint8Array): void;
  /** Writes over the beginning. */
  rewriteStart(bytes: Uint8Array): void;
  /** Gives it its name. */
  commit(): void;
  /** Removes it, if it has not got its name. */
  discard(): void;
}

/** @throws {Error} With a sentence that names the path, here and in each step, if it cannot be written. */
export function createFileWhole(path: string): FileInTheMaking {
  // In the same folder, so that the rename stays within one file system and is atomic.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  const attempt = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      if (isSystemError(error)) throw new Error(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
      throw error;
    }
  };
  const file = attempt(() => openSync(temporary, "w"));
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(file);
    isOpen = false;
  };
  return {
    write: (chunk) => attempt(() => writeAll(file, typeof chunk === "string" ? Buffer.from(chunk) : chunk)),
    rewriteStart: (bytes) => attempt(() => writeAll(file, bytes, 0)),
    commit() {
      attempt(close);
      attempt(() => renameSync(temporary, path));
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** A write may take less than it was given. */
function writeAll(file: number, bytes: Uint8Array, position?: number): void {
  for (let written = 0; written < bytes.length; ) {
    const at = position === undefined ? null : position + written;
    written += writeSync(file, bytes, written, bytes.length - written, at);
  }
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
