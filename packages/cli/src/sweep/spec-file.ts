// A sweep as a JSON file: the same names as the options, each with one value or a list of them.

import { readFileSync } from "node:fs";
import { UsageError } from "@hadamask/experiments/settings";
import { named, reasonOf } from "../files/reasons.js";
import type { Asked, DataAsked } from "./request.js";

/** From the text of an option to its values; the command's own readers, so that both refuse alike. */
export type Readers = { readonly [Name in keyof Asked]: (text: string) => NonNullable<Asked[Name]> };

/** The same for the columns of a data set. */
export type ColumnReaders = { readonly [Name in keyof Omit<DataAsked, "what">]-?: (text: string) => DataAsked[Name] };

/** @throws {UsageError} If it is no such file, or names something that there is not. */
export function readSpec(path: string, readers: Readers, columns: ColumnReaders): Asked {
  const spec = parse(path);
  const known = ["data", ...Object.keys(readers)];
  const asked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(spec)) {
    if (!known.includes(name)) {
      throw new UsageError(`sweep: ${path}: there is no ${JSON.stringify(name)}; there are ${known.join(", ")}`);
    }
    asked[name] =
      name === "data" ? dataOf(path, value, columns) : readers[name as keyof Readers]!(textOf(path, name, value));
  }
  return asked as Asked;
}

function parse(path: string): object {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`sweep: cannot read ${named(path)}: ${reasonOf(error)}`, { cause: error });
  }
  try {
    const spec: unknown = JSON.parse(text);
    if (typeof spec === "object" && spec !== null && !Array.isArray(spec)) return spec;
  } catch (error) {
    throw new UsageError(`sweep: ${path} must be JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new UsageError(`sweep: ${path} must be a JSON object with the names of options`);
}

/** [[256, 256], [1024]] is "256,256;1024", [0.1, 0.5] is "0.1,0.5". */
function textOf(path: string, name: string, value: unknown): string {
  const plain = (one: unknown): string => {
    if (typeof one === "string" || typeof one === "number") return String(one);
    throw new UsageError(`sweep: ${path}: ${name} must be a number, a text or a list of them`);
  };
  if (!Array.isArray(value)) return plain(value);
  const isNested = value.some(Array.isArray);
  return value
    .map((entry) => (Array.isArray(entry) ? entry.map(plain).join(",") : plain(entry)))
    .join(isNested || (name === "hidden" && value.some((entry) => typeof entry === "string")) ? ";" : ",");
}

/** A name or a path, an object with its columns, or a list of these. */
function dataOf(path: string, value: unknown, readers: ColumnReaders): DataAsked[] {
  const known = Object.keys(readers);
  return (Array.isArray(value) ? value : [value]).map((entry: unknown): DataAsked => {
    if (typeof entry === "string") return { what: entry };
    const { what, ...columns } = (typeof entry === "object" && entry !== null ? entry : {}) as Record<string, unknown>;
    const odd = Object.keys(columns).find((name) => !known.includes(name));
    if (typeof what !== "string" || odd !== undefined) {
      throw new UsageError(
        `sweep: ${path}: data must be a name, a path, or {"what": PATH, …} with ${known.join(", ")}` +
          `${odd === undefined ? "" : `, got ${JSON.stringify(odd)}`}`,
      );
    }
    const read = Object.entries(columns).map(([name, asked]) => [
      name,
      readers[name as keyof ColumnReaders](textOf(path, name, asked)),
    ]);
    return { what, ...Object.fromEntries(read) };
  });
}
