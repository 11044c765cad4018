// What a command's file exports.

import { UsageError } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import type { Terminal } from "../output/terminal.js";

/** Adds one command to the program; when it runs, it writes to `terminal` and nowhere else. */
export type Register = (program: Command, terminal: Terminal) => void;

/** Does what `train` does in part: what it refuses is refused in the name of the command that was typed. */
export async function inNameOf<T>(command: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError && error.message.startsWith("train: "))) throw error;
    throw new UsageError(error.message.replace("train", command), { cause: error });
  }
}

/** What the numbers of the source documents stand for. */
export const SOURCES_HELP = `
Sources, the documents that the project started from (docs/theory.md has what they get wrong):
  000  a note with formulas
  001  a derivation of the gradient, with three programs
  002  an article with code
  003  a chapter of a book
  004  a notebook`;

/** The examples at the end of a command's help, one `[command line, what it does]` each. */
export const examples = (lines: readonly (readonly [string, string])[]): string => `\nExamples:\n${aligned(lines)}`;

/** Lines of help, one `[what is typed, what it does]` each. */
export function aligned(lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([typed]) => typed.length));
  return lines.map(([typed, what]) => `  ${typed.padEnd(width)}  ${what}`).join("\n");
}
