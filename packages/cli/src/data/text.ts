// The text of a file, piece by piece, in the encoding that it is said to have. Knows no format.

import { UsageError } from "@hadamask/experiments/settings";
import type { ByteSource } from "./byte-source.js";
import { DataError } from "./data-error.js";

/** Bytes that are read at a time. */
const PIECE = 2 ** 20;

/** @throws {UsageError} If there is no encoding of that name. */
export function checkEncoding(command: string, encoding: string | undefined): void {
  try {
    new TextDecoder(encoding);
  } catch {
    throw new UsageError(
      `${command}: --encoding must be one that browsers know, for instance latin1, utf-16le or shift_jis, got ${JSON.stringify(encoding)}`,
    );
  }
}

/**
 * The text, with "\n" at the end of each line, and without a byte order mark.
 *
 * @throws {DataError} With the line, at the first byte that is not of this encoding.
 */
export function* textOf(path: string, source: ByteSource, encoding = "utf-8"): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  let isReturnOpen = false; // the piece before ended in "\r"
  for (let at = 0; ; at += PIECE) {
    const bytes = source.read(at, PIECE);
    const isLast = at + PIECE >= source.size;
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: !isLast });
    } catch {
      throw new DataError(`${path}: line ${line + linesBefore(bytes, encoding)}: ${misread(source, decoder.encoding)}`);
    }
    if (text.includes("\0")) {
      const isBigEndian = source.read(0, 1)[0] === 0;
      throw new DataError(
        `${path}: line ${line + count(text.split("\0")[0]!)}: ${NUL} --encoding utf-16${isBigEndian ? "be" : "le"}`,
      );
    }
    if (isReturnOpen && text.startsWith("\n")) text = text.slice(1);
    isReturnOpen = text.endsWith("\r");
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    line += count(text);
    yield text;
    if (isLast) return;
  }
}

const NUL = "has a character of number 0, which no table has; if it is UTF-16, pass";

/** Line ends. */
const count = (text: string): number => text.split("\n").length - 1;

function linesBefore(bytes: Uint8Array, encoding: string): number {
  const text = new TextDecoder(encoding).decode(bytes);
  return count(text.slice(0, text.indexOf("\ufffd")));
}

function misread(source: ByteSource, encoding: string): string {
  const [first, second] = source.read(0, 2);
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isUtf16) return `is not ${encoding}; pass --encoding ${first === 0xff ? "utf-16le" : "utf-16be"}`;
  return encoding === "utf-8"
    ? "is not UTF-8; pass its encoding, for instance --encoding latin1"
    : `is not ${encoding}; pass another --encoding`;
}
