// The end of a command by its user, apart from failure: main exits with 130.

/** The user ended a command before it was done: main exits with 130, as a shell says of what Ctrl-C ended. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}
