// Files that are there completely or not at all: written under a temporary name, then renamed. Links are followed, and
// what is not a regular file (a device, a pipe, /dev/stdout) is written into and stays what it is.

import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { Failure } from "../failure.js";
import { isSystemError, named, reasonOf } from "./reasons.js";
import { type Target, targetOf } from "./target.js";
import { openTemporary } from "./temporaries.js";

/**
 * Writes `chunks` to `path`. Whoever looks at `path` meanwhile, or after a crash, sees the old file or the new one,
 * never a part. A file that is replaced keeps its mode.
 *
 * @throws {Failure} With a sentence that names the path, if it cannot be written; the temporary file is gone then.
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
  /** Removes it, if it was not committed. */
  discard(): void;
}

/** What is said where writing means something else by a code than reading does. */
const WRITING = { ENOENT: "its folder does not exist" };

/** @throws {Failure} With a sentence that names the path, here and in each step, if it cannot be written. */
export function createFileWhole(path: string): FileInTheMaking {
  const attempt = <T>(step: () => T): T => {
    try {
      return step();
    } catch (error) {
      if (isSystemError(error))
        throw new Failure(`cannot write ${named(path)}: ${reasonOf(error, WRITING)}`, { cause: error });
      throw error;
    }
  };
  const target = attempt(() => targetOf(path));
  const made = attempt(() => (target.kind === "file" ? newFile(target) : openStream(target)));
  return {
    write: (chunk) => attempt(() => made.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk)),
    rewriteStart: (bytes) => attempt(() => made.rewriteStart(bytes)),
    commit: () => attempt(() => made.commit()),
    discard: () => attempt(() => made.discard()),
  };
}

interface Made extends Omit<FileInTheMaking, "write"> {
  write(bytes: Uint8Array): void;
}

function newFile({ path, before }: Target & { kind: "file" }): Made {
  const temporary = openTemporary(path);
  const { descriptor } = temporary;
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  const discard = (): void => {
    close();
    rmSync(temporary.path, { force: true });
    temporary.release();
  };
  try {
    if (before !== undefined) likeBefore(descriptor, before);
  } catch (error) {
    discard();
    throw error;
  }
  return {
    write: (bytes) => writeAll(descriptor, bytes),
    rewriteStart: (bytes) => writeAll(descriptor, bytes, 0),
    commit() {
      fsyncSync(descriptor); // else a power failure may leave the name with nothing behind it
      close();
      renameSync(temporary.path, path);
      temporary.release();
    },
    discard,
  };
}

/** Owner and mode of the file that is replaced. */
function likeBefore(descriptor: number, { mode, uid, gid }: { mode: number; uid: number; gid: number }): void {
  try {
    fchownSync(descriptor, uid, gid);
  } catch {
    // only root may give files away; who may write to the folder has replaced the file with one of their own
  }
  fchmodSync(descriptor, mode & 0o7777);
}

function openStream(target: Exclude<Target, { kind: "file" }>): Made {
  const descriptor = target.kind === "descriptor" ? target.descriptor : openSync(target.path, "a");
  const close = (): void => {
    if (target.kind === "stream") closeSync(descriptor);
  };
  return {
    write: (bytes) => writeAll(descriptor, bytes),
    rewriteStart() {
      throw Object.assign(new Error("no way back"), { code: "ESPIPE" });
    },
    commit: close,
    discard: close,
  };
}

/** A write may take less than it was given, and a pipe nothing for a while. */
function writeAll(file: number, bytes: Uint8Array, position?: number): void {
  for (let written = 0; written < bytes.length; ) {
    const at = position === undefined ? null : position + written;
    try {
      written += writeSync(file, bytes, written, bytes.length - written, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); // the reader has to read first
    }
  }
}
