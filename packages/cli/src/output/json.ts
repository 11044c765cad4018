// Results as JSON. Numbers that JSON has not (NaN and infinities) are strings: JSON.stringify would make them null, and
// say nothing.

/** The text of `value`; `space` indents it. */
export const jsonText = (value: unknown, space?: number): string => JSON.stringify(value, finiteOrText, space);

const finiteOrText = (_: string, value: unknown): unknown => {
  if (typeof value === "bigint") return String(value);
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};

/**
 * Why fields of an object are null or left out, to stand beside them as `absent`; nothing where all are there.
 *
 * @param reasons By field, for those that can be missing.
 */
export function absent<T extends object>(
  value: T,
  reasons: Partial<Record<keyof T, string>>,
): { readonly absent?: Readonly<Record<string, string>> } {
  const missing = Object.entries(reasons).filter(([name]) => isMissing(value[name as keyof T]));
  return missing.length === 0 ? {} : { absent: Object.fromEntries(missing) as Record<string, string> };
}

const isMissing = (value: unknown): boolean => value === null || value === undefined || Number.isNaN(value);
