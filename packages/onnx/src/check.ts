// Argument checks of this package: the one place that words errors. A message reads
// `<function>: <argument> must be <rule>, got <value>[; <what to do>]`. TypeError: wrong kind. RangeError: right
// kind, wrong value.

/** How a value is shown in a message: type and length, never contents. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(shown(value.length > 40 ? `${value.slice(0, 40)}…` : value));
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${(value as { length?: number }).length}`;
  if (typeof value === "object") return value.constructor?.name ?? "object";
  if (typeof value === "function") return "a function";
  return String(value);
}

/** Checks a probability; a value between 2 and 100 is taken for a percentage and the message says so. */
export function checkRate(where: string, value: unknown, name = "rate"): number {
  if (typeof value !== "number")
    throw new TypeError(`${where}: ${name} must be a number in [0, 1], got ${describe(value)}`);
  if (!(value >= 0 && value <= 1)) {
    const advice = value >= 2 && value <= 100 ? `; pass ${value / 100} for ${value} %` : "";
    throw new RangeError(`${where}: ${name} must be in [0, 1], got ${value}${advice}`);
  }
  return value;
}

/** Checks a whole number in [low, high]. */
export function checkCount(where: string, name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== "number")
    throw new TypeError(`${where}: ${name} must be a whole number, got ${describe(value)}`);
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new RangeError(`${where}: ${name} must be a whole number in [${low}, ${high}], got ${value}`);
  }
  return value;
}

/** Checks a key: two 32-bit words. */
export function checkKey(where: string, value: unknown): void {
  const isWord = (word: unknown): boolean =>
    Number.isInteger(word) && (word as number) >= 0 && (word as number) < 2 ** 32;
  if (Array.isArray(value) && value.length === 2 && value.every(isWord)) return;
  throw new TypeError(
    `${where}: key must be a key of two 32-bit words, got ${describe(value)}; make one with key(seed)`,
  );
}

/**
 * A name from a file as a message shows it: control characters, line ends and what turns the direction of writing are
 * written as their numbers, so that no file can steer a terminal or a page.
 */
export const shown = (name: string): string =>
  name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`);

/** "a, b and c", cut after `limit` names. */
export function nameList(names: readonly string[], limit = 8): string {
  const some = names.slice(0, limit).map(shown);
  if (names.length > limit) return `${some.join(", ")} and ${names.length - limit} more`;
  return some.length < 2 ? some.join("") : `${some.slice(0, -1).join(", ")} and ${some.at(-1)}`;
}
