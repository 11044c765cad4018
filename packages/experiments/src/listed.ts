// Names and numbers in a sentence.

/**
 * Words as a sentence lists them: "a", "a and b", "a, b and c"; with "or" where one of them is to be chosen.
 *
 * @param words In their order. An empty text without any.
 * @param last What stands before the last one.
 * @example
 * ```ts
 * import { listed } from "@hadamask/experiments/settings";
 * console.log(listed(["none", "gal", "zoneout"])); // none, gal and zoneout
 * console.log(listed([128, 64], "or")); // 128 or 64
 * ```
 */
export const listed = (words: readonly (string | number)[], last: "and" | "or" = "and"): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
