// Where a command writes: stdout for results, stderr for the rest. Tests pass their own.

/** The two streams of a command, and what can be done with them. */
export interface Terminal {
  /** Writes a result; resolves when it is handed on, so that awaiting it keeps large outputs out of memory. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Writes a line to stderr: errors, progress, hints. */
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
  for (const stream of [stdout, stderr]) stream.removeListener("error", onWriteError).on("error", onWriteError);
  const isInteractive = stdout.isTTY === true;
  return {
    isInteractive,
    paint: isInteractive && stdout.hasColors() ? colours : noColours,
    write: (chunk) => new Promise((resolve) => void stdout.write(chunk, () => resolve())),
    note: (line) => void stderr.write(`${line}\n`),
    ...(stderr.isTTY === true ? { bar: stderr } : {}),
  };
}

/** Nothing more can be written, so there is nothing left to do. */
function onWriteError(error: NodeJS.ErrnoException): never {
  // Whoever reads has closed the pipe (`hadamask … | head`) and has what they wanted: no failure.
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`cannot write the output: ${error.message}\n`);
  process.exit(1);
}
