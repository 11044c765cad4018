// The options that say what the columns of a CSV file are, the same in every command that reads one.

import { UsageError } from "@hadamask/experiments/settings";
import type { Command } from "commander";
import { MISSING_RULES } from "../data/codes.js";
import type { ColumnsAsked } from "../data/columns.js";
import type { TableAsked } from "../data/csv-table.js";
import { TASKS } from "../data/target.js";
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

/** How the text of each option is read, in the command `name`. */
export const columnReaders = (name: string) => ({
  label: (text: string): string => text,
  columns: namesOption(`${name}: --columns`),
  ignore: namesOption(`${name}: --ignore`),
  heading: choiceOption(`${name}: --heading`, ["yes", "no"] as const),
  encoding(text: string): string {
    checkEncoding(name, text);
    return text;
  },
  id: (text: string): string => text,
  categories: namesOption(`${name}: --categories`),
  missing: choiceOption(`${name}: --missing`, MISSING_RULES),
  task: choiceOption(`${name}: --task`, TASKS),
});

/** Adds the options to a command that is called `name`. */
export function withColumns(command: Command, name: string): Command {
  const { columns, ignore, heading, encoding } = columnReaders(name);
  return command
    .option(
      "--columns <list>",
      "columns of a CSV file that are features, names or numbers (default: all others)",
      columns,
    )
    .option("--ignore <list>", "columns of a CSV file that are left out", ignore)
    .option("--heading <how>", "whether a CSV file begins with names: yes or no (default: what it looks like)", heading)
    .option("--encoding <name>", "of a CSV file, for instance latin1 (default: utf-8)", encoding);
}

/** Adds the options for a table that is trained on, whose cells may be categories, or missing. */
export function withCells(command: Command, name: string): Command {
  const { categories, missing, task } = columnReaders(name);
  return command
    .option("--id <column>", "column that names the rows; it is not a feature")
    .option(
      "--categories <list>",
      "columns that are categories though they look like numbers, names or numbers",
      categories,
    )
    .option(
      "--missing <how>",
      "missing values: drop leaves their rows out; mean fills in that of the training rows (default); indicator also " +
        "adds a column that says where",
      missing,
    )
    .option("--task <what>", "classes, regression, or auto (default): decided by the label, and reported", task);
}

/** What of a command's options is about the cells of a table. */
export function tableAsked(asked: TableAsked & ColumnsAsked): TableAsked & ColumnsAsked {
  const { label, columns, ignore, id, heading, encoding, categories, missing, task } = asked;
  return { label, columns, ignore, id, heading, encoding, categories, missing, task };
}
