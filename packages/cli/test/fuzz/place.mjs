// The folder of a fuzzing process, and the files that cases are made from.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const folder = join(tmpdir(), `hadamask-fuzz-${process.pid}`);
mkdirSync(folder, { recursive: true });
process.chdir(folder); // what is written without a path is written here

/** Writes a file there and gives its path. */
export function inFolder(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const corpus = fileURLToPath(new URL("../hostile/files", import.meta.url));

/** The hostile files of a kind. */
export const hostileFiles = (part, ending) =>
  readdirSync(join(corpus, part))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(corpus, part, name)));

export const hostileFile = (name) => readFileSync(join(corpus, name));
