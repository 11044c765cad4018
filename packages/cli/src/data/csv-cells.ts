// The lines and cells of a CSV file. Knows neither features nor labels.

import { DataError, readBytes } from "./read.js";

/** The lines of a file, without empty ones at its end. */
export function readLines(path: string): string[] {
  const text = new TextDecoder("utf-8").decode(readBytes(path)).replace(/(\r?\n)+$/, "");
  if (text.trim() === "") throw new DataError(`${path}: is empty`);
  return text.split(/\r?\n/);
}

/** Cells of one line; quotes may enclose a cell, doubled quotes inside stand for one. */
export function splitLine(path: string, line: number, text: string): string[] {
  if (!text.includes('"')) return text.split(",");
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  do {
    const match = cell.exec(text);
    if (match === null)
      throw new DataError(`${path}: line ${line}: column ${cells.length + 1} has a quote out of place`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === "") return cells;
  } while (cell.lastIndex <= text.length);
  return cells;
}

/** Whether a cell is a finite number. */
export const isNumber = (cell: string): boolean => cell.trim() !== "" && Number.isFinite(Number(cell));

/** A cell as messages show it. */
export const quote = (cell: string): string => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
