// Where a command writes: stdout for results, stderr for the rest. Tests pass their own.

import { Failure, OutputClosed } from "../failure.js";
import { reasonOf } from "../files/reasons.js";
import { plainLines, printableLines } from "./printable.js";

/** The two streams of a command, and what can be done with them. */
export interface Terminal {
  /**
   * Writes a result; resolves when it is handed on, so that awaiting it keeps large outputs out of memory.
   *
   * @throws {OutputClosed} If nobody reads it any more. @throws {Failure} If it cannot be written.
   */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Writes a line to stderr: errors, progress, hints. Where nobody reads them, they are dropped. */
  note(line: string): void;
  /** Whether a person reads stdout, rather than a file or a pipe. */
  readonly isInteractive: boolean;
  /** Colours for stdout; they do nothing where there are none. */
  readonly paint: Paint;
  /** Where a bar that moves may be drawn: stderr, if a person sees it. */
  readonly bar?: NodeJS.WriteStream;
}

/** Text in a colour or weight. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
}

const sgr = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`;

export const colours: Paint = { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), green: sgr(32, 39) };

const same = (text: string): string => text;
export const noColours: Paint = { bold: same, dim: same, red: same, green: same };

/** The terminal of this process. No colour unless stdout is a terminal that has some and NO_COLOR is not set. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // Errors of stdout reach whoever awaits a write; on stderr nobody could be told of them.
  for (const stream of [stdout, stderr]) stream.removeListener("error", ignore).on("error", ignore);
  const isInteractive = stdout.isTTY === true;
  let failure: Error | undefined; // the first: what is written later hears only that the stream is closed
  return {
    isInteractive,
    paint: isInteractive && stdout.hasColors() ? colours : noColours,
    write: (chunk) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        stdout.write(chunk, (error) => {
          if (!error) return resolve();
          failure ??= outputError(error);
          reject(failure);
        });
      }),
    note: (line) => void stderr.write(`${line}\n`),
    ...(stderr.isTTY === true ? { bar: stderr } : {}),
  };
}

function ignore(): void {}

const outputError = (error: NodeJS.ErrnoException): Error =>
  error.code === "EPIPE" || error.code === "ECONNRESET"
    ? new OutputClosed("the reader has closed the output")
    : new Failure(`cannot write the output: ${reasonOf(error)}`, { cause: error });

/** A terminal on which text from files cannot steer anything. */
export const withPrintable = (terminal: Terminal): Terminal => ({
  ...terminal,
  write: (chunk) => terminal.write(typeof chunk === "string" ? printableLines(chunk) : chunk),
  note: (line) => terminal.note(plainLines(line)),
});

/** For commands whose work goes on (files, an exit code) when nobody reads what they say. */
export const despiteClosed = (terminal: Terminal): Terminal => ({
  ...terminal,
  async write(chunk) {
    try {
      await terminal.write(chunk);
    } catch (error) {
      if (!(error instanceof OutputClosed)) throw error;
    }
  },
});
