// The rows of a CSV file as texts, piece by piece. Papa Parse finds the cells (quotes, delimiters and line ends inside
// them). Knows neither features nor labels.

import Papa from "papaparse";
import type { ByteSource } from "./byte-source.js";
import { isCommaNumber, isNumber } from "./cells.js";
import { DataError } from "./data-error.js";
import { textOf } from "./text.js";

/** One row: its cells, and the line that it begins in, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

export type Delimiter = "," | ";" | "\t";
const DELIMITERS: readonly Delimiter[] = [",", ";", "\t"];

/** Characters that a row may have: one with more has a quote that is never closed. */
const LONGEST = 2 ** 26;

/**
 * All rows but empty ones at the end.
 *
 * @throws {DataError} Naming file and line, if the text is not a CSV, or a quote is out of place.
 */
export function* csvRows(
  path: string,
  source: ByteSource,
  delimiter: Delimiter,
  encoding: string | undefined,
): Generator<CsvRow> {
  let line = 1;
  let empty = 0; // lines that are only rows if others follow
  for (const { rows } of parsed(path, source, delimiter, encoding)) {
    for (const cells of rows) {
      if (cells.length === 1 && /^ *$/.test(cells[0]!)) {
        empty++;
        continue;
      }
      for (; empty > 0; empty--) yield { line: line++, cells: [""] };
      yield { line, cells };
      line += 1 + linesIn(cells);
    }
  }
}

const linesIn = (cells: readonly string[]): number => cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);

/** Rows of as much text as is complete. */
function* parsed(
  path: string,
  source: ByteSource,
  delimiter: Delimiter,
  encoding: string | undefined,
): Generator<{ readonly rows: readonly string[][] }> {
  let rest = "";
  let line = 1;
  let least = 0; // characters without the end of a row: not looked through again for every piece
  for (const text of textOf(path, source, encoding)) {
    rest += text;
    if (rest.length < least) continue;
    const cursor = take(rest, true);
    yield { rows: cursor.rows };
    rest = rest.slice(cursor.end);
    least = cursor.end === 0 ? 2 * rest.length : 0;
    if (rest.length > LONGEST)
      throw new DataError(
        `${path}: line ${line}: has a quote that is never closed, or no end in ${LONGEST} characters`,
      );
  }
  if (rest !== "") yield { rows: take(rest, false).rows };

  function take(text: string, isMore: boolean): { readonly rows: string[][]; readonly end: number } {
    const { data, errors, meta } = parse(text, delimiter, isMore);
    const error = errors.find(({ code }) => (isMore ? code === "InvalidQuotes" : true));
    if (error !== undefined) throw new DataError(`${path}: ${misplaced(text, error, line, delimiter)}`);
    line += text.slice(0, meta.cursor).split("\n").length - 1;
    return { rows: data, end: meta.cursor };
  }
}

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly code: string; readonly row?: number; readonly index?: number }[];
  readonly meta: { readonly cursor: number };
}

/** Papa Parse's own tokenizer: its front makes rows of whole texts only. */
function parse(text: string, delimiter: string, isLastRowOpen: boolean): Parsed {
  const parser = new Papa.Parser({ delimiter, newline: "\n" }) as unknown as {
    parse(text: string, base: number, ignoreLastRow: boolean): Parsed;
  };
  return parser.parse(text, 0, isLastRowOpen);
}

/** Where a quote stands that does not belong there. */
function misplaced(
  text: string,
  { code, index = 0 }: Parsed["errors"][number],
  line: number,
  delimiter: string,
): string {
  const before = text.slice(0, index);
  const start = before.lastIndexOf("\n") + 1;
  const at = line + before.split("\n").length - 1;
  if (code === "MissingQuotes") return `line ${at}: has a quote that is never closed`;
  return `line ${at}: column ${before.slice(start).split(delimiter).length} has a quote out of place`;
}

/** Rows that the delimiter is told by. */
const LOOKED_AT = 10;
const HEAD = 2 ** 16;

/**
 * What separates the cells: the character by which the first rows have equally many, two or more, and most of them
 * numbers.
 */
export function delimiterIn(path: string, source: ByteSource, encoding: string | undefined): Delimiter {
  const head = { ...source, size: Math.min(source.size, HEAD) };
  const [text = ""] = textOf(path, { ...head, read: (at, n) => source.read(at, Math.min(n, HEAD - at)) }, encoding);
  const isWhole = source.size <= HEAD;
  let [best, most]: [Delimiter, number] = [",", -1];
  for (const delimiter of DELIMITERS) {
    const { data } = parse(text, delimiter, !isWhole);
    const rows = data.slice(0, LOOKED_AT).filter((cells) => cells.length > 1 || cells[0]!.trim() !== "");
    if (rows.length === 0 || rows[0]!.length < 2 || rows.some((cells) => cells.length !== rows[0]!.length)) continue;
    const isValue = (cell: string): boolean => isNumber(cell) || (delimiter !== "," && isCommaNumber(cell));
    const numbers = rows.flat().filter(isValue).length;
    if (numbers > most) [best, most] = [delimiter, numbers];
  }
  return best;
}
