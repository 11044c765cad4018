// Runs the command: inside the test with captured streams, or as a user would, built and in a process of its own.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { main } from "../../src/main.js";
import { colours, noColours, type Terminal } from "../../src/output/terminal.js";

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `hadamask ARGS` in this process; `isInteractive` stands for a terminal that has colours. */
export async function run(args: readonly string[], { isInteractive = false } = {}): Promise<Run & { bytes: Buffer }> {
  const chunks: Buffer[] = [];
  const notes: string[] = [];
  const terminal: Terminal = {
    isInteractive,
    paint: isInteractive ? colours : noColours,
    write: async (chunk) => void chunks.push(Buffer.from(chunk)),
    note: (line) => void notes.push(`${line}\n`),
  };
  const code = await main(args, terminal);
  const bytes = Buffer.concat(chunks);
  return { code, out: bytes.toString("utf8"), err: notes.join(""), bytes };
}

export const BIN = fileURLToPath(new URL("../../../hadamask/bin/hadamask.js", import.meta.url));

/** `hadamask ARGS` as built, in its own process, with pipes for streams. */
export function runBuilt(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [BIN, ...args], { ...options, maxBuffer: 2 ** 26 }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}
