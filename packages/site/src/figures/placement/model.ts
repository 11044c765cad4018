// Where to put dropout: a network as a list that can be edited, and what lint says of it.

import { type Finding, lint, type NetworkItem } from "hadamask";
import type { Presented } from "../../figure/table.js";
import type { Field, StateOf } from "../../state/fields.js";
import { KINDS, type Letter } from "./letters.js";
import type { Wording } from "./words.js";

/** One layer: its letter, and its rate in percent where it drops. */
export interface Item {
  readonly letter: Letter;
  readonly percent: number;
}

export const hasRate = (letter: Letter): boolean => ["o", "k", "a", "g"].includes(letter);
export const MOST_ITEMS = 10;

/** "d.o50.b": letters with their rates. */
const networkField: Field<readonly Item[]> = {
  start: [
    { letter: "o", percent: 50 },
    { letter: "c", percent: 0 },
    { letter: "r", percent: 0 },
    { letter: "o", percent: 50 },
    { letter: "b", percent: 0 },
    { letter: "d", percent: 0 },
  ],
  print: (items) => items.map(({ letter, percent }) => letter + (hasRate(letter) ? percent : "")).join("."),
  parse(text) {
    if (text === "") return [];
    const items = text.split(".").map((part) => {
      const match = /^([a-z])(\d{0,3})$/.exec(part);
      const letter = match?.[1] as Letter | undefined;
      const percent = Number(match?.[2] || 0);
      return letter !== undefined && letter in KINDS && percent <= 100 ? { letter, percent } : undefined;
    });
    return items.length <= MOST_ITEMS && !items.includes(undefined) ? (items as Item[]) : undefined;
  },
};

export const FIELDS = { network: networkField };
export type State = StateOf<typeof FIELDS>;

/** The network as lint reads it. */
export function describe({ network }: State): readonly NetworkItem[] {
  return network.map(({ letter, percent }): NetworkItem => {
    const rate = percent / 100;
    if (letter === "o") return { layer: "Dropout", rate, scaling: "inverted" };
    if (letter === "k") return { layer: "Dropout", rate, scaling: "classic" };
    if (letter === "a") return { layer: "AlphaDropout", rate };
    if (letter === "g") return { layer: "GRU", dropout: { recurrent: { rate, per: "sequence" } }, time: 10 };
    return { layer: KINDS[letter] };
  });
}

export const findings = (state: State): readonly Finding[] => lint(describe(state));

/** The network as a line of code. */
export function code(state: State): string {
  const items = describe(state).map(({ layer, rate, scaling, dropout }) => {
    if (dropout !== undefined) {
      const { recurrent } = dropout as { recurrent: { rate: number } };
      return `  { layer: "GRU", dropout: { recurrent: { rate: ${recurrent.rate}, per: "sequence" } }, time: 10 },`;
    }
    const parts = [`layer: "${layer}"`];
    if (rate !== undefined) parts.push(`rate: ${rate}`);
    if (scaling !== undefined) parts.push(`scaling: "${scaling}"`);
    return `  { ${parts.join(", ")} },`;
  });
  return `lint([\n${items.join("\n")}\n]);`;
}

export function present(state: State, words: Wording): Presented {
  const found = findings(state);
  return {
    summary: words.summary(found.length),
    table: {
      columns: words.columns,
      rows: found.map(({ rule, severity, at, message }) => [rule, words.severities[severity], at.join(" "), message]),
    },
  };
}
