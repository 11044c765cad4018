// One training in a folder at a time: a second would write its runs between those of the first.

import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Failure } from "../failure.js";
import { reasonOf } from "../files/reasons.js";
import { isRunning } from "../files/temporaries.js";

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Locks a folder until the process ends, or the lock is released. A lock whose process is gone is taken over.
 *
 * @returns Releases it.
 * @throws {Failure} If another process has it.
 */
export function lockFolder(command: string, folder: string): () => void {
  const path = join(folder, ".hadamask-lock");
  if (!tryLock(path)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isGone(holder)) throw new Failure(heldText(command, folder, path, holder));
    takeOver(command, folder, path);
  }
  const release = (): void => rmSync(path, { force: true });
  process.once("exit", release);
  return () => {
    process.removeListener("exit", release);
    release();
  };
}

const heldText = (command: string, folder: string, path: string, { pid, host }: Holder): string =>
  `${command}: another process (${pid}${host === hostname() ? "" : ` on ${host}`}) is writing to ${folder}; ` +
  `choose another --out, or wait for it, or remove ${path} if it is gone`;

/** Whether there was none, and there is one of ours now. */
function tryLock(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new Failure(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
  }
  writeSync(file, JSON.stringify({ pid: process.pid, host: hostname() }));
  closeSync(file);
  return true;
}

/** A lock says nothing while it is being written: it is young then. */
const YOUNG_MS = 10_000;

function holderOf(path: string): Holder | undefined {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8")) as Holder;
    if (Number.isSafeInteger(pid) && pid > 0 && typeof host === "string") return { pid, host };
  } catch {
    // a machine that lost its power may have left the name with nothing in it
  }
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs < YOUNG_MS ? { pid: 0, host: hostname() } : undefined;
}

const isGone = ({ pid, host }: Holder): boolean => host === hostname() && pid !== 0 && !isRunning(pid);

/** One at a time, so that nobody removes the lock of who was faster. */
function takeOver(command: string, folder: string, path: string): void {
  const turn = `${path}-turn`;
  const old = statSync(turn, { throwIfNoEntry: false });
  if (old !== undefined && Date.now() - old.mtimeMs > YOUNG_MS) rmSync(turn, { force: true });
  const busy = (): Failure => new Failure(heldText(command, folder, path, { pid: 0, host: hostname() }));
  if (!tryLock(turn)) throw busy();
  try {
    const holder = holderOf(path);
    if (holder !== undefined && !isGone(holder)) throw new Failure(heldText(command, folder, path, holder));
    rmSync(path, { force: true });
    if (!tryLock(path)) throw busy();
  } finally {
    rmSync(turn, { force: true });
  }
}
