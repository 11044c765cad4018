// A race: what it is over, and its outcome in words, as a table and as a text to send. Knows no page.

import { short } from "../../figure/numbers.js";
import type { Presented } from "../../figure/table.js";
import { choiceField, numberField, type StateOf, switchField } from "../../state/fields.js";
import { CODE, type Lap } from "./runners.js";
import type { Wording } from "./words.js";

/** Elements of an array, as the state names them. */
export const SIZES = { "64k": 65_536, "1M": 1_048_576, "4M": 4_194_304 } as const;

export const FIELDS = {
  rate: numberField(0.5, 0.01, 0.99),
  size: choiceField("1M", ["64k", "1M", "4M"]),
  rounds: numberField(15, 5, 51, true),
  tfjs: switchField(false),
};

export type State = StateOf<typeof FIELDS>;

const ns = (value: number): string => short(value, 3);

export function presentRace(laps: readonly Lap[], state: State, words: Wording): Presented {
  const columns = words.columns;
  if (laps.length === 0) return { summary: words.nothing, table: { columns, rows: [] } };
  const find = (runner: Lap["runner"]): Lap => laps.find((lap) => lap.runner === runner)!;
  const [ours, random] = [find("ours"), find("random")];
  const rivals = laps.filter(({ runner }) => runner.startsWith("tfjs"));
  const facts = [
    words.ours({ ns: ns(ours.ns), ratio: short(ours.ratio, 2) }),
    words.beside({ name: words.runners.random, times: short(random.ns / ours.ns, 2) }),
    ...rivals.map((rival) => words.beside({ name: words.runners[rival.runner], times: short(rival.ns / ours.ns, 2) })),
  ];
  return {
    summary: words.summary({ rate: short(state.rate), elements: SIZES[state.size], facts }),
    table: {
      columns,
      rows: laps.map((lap) => [words.runners[lap.runner], lap.ns, ...lap.quartiles, lap.ratio, CODE[lap.runner]]),
    },
  };
}

/** The outcome as lines of text. */
export function textOf(laps: readonly Lap[], state: State, words: Wording, machine: string): string {
  const width = Math.max(...laps.map(({ runner }) => words.runners[runner].length));
  return [
    words.head({ rate: short(state.rate), elements: SIZES[state.size], rounds: state.rounds }),
    machine,
    ...laps.map(({ runner, ns: median, quartiles: [low, high], ratio }) => {
      const name = words.runners[runner].padEnd(width);
      return `${name}  ${ns(median).padStart(6)} (${ns(low)}–${ns(high)}), ${short(ratio, 3)} ×`;
    }),
    "",
  ].join("\n");
}

/** The axis of the bars: powers of ten around all laps. */
export function axisOf(laps: readonly Lap[]): { readonly min: number; readonly max: number; readonly ticks: number[] } {
  const values = laps.flatMap(({ ns: median, quartiles }) => [median, ...quartiles]);
  const low = Math.floor(Math.log10(Math.min(0.9, ...values)));
  const high = Math.ceil(Math.log10(Math.max(10, ...values)));
  return {
    min: 10 ** low,
    max: 10 ** high,
    ticks: Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i)),
  };
}
