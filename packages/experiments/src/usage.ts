// Misuse, apart from failure: the command exits with 2 instead of 1.

/** What was asked for makes no sense: a wrong option, or arguments that the library refuses. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Runs the part of a command that hands the user's values to the library: an argument that the library refuses there is
 * misuse, with the library's own sentence.
 *
 * @example
 * ```ts
 * import { asUsage, UsageError } from "@hadamask/experiments/settings";
 * import { Dropout, key } from "hadamask";
 * try {
 *   asUsage(() => new Dropout({ rate: 2, key: key(1) }));
 * } catch (error) {
 *   console.log(error instanceof UsageError); // true
 * }
 * ```
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
 *
 * @example
 * ```ts
 * import { isRefusal } from "@hadamask/experiments/settings";
 * console.log(isRefusal(new RangeError("dropout: rate must be in [0, 1], got 2"))); // true
 * console.log(isRefusal(new TypeError("x is not a function"))); // false
 * ```
 */
export const isRefusal = (error: unknown): error is RangeError | TypeError =>
  (error instanceof RangeError || error instanceof TypeError) && /^[\w./]+: /.test(error.message);
