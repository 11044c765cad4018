// Numbers as people write them and as no reader of ours takes them, and whether two texts are one number.

import { isNumber } from "./cells.js";

/** The marks between groups of three digits: 1,100 and 1 100 and 1'100. */
const GROUPED = /^\d{1,3}(?:[,' \u00a0\u2009\u202f]\d{3})+(?:\.\d+)?$/;
const UNDERSCORED = /^\d+(?:_\d+)+$/;
const HEXADECIMAL = /^0x[\da-f]+(?:\.[\da-f]*)?(?:p[+-]?\d+)?$/i;
const FORTRAN = /^(?:\d+\.?\d*|\.\d+)d[+-]?\d+$/i;
const INFINITE = /^(?:inf|infinity|∞)$/i;

/**
 * Whether a text is a number in a spelling of its own: with a unit of money or a percent sign, thousands apart, another
 * minus sign, other digits, in parentheses, hexadecimal, infinite, or as a text of a spreadsheet (="5").
 */
export function isOtherNumeral(cell: string): boolean {
  const text = cell.trim();
  if (isNumber(text)) return false;
  const digits = text.replace(/\p{Nd}/gu, (digit) => String(digitOf(digit))).replace(/^="(.*)"$/, "$1");
  const bare = digits
    .replace(/^\((.*)\)$/, "$1")
    .replace(/^['\u2019](?=\d)/, "")
    .replace(/^[+\-\u2212\u2013\uff0d]\s*/, "")
    .replace(/^\p{Sc}\s*|\s*(?:\p{Sc}|%|‰|\uff05)$/gu, "")
    .replace(/^[+\-\u2212\u2013]/, "");
  return isNumber(bare) || [GROUPED, UNDERSCORED, HEXADECIMAL, FORTRAN, INFINITE].some((form) => form.test(bare));
}

/** The value of a decimal digit of any script: they stand in tens from zero on. */
function digitOf(digit: string): number {
  const code = digit.codePointAt(0)!;
  if (code < 128) return code - 48;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

const PARTS = /^([+-]?)(\d*)[.,]?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * One text for all spellings of a number ("1", "1.0", "01", "10e-1"), and another for every other number, however many
 * digits they have: as floating-point numbers, 10000000000000000001 and 10000000000000000002 would be one.
 *
 * @param cell A number as `isNumber` or `isCommaNumber` knows it.
 */
export function sameNumber(cell: string): string {
  const [, sign, whole = "", part = "", exponent = "0"] = PARTS.exec(cell.trim())!;
  const digits = (whole + part).replace(/^0+/, "");
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  if (end === 0) return "0";
  const power = BigInt(exponent) - BigInt(part.length) + BigInt(digits.length - end);
  return `${sign === "-" ? "-" : ""}${digits.slice(0, end)}e${power}`;
}
