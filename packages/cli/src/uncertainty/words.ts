// Numbers as sentences show them.

import { inMinus, significant } from "../page/digits.js";

export const percent = (share: number): string => `${points(share)} %`;

/** Hundredths, for what is a difference of shares. */
export const points = inMinus((share) => String(Number((100 * share).toFixed(2))));

export const digits = significant;

/** "10 % to 20 %" without the first sign. */
export const percents = ([low, high]: readonly [number, number]): string => `${percent(low)} to ${percent(high)}`;
