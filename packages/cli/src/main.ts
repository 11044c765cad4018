// The command `hadamask`: reads arguments, runs one command, turns errors into a sentence and an exit code.
// Knows no command by name: they are listed in commands/list.ts.

import { readFileSync } from "node:fs";
import { UsageError } from "@hadamask/experiments/settings";
import { Command, CommanderError } from "commander";
import * as commands from "./commands/list.js";
import { InterruptedError } from "./interrupted.js";
import { processTerminal, type Terminal } from "./output/terminal.js";

/** 0: done; 1: it failed; 2: it was asked for something that makes no sense; 130: the user ended it. */
export type ExitCode = 0 | 1 | 2 | 130;

/**
 * Runs `hadamask` with `args` (without node and the script) and says with which code to exit.
 *
 * Results go to stdout, everything else to stderr. An error is one sentence; `--debug` adds the stack.
 */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<ExitCode> {
  try {
    await buildProgram(terminal).parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said what it was
    terminal.note(args.includes("--debug") ? stackOf(error) : sentenceOf(error));
    if (error instanceof InterruptedError) return 130;
    return error instanceof UsageError ? 2 : 1;
  }
}

function buildProgram(terminal: Terminal): Command {
  const program = new Command("hadamask")
    .description("Dropout with masks that are a pure function of a key: train, measure, explain.")
    .version(version(), "-V, --version", "print the version")
    .option("--debug", "print the stack of an error")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.write(text),
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "hadamask: ")),
    });
  for (const register of Object.values(commands)) register(program, terminal);
  return program;
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const stackOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);
