// The options that say what the columns of a CSV file are, the same in every command that reads one.

import { UsageError } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import type { ColumnsAsked } from "../data/columns.js";
import { checkEncoding } from "../data/text.js";
import { choiceOption } from "./options.js";

const namesOption =
  (option: string) =>
  (text: string): string[] => {
    const names = text.split(",").map((name) => name.trim());
    if (names.includes(""))
      throw new UsageError(`${option} must be names or numbers separated by commas, got ${JSON.stringify(text)}`);
    return names;
  };

/** Adds the options to a command that is called `name`. */
export const withColumns = (command: Command, name: string): Command =>
  command
    .option(
      "--columns <list>",
      "columns of a CSV file that are features, names or numbers (default: all others)",
      namesOption(`${name}: --columns`),
    )
    .option("--ignore <list>", "columns of a CSV file that are left out", namesOption(`${name}: --ignore`))
    .option(
      "--heading <how>",
      "whether a CSV file begins with names: yes or no (default: what it looks like)",
      choiceOption(`${name}: --heading`, ["yes", "no"]),
    )
    .option("--encoding <name>", "of a CSV file, for instance latin1 (default: utf-8)", (text: string) => {
      checkEncoding(name, text);
      return text;
    });

/** What of a command's options is about columns. */
export function columnsAsked({ label, columns, ignore, id, heading, encoding }: ColumnsAsked): ColumnsAsked {
  return { label, columns, ignore, id, heading, encoding };
}
