// Names that look the same and are not: they differ in case, in spaces, in how a letter is composed, or in characters
// that nobody sees.

import { listed } from "@hadamask/experiments/settings";

const UNSEEN = /[\p{Cf}\p{Variation_Selector}]/gu;

/** What is left of a name for the eye. */
const looks = (name: string): string =>
  name.normalize("NFKC").replace(UNSEEN, "").replace(/\s+/g, " ").trim().toLowerCase();

/** Groups that are told. */
const MOST_GROUPS = 3;

/** A sentence for each group of names that look alike: `what` they are, "classes" or "categories of colour". */
export function alikeNotes(what: string, names: readonly string[]): string[] {
  const groups = new Map<string, string[]>();
  for (const name of names) groups.set(looks(name), [...(groups.get(looks(name)) ?? []), name]);
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .slice(0, MOST_GROUPS)
    .map(
      (group) =>
        `${what} ${listed(group.map(spelled))} look alike and are ${group.length}: ` +
        "if they are one, write them alike",
    );
}

/** With every character that is not ASCII by its number, so that the difference is seen. */
const spelled = (name: string): string =>
  JSON.stringify(name.length > 40 ? `${name.slice(0, 40)}…` : name).replace(
    /[^ -~]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
