// What a command's file exports.

import type { Command } from "commander";
import type { Terminal } from "../output/terminal.js";

/** Adds one command to the program; when it runs, it writes to `terminal` and nowhere else. */
export type Register = (program: Command, terminal: Terminal) => void;

/** The examples at the end of a command's help, one `[command line, what it does]` each. */
export function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return `\nExamples:\n${lines.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join("\n")}`;
}
