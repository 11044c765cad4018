// Numbers as sentences show them.

export const percent = (share: number): string => `${Number((100 * share).toFixed(2))} %`;

export const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** "10 % to 20 %" without the first sign. */
export const percents = ([low, high]: readonly [number, number]): string => `${percent(low)} to ${percent(high)}`;
