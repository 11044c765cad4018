// What a command's file exports.

import type { Command } from "commander";
import type { Terminal } from "../output/terminal.js";

/** Adds one command to the program; when it runs, it writes to `terminal` and nowhere else. */
export type Register = (program: Command, terminal: Terminal) => void;

/** What the numbers of the source documents stand for. */
export const SOURCES_HELP = `
Sources, the documents that the project started from (docs/theory.md has what they get wrong):
  000  a note with formulas
  001  a derivation of the gradient, with three programs
  002  an article with code
  003  a chapter of a book
  004  a notebook`;

/** The examples at the end of a command's help, one `[command line, what it does]` each. */
export function examples(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([line]) => line.length));
  return `\nExamples:\n${lines.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join("\n")}`;
}
