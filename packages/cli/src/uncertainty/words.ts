// Numbers as sentences show them.

/** With a minus sign that is one. */
const number = (value: number): string => String(value).replace(/^-/, "−");

export const percent = (share: number): string => `${points(share)} %`;

/** Hundredths, for what is a difference of shares. */
export const points = (share: number): string => number(Number((100 * share).toFixed(2)));

export const digits = (value: number): string => number(Number(value.toPrecision(3)));

/** "10 % to 20 %" without the first sign. */
export const percents = ([low, high]: readonly [number, number]): string => `${percent(low)} to ${percent(high)}`;
