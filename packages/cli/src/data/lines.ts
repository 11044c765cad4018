// The lines of a text, piece by piece.

import type { ByteSource } from "./bytes.js";

/** Bytes that are read at a time. */
const PIECE = 2 ** 20;

const [NEWLINE, SPACE] = [10, 32];

/**
 * How many lines there are up to the last that has something in it. Looks at bytes, which is many times faster than
 * lines.
 */
export function countLines(source: ByteSource): number {
  let [lines, found] = [0, 0];
  let isBlank = true;
  for (let at = 0; at < source.size; at += PIECE) {
    for (const byte of source.read(at, PIECE)) {
      if (byte > SPACE) isBlank = false;
      else if (byte === NEWLINE) {
        lines++;
        if (!isBlank) found = lines;
        isBlank = true;
      }
    }
  }
  return isBlank ? found : lines + 1;
}

/** The lines, without their ends. */
export function* linesOf(source: ByteSource): Generator<string> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for (let at = 0; at < source.size; at += PIECE) {
    const lines = (rest + decoder.decode(source.read(at, PIECE), { stream: true })).split("\n");
    rest = lines.pop()!;
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutReturn(rest);
}

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);
