// Fields of a state that only the lab has. Knows no page and no Vue.

import type { Field } from "../state/fields.js";

/** A text of at most 200 characters that `accepts` takes. */
export const textField = (start: string, accepts: (text: string) => boolean = () => true): Field<string> => ({
  start,
  print: (text) => text,
  parse: (text) => (text.length <= 200 && accepts(text) ? text : undefined),
});

/** A list of names, each of which `isName` takes. */
export const namesField = (
  start: readonly string[],
  isName: (name: string) => boolean,
  most: number,
): Field<readonly string[]> => ({
  start,
  print: (names) => names.join("_"),
  parse(text) {
    const names = text.split("_");
    return names.length <= most && names.every(isName) ? names : undefined;
  },
});
