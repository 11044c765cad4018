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
      `${command}: --encoding must be one that browsers know, for instance latin1, utf-16le or shift_jis, ` +
        `got ${JSON.stringify(encoding)}`,
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
  checkMark(path, source, decoder.encoding);
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
      const at = line + count(text.split("\0")[0]!);
      throw new DataError(`${path}: line ${at}: ${NUL}${adviceOnNul(source, decoder.encoding)}`);
    }
    if (isReturnOpen && text.startsWith("\n")) text = text.slice(1);
    isReturnOpen = text.endsWith("\r");
    if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
    line += count(text);
    yield text;
    if (isLast) return;
  }
}

const NUL = "has a character of number 0, which no table has";

function adviceOnNul(source: ByteSource, encoding: string): string {
  if (encoding.startsWith("utf-16")) return "; save it as UTF-8";
  return `; if it is UTF-16, pass --encoding utf-16${source.read(0, 1)[0] === 0 ? "be" : "le"}`;
}

/** Line ends. */
const count = (text: string): number => text.split("\n").length - 1;

function linesBefore(bytes: Uint8Array, encoding: string): number {
  const text = new TextDecoder(encoding).decode(bytes);
  return count(text.slice(0, text.indexOf("\ufffd")));
}

/** How files of an encoding may begin. */
const MARKS = [
  ["utf-32", [0xff, 0xfe, 0, 0]],
  ["utf-32", [0, 0, 0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-8", [0xef, 0xbb, 0xbf]],
] as const;

/** @throws {DataError} If a file begins with the mark of another encoding than it is read by. */
function checkMark(path: string, source: ByteSource, encoding: string): void {
  const head = source.read(0, 4);
  const [marked] = MARKS.find(([, mark]) => mark.every((byte, i) => head[i] === byte)) ?? [encoding];
  if (marked === "utf-32") throw new DataError(`${path}: is UTF-32, which is not read; save it as UTF-8`);
  if (marked !== encoding) throw new DataError(`${path}: line 1: is not ${encoding}; pass --encoding ${marked}`);
  // Commas and line ends have a zero byte in UTF-16.
  if (encoding.startsWith("utf-16") && source.size > 1 && !source.read(0, PIECE).includes(0))
    throw new DataError(`${path}: line 1: is not ${encoding}; pass another --encoding, or none for UTF-8`);
}

function misread(source: ByteSource, encoding: string): string {
  if (encoding === "utf-8") return "is not UTF-8; pass its encoding, for instance --encoding latin1";
  if (encoding.startsWith("utf-16") && source.size % 2 === 1) return "ends within a character; the file is cut off";
  return `is not ${encoding}; pass another --encoding`;
}
