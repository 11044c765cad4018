// What is tried: for each format a way to make a case from chance, and to put it to the program. A case may be refused
// with a sentence of ours; whatever else it throws is a failure.

import { COMMAND } from "./command.mjs";
import { DATA_FILES } from "./data-files.mjs";
import { LIBRARY } from "./library.mjs";
import { MODELS } from "./models.mjs";
import { RUNS } from "./runs.mjs";

export { folder } from "./place.mjs";

/** Name: what makes a case (bytes where it is a file), and what is done with it. */
export const FORMATS = { ...DATA_FILES, ...MODELS, ...RUNS, ...LIBRARY, ...COMMAND };

/** A case as a file, in base64. */
export const describeCase = (made) => (Buffer.isBuffer(made) ? made : Buffer.from(textOf(made))).toString("base64");

const textOf = (made) =>
  JSON.stringify(made, (_, value) =>
    typeof value === "bigint" || typeof value === "symbol" || typeof value === "function" ? String(value) : value,
  ) ?? "undefined";
