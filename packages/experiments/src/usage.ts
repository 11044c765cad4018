// Misuse, apart from failure: the command exits with 2 instead of 1.

/** What was asked for makes no sense: a wrong option, or arguments that the library refuses. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Runs the part of a command that hands the user's values to the library: an argument that the library refuses there is
 * misuse, with the library's own sentence.
 */
export function asUsage<T>(part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (isRefusal(error)) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/**
 * Whether the library refused an argument, with a sentence of its own ("dropout: rate must be …"). The language's
 * errors of the same classes ("x is not a function") are faults of a program.
 */
export const isRefusal = (error: unknown): error is RangeError | TypeError =>
  (error instanceof RangeError || error instanceof TypeError) && /^[\w./]+: /.test(error.message);
