// The examples that ship with the command, compiled: which there are, and what they print.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.js";
import { CODE_CELL, cellsOf, markdownOf } from "./notebook.js";

const FOLDER = new URL("../examples/", import.meta.url);

/** One program: the document it comes from, and the stream of masks it runs on where that is not ours. */
export interface Program {
  readonly source: string;
  readonly stream: string | undefined;
  readonly path: string;
}

/** Files are called SOURCE.js or SOURCE-STREAM.js; a source's own program stands before those on other streams. */
export function programs(): Program[] {
  const found = readdirSync(FOLDER).flatMap((file) => {
    const parts = /^(\d+)(?:-(.+))?\.js$/.exec(file);
    return parts === null ? [] : [{ source: parts[1]!, stream: parts[2], path: fileURLToPath(new URL(file, FOLDER)) }];
  });
  const order = ({ source, stream = "" }: Program): string => `${source} ${stream}`;
  return found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** What a program says of itself in its first line. */
export function titleOf({ path }: Program): string {
  const cells = cellsOf(typescriptOf(path));
  const first = (cells[0]?.content ?? typescriptOf(path)).split("\n")[0]!;
  return first.replace(/^(\/\/|#) /, "").replace(/[.:]$/, "");
}

/** Runs a program and gives what it prints; a notebook is printed with its text and its code. */
export async function outputOf({ path }: Program): Promise<string> {
  const cells = cellsOf(typescriptOf(path));
  if (cells.length === 0) return run([path], "");
  // The compiled cells, with a boundary printed before each one. As a program from stdin it is not written to any
  // file; it finds the library because it runs in the folder of the examples.
  const boundary = "\u0000cell";
  const compiled = readFileSync(path, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, "");
  const marked = compiled
    .split("\n")
    .map((line) => (line === CODE_CELL ? `console.log(${JSON.stringify(boundary)});` : line))
    .join("\n");
  const printed = await run(["--input-type=module"], marked);
  return markdownOf(cells, printed.split(`${boundary}\n`).slice(1));
}

/** The program as it was written: the compiler has put it into the source map. */
function typescriptOf(path: string): string {
  const map = JSON.parse(readFileSync(`${path}.map`, "utf8")) as { sourcesContent: [string] };
  return map.sourcesContent[0];
}

/** @throws {Failure} If the program fails; what it had to say is on stderr. */
function run(args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: fileURLToPath(FOLDER), stdio: ["pipe", "pipe", "inherit"] });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString("utf8"));
      else reject(new Failure(`demo: the program ended with code ${code}`));
    });
    child.stdin.end(input);
  });
}
