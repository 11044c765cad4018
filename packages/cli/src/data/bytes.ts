// A file's bytes by their place, from the disk as they are asked for, so that a file may be larger than memory.

import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { type ByteSource, inMemory } from "./byte-source.js";
import { readBytes } from "./read.js";

/**
 * Opens a file. What is compressed, or is not a file but a pipe, has to be read as a whole. @throws {DataError} If it
 * cannot be read.
 */
export function openBytes(path: string): ByteSource {
  return openFile(path) ?? inMemory(readBytes(path)); // which also says why, where it cannot be read
}

function openFile(path: string): ByteSource | undefined {
  let file: number;
  try {
    // A pipe is opened once: whoever writes to it would take its first end for the last.
    if (!statSync(path).isFile()) return undefined;
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  const stat = fstatSync(file);
  const read = (at: number, n: number): Uint8Array => {
    const bytes = new Uint8Array(Math.max(0, Math.min(n, stat.size - at)));
    for (let filled = 0; filled < bytes.length; ) {
      const more = readSync(file, bytes, filled, bytes.length - filled, at + filled);
      if (more === 0) return bytes.subarray(0, filled);
      filled += more;
    }
    return bytes;
  };
  const close = (): void => closeSync(file);
  const source = { size: stat.size, read, close };
  const [first, second] = read(0, 2);
  if (first !== 0x1f || second !== 0x8b) return source;
  close();
  return undefined;
}
