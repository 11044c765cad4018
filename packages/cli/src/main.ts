// The command `hadamask`: reads arguments, runs one command, turns errors into a sentence and an exit code.
// Knows no command by name: they are listed in commands/list.ts.

import { readFileSync } from "node:fs";
import { UsageError } from "@hadamask/experiments/settings";
import { Command, CommanderError } from "commander";
import * as commands from "./commands/list.js";
import { describedOption, speakAs } from "./commands/register.js";
import { DataError } from "./data/data-error.js";
import { Failure, OutputClosed } from "./failure.js";
import { isSystemError, reasonOf } from "./files/reasons.js";
import { printable } from "./output/printable.js";
import { processTerminal, type Terminal, withPrintable } from "./output/terminal.js";
import { type EndingCode, InterruptedError } from "./signals.js";

/**
 * 0: done; 1: it failed; 2: it was asked for something that makes no sense; 70: a fault of this program; 129, 130, 143:
 * the terminal was closed, the user ended it with Ctrl-C, or it was told to end.
 */
export type ExitCode = 0 | 1 | 2 | 70 | EndingCode;

/**
 * Runs `hadamask` with `args` (without node and the script) and says with which code to exit.
 *
 * Results go to stdout, everything else to stderr. An error is one sentence; `--debug` adds the stack.
 */
export async function main(args: readonly string[], terminal?: Terminal): Promise<ExitCode> {
  const safe = withPrintable(terminal ?? processTerminal());
  const isDebug = args.includes("--debug");
  if (terminal === undefined) onFaultOutside((error) => report(error, isDebug, safe));
  const written: Promise<void>[] = [];
  try {
    const program = buildProgram(safe, written);
    await program.parseAsync(args[0] === "help" ? helpOf(program, args) : args, { from: "user" });
    await Promise.all(written);
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) return report(error, isDebug, safe);
    if (error.exitCode !== 0) return 2; // commander has said what it was
    return Promise.all(written).then(
      () => 0,
      (late) => report(late, isDebug, safe),
    );
  } finally {
    await new Promise((resolve) => setImmediate(resolve)); // signals that came until now are told
  }
}

/** What is thrown where nobody awaits it would be printed by Node, with a stack. */
function onFaultOutside(act: (error: unknown) => ExitCode): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => process.exit(act(error)));
  }
}

function report(error: unknown, isDebug: boolean, terminal: Terminal): ExitCode {
  if (error instanceof OutputClosed) return 0;
  const code = codeOf(error);
  const sentence = code === 70 ? faultText(error) : sentenceOf(error as Error);
  terminal.note(isDebug ? stackOf(error) : printable(sentence));
  return code;
}

function codeOf(error: unknown): ExitCode {
  if (error instanceof InterruptedError) return error.code;
  if (error instanceof UsageError) return 2;
  return error instanceof Failure || error instanceof DataError || isOfSystem(error) || isOfMemory(error) ? 1 : 70;
}

/** What engines say where a machine or a limit (ulimit -v) does not grant the memory that is asked for. */
const isOfMemory = (error: unknown): boolean =>
  error instanceof RangeError && /allocation failed|could not allocate memory|[Oo]ut of memory/.test(error.message);

/** What a system refused where nobody expected it: no program is at fault, and its own words are not a sentence. */
const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  isSystemError(error) && typeof error.syscall === "string" && typeof error.errno === "number";

const sentenceOf = (error: Error): string =>
  isOfMemory(error)
    ? "hadamask: there is not enough memory for this; give less at a time, or more memory to this process"
    : isOfSystem(error) && !(error instanceof Failure || error instanceof DataError)
      ? `hadamask: cannot use ${error.path === undefined ? "a file or a stream" : error.path}: ${reasonOf(error)}`
      : error.message;

const faultText = (error: unknown): string =>
  `hadamask ${version()}: this is a fault of hadamask (${error instanceof Error ? error.name : typeof error}), ` +
  "not of what you asked for; run it again with --debug for the stack, and report both";

function buildProgram(terminal: Terminal, written: Promise<void>[]): Command {
  const program = new Command("hadamask")
    .description("Dropout with masks that are a pure function of a key: train, measure, explain.")
    .version(version(), "-V, --version", "print the version")
    .option("--debug", "print the stack of an error")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showHelpAfterError("(--help lists what there is)")
    .exitOverride()
    .configureHelp({ optionDescription: describedOption })
    .configureOutput({
      writeOut: (text) => {
        const write = terminal.write(text);
        write.catch(() => {}); // told to whoever awaits `written`
        written.push(write);
      },
      writeErr: (text) => terminal.note(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, "hadamask: ")),
    });
  for (const register of Object.values(commands)) register(program, terminal);
  for (const command of program.commands) speakAs(command.name(), command);
  return program;
}

/** Of a command that there is not, help says so, as the command itself would. */
function helpOf(program: Command, args: readonly string[]): readonly string[] {
  const name = args[1];
  const isKnown = name === undefined || name.startsWith("-") || name === "help";
  return isKnown || program.commands.some((command) => command.name() === name) ? args : [name];
}

function version(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

const stackOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);
