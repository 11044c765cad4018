// Temporary files of this process: names that nobody can guess, and that they are gone whatever ends the process.
// What an earlier process had to leave behind (it was killed, the power failed) is removed when its folder is written
// to again.

import { randomBytes } from "node:crypto";
import { closeSync, openSync, readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { holdSignals } from "../signals.js";

/** A process number means something on its own machine only. */
const HOST = Buffer.from(hostname()).toString("hex").slice(-12) || "0";
const OURS = /^\.hadamask-([0-9a-f]+)-(\d+)-[0-9a-f]{16}\.tmp$/;

const open = new Set<string>();
const cleared = new Set<string>();

export interface Temporary {
  readonly path: string;
  readonly descriptor: number;
  /** It has its name now, or is removed: whichever, nothing is left to clear up. */
  release(): void;
}

/**
 * Opens a new file in the folder of `path`, so that a rename stays within one file system and is atomic.
 *
 * @throws {NodeJS.ErrnoException} If that is not possible.
 */
export function openTemporary(path: string): Temporary {
  const folder = dirname(path);
  clearStale(folder);
  const name = join(folder, `.hadamask-${HOST}-${process.pid}-${randomBytes(8).toString("hex")}.tmp`);
  const descriptor = openSync(name, "wx"); // exclusive: whatever has this name, link or file, is not written to
  if (open.size === 0) process.on("exit", removeAll);
  open.add(name);
  const letGo = holdSignals();
  return {
    path: name,
    descriptor,
    release() {
      if (!open.delete(name)) return;
      letGo();
      if (open.size === 0) process.removeListener("exit", removeAll);
    },
  };
}

/** Makes sure that files can be made in a folder. @throws {NodeJS.ErrnoException} If they cannot. */
export function tryFolder(folder: string): void {
  const file = openTemporary(join(folder, "any"));
  closeSync(file.descriptor);
  rmSync(file.path, { force: true });
  file.release();
}

function removeAll(): void {
  for (const path of open) rmSync(path, { force: true });
}

/** Removes what processes of this machine left that are no more; once a folder. */
function clearStale(folder: string): void {
  if (cleared.has(folder)) return;
  cleared.add(folder);
  for (const name of readdirSync(folder)) {
    const [, host, pid] = OURS.exec(name) ?? [];
    if (host !== HOST || isRunning(Number(pid))) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // somebody else's, in a folder that only lets owners remove: it is in nobody's way
    }
  }
}

/** Whether a process with this number lives, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
