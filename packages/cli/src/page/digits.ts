// Numbers as a report writes them: a column has the same decimals in every row, so that they compare at a glance.

export type Show = (value: number) => string;

/** With a minus sign that is one. */
export const inMinus =
  (show: Show): Show =>
  (value) =>
    withMinus(show(value));

const withMinus = (text: string): string => text.replace("-", "−");

/** With that many decimals; what they make 0 has no sign. */
export const decimals =
  (count: number): Show =>
  (value) => {
    const text = value.toFixed(count);
    return withMinus(Number(text) === 0 ? text.replace("-", "") : text);
  };

/** With a sign of its own where it is above 0, for differences. */
export const signed =
  (show: Show): Show =>
  (value) =>
    value > 0 && Number(show(value)) !== 0 ? `+${show(value)}` : show(value);

/** Three significant digits, for numbers of any size. */
export const significant: Show = (value) => withMinus(String(Number(value.toPrecision(3))));

export const nats: Show = decimals(4);

/** A share in percent, without the sign. */
export const percent: Show = (share) => decimals(2)(100 * share);
