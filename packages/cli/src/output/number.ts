// Numbers for people.

/** At most six significant digits: enough to follow the arithmetic, without rounding noise. */
export const short = (value: number): string => String(Number(value.toPrecision(6)));

/**
 * {@link short} for results of arithmetic: what is 0 but for rounding is 0, and a value that rounding has put a hair
 * below a half of the last digit is rounded as the half is, so that the text does not depend on the machine.
 */
export const tidy = (value: number): string => (Math.abs(value) < 1e-12 ? "0" : short(value * (1 + 1e-12)));

/** "1 row", "2 rows". */
export const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
