// Where a path that is to be written leads: to a regular file, which is replaced as a whole, or to something that
// takes bytes as they come (a device, a pipe, a stream of this process).

import { accessSync, constants, lstatSync, readlinkSync, type Stats, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

export type Target =
  /** `mode`: that of the file that is there; undefined for a new one. */
  | {
      readonly kind: "file";
      readonly path: string;
      readonly before: Pick<Stats, "mode" | "uid" | "gid"> | undefined;
    }
  /** An open descriptor of this process, such as stdout. */
  | { readonly kind: "descriptor"; readonly descriptor: number }
  /** A device, pipe or socket. */
  | { readonly kind: "stream"; readonly path: string };

const STREAMS: Readonly<Record<string, number>> = { "/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2 };

/** As many as Linux follows. */
const MOST_LINKS = 40;

/**
 * Follows links, also one that leads to a file that does not exist yet.
 *
 * @throws {NodeJS.ErrnoException} As the system says, if it is a folder, may not be written, or its links have no end.
 */
export function targetOf(path: string): Target {
  // A name that ends in a slash is a folder's, and what is there under it without one is not meant.
  if (path.endsWith("/")) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  let at = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links++) {
    const descriptor = descriptorOf(at);
    if (descriptor !== undefined) return { kind: "descriptor", descriptor };
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) return { kind: "file", path: at, before: undefined };
    if (!found.isSymbolicLink()) return existing(at, found);
    const next = readlinkSync(at);
    at = isAbsolute(next) ? next : join(dirname(at), next);
  }
  throw Object.assign(new Error("too many links"), { code: "ELOOP" });
}

function existing(path: string, found: Stats): Target {
  if (found.isDirectory()) throw Object.assign(new Error("a folder"), { code: "EISDIR" });
  if (!found.isFile()) return { kind: "stream", path };
  accessSync(path, constants.W_OK); // a rename would replace what nobody may write to
  return { kind: "file", path, before: found };
}

function descriptorOf(path: string): number | undefined {
  if (Object.hasOwn(STREAMS, path)) return STREAMS[path];
  const match = /^\/(?:dev|proc\/(?:self|thread-self|(\d+)))\/fd\/(\d+)$/.exec(path);
  if (match === null) return undefined;
  return match[1] === undefined || Number(match[1]) === process.pid ? Number(match[2]) : undefined;
}

/** Whether two paths lead to the same file, by whatever links and names. */
export function isSameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map(identityOf);
  return first !== undefined && first === second;
}

function identityOf(path: string): string | undefined {
  try {
    const target = targetOf(path);
    if (target.kind === "descriptor") return undefined;
    const found = statSync(target.path, { throwIfNoEntry: false });
    if (found !== undefined) return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
    const folder = statSync(dirname(target.path), { throwIfNoEntry: false });
    return folder && `${folder.dev}:${folder.ino}:${target.path.slice(dirname(target.path).length)}`;
  } catch {
    return undefined; // what cannot be written is refused elsewhere
  }
}
