// Refusals of the library in the words of a command: who speaks is the command, and what is wrong is its option.

import { UsageError } from "@hadamask/experiments/settings";

/**
 * Runs `part` of `command`. "keepMask: rate must be in [0, 1], got 2" becomes "mask: --rate must be in [0, 1], got 2":
 * `options` gives an argument's option, by the argument's name in the library.
 */
export async function inOptions<T>(
  command: string,
  options: Readonly<Record<string, string>>,
  part: () => Promise<T>,
): Promise<T> {
  try {
    return await part();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(reworded(error.message, command, options), { cause: error });
  }
}

/** Only what stands before the rule names arguments: "rate" in "at rate 1" is a word like others. */
function reworded(message: string, command: string, options: Readonly<Record<string, string>>): string {
  const [, said] = /^[a-z][\w.]*: (.*)$/s.exec(message) ?? [];
  if (said === undefined) return message;
  const end = said.search(/ must |, not both/);
  const names = said.slice(0, Math.max(0, end)).replace(/(?<![-\w])[a-z]\w*/g, (name) => options[name] ?? name);
  return `${command}: ${names}${said.slice(Math.max(0, end))}`;
}
