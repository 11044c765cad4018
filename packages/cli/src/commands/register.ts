// What a command's file exports.

import { UsageError } from "@hadamask/experiments/settings";
import { type Command, Help, type Option } from "commander";
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

type Lines = readonly (readonly [typed: string, what: string])[];

/** Columns of the longest line of examples that stand beside what they do. */
const WIDEST = 120;

/** The examples at the end of a command's help, one `[command line, what it does]` each. */
export function examples(lines: Lines): string {
  const beside = aligned(lines);
  const isWide = beside.split("\n").some((line) => line.length > WIDEST);
  const below = (): string => lines.map(([typed, what]) => `  ${typed}\n      ${what}`).join("\n");
  return `\nExamples:\n${isWide ? below() : beside}`;
}

/** Lines of help, one `[what is typed, what it does]` each. */
export function aligned(lines: Lines): string {
  const width = Math.max(...lines.map(([typed]) => typed.length));
  return lines.map(([typed, what]) => `  ${typed.padEnd(width)}  ${what}`).join("\n");
}

/** An option in the help. A default that is a list is written as it would be typed, and an empty one not at all. */
export function describedOption(option: Option): string {
  const value: unknown = option.defaultValue;
  if (!Array.isArray(value)) return new Help().optionDescription(option);
  return value.length === 0 ? option.description : `${option.description} (default: ${value.join(",")})`;
}

/** What a command line lacks or has too much of is said in the name of its command, which has a help of its own. */
export function speakAs(name: string, command: Command): void {
  command.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, `${name}: `)) });
  command.showHelpAfterError(`(hadamask ${name} --help lists what there is)`);
  for (const part of command.commands) speakAs(`${name} ${part.name()}`, part);
}
