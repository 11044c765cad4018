// Files from the network: downloaded once, checked by their SHA-256, kept in a cache. Knows no data set.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../files/sha256.js";
import { writeFileWhole } from "../files/write-file.js";
import { DataError } from "./data-error.js";

export interface RemoteFile {
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  /** Of the file as it is downloaded, in hex. */
  readonly sha256: string;
}

/** Called as bytes arrive: the file, how many are there, how many there will be. */
export type DownloadProgress = (name: string, received: number, total: number) => void;

/** Where downloads are kept: `$XDG_CACHE_HOME/hadamask`, or `~/.cache/hadamask`. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hadamask");

/**
 * Makes sure that the files are in `folder`, and right. What is there already is checked and not loaded again.
 *
 * @throws {DataError} If a server cannot be reached or sends something else; nothing of that file is kept.
 */
export async function fetchFiles(
  folder: string,
  files: readonly RemoteFile[],
  progress: DownloadProgress,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file.name);
    if (existsSync(path) && sha256(readFileSync(path)) === file.sha256) continue;
    const bytes = await receive(file, progress);
    const found = sha256(bytes);
    if (found !== file.sha256) {
      throw new DataError(`${file.url}: its SHA-256 must be ${file.sha256}, got ${found}; ${ADVICE}`);
    }
    writeFileWhole(path, bytes);
  }
}

const ADVICE = "get the files elsewhere and pass their folder with --data DIR";

async function receive(file: RemoteFile, progress: DownloadProgress): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  try {
    const response = await fetch(file.url);
    if (!response.ok || response.body === null) throw new Error(`the server answers ${response.status}`);
    for await (const chunk of response.body) {
      chunks.push(chunk);
      received += chunk.length;
      progress(file.name, received, file.bytes);
    }
  } catch (error) {
    throw new DataError(`cannot download ${file.url}: ${reasonOf(error)}; ${ADVICE}`, { cause: error });
  }
  return Buffer.concat(chunks);
}

/** `fetch` says "fetch failed" and keeps what happened in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
