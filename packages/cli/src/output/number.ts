// Numbers for people.

/** At most six significant digits: enough to follow the arithmetic, without rounding noise. */
export const short = (value: number): string => String(Number(value.toPrecision(6)));
