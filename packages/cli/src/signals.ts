// The signals by which a user or a system ends a command: Ctrl-C, SIGTERM, and the end of the terminal.

/** As a shell reports a program that the signal ended: 128 and its number. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type EndingSignal = keyof typeof CODES;
export type EndingCode = (typeof CODES)[EndingSignal];

const SIGNALS = Object.keys(CODES) as EndingSignal[];

/** The user ended a command before it was done. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly code: EndingCode;

  constructor(message: string, signal: EndingSignal) {
    super(message);
    this.code = CODES[signal];
  }
}

interface Hold {
  readonly act: ((signal: EndingSignal) => void) | undefined;
}

const holds = new Set<Hold>();
let isEnding = false;

/**
 * Until it is released, a signal no longer ends the process at once. The first one calls `act`, or ends the process in
 * order (what listens to "exit" runs) where nobody gave one; the second ends it in order whatever `act` still does.
 *
 * @returns Releases it.
 */
export function holdSignals(act?: (signal: EndingSignal) => void): () => void {
  const hold: Hold = { act };
  if (holds.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  holds.add(hold);
  // Not at once: a signal that has arrived meanwhile is told when the event loop turns, and would be lost.
  return () => void setImmediate(() => release(hold));
}

function release(hold: Hold): void {
  if (!holds.delete(hold) || holds.size > 0) return;
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  isEnding = false;
}

function onSignal(signal: EndingSignal): void {
  const acts = [...holds].flatMap(({ act }) => act ?? []);
  if (isEnding || acts.length === 0) process.exit(CODES[signal]);
  isEnding = true;
  for (const act of acts) act(signal);
}

/** Leaves the process as a signal does. */
export const exitAs = (signal: EndingSignal): never => process.exit(CODES[signal]);
