// Numbers for readers.

/** At most `digits` significant digits, without trailing zeros; what is 0 but for rounding is 0. */
export const short = (value: number, digits = 4): string =>
  Math.abs(value) < 1e-12 ? "0" : String(Number(value.toPrecision(digits))).replace("-", "−");

/** A share as a percentage: 0.125 is "12.5 %", with a space at which no line breaks. */
export const percent = (share: number, digits = 3): string => `${short(100 * share, digits)}\u00a0%`;

/** A text with formulas in which "-" stands for minus: as a reader knows the sign, and on one line with its terms. */
export const withMinus = (text: string): string => text.replaceAll(" - ", "\u00a0−\u00a0");
