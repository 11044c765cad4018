// What a figure's state is made of, and how it is written into an address. Knows no page and no Vue.

/** One value of a state: where it starts, how it is written, what is accepted. */
export interface Field<T> {
  readonly start: T;
  print(value: T): string;
  /** Undefined where the text is no such value: a hand-made address never breaks a figure. */
  parse(text: string): T | undefined;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type StateOf<F extends Fields> = { [name in keyof F]: F[name] extends Field<infer T> ? T : never };

/** A number in [min, max]; whole ones with `whole`. */
export function numberField(start: number, min: number, max: number, whole = false): Field<number> {
  return {
    start,
    print: (value) => String(Number(value.toPrecision(12))),
    parse(text) {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : undefined;
    },
  };
}

/** One of a few words. */
export function choiceField<const T extends string>(start: T, choices: readonly T[]): Field<T> {
  return { start, print: (value) => value, parse: (text) => choices.find((choice) => choice === text) };
}

/** On or off. */
export function switchField(start: boolean): Field<boolean> {
  return {
    start,
    print: (value) => (value ? "1" : "0"),
    parse: (text) => (text === "1" ? true : text === "0" ? false : undefined),
  };
}

/** A list of numbers in [min, max], with at most `most` of them. */
export function listField(start: readonly number[], min: number, max: number, most = start.length): Field<number[]> {
  const one = numberField(0, min, max);
  return {
    start: [...start],
    print: (values) => values.map((value) => one.print(value)).join("_"),
    parse(text) {
      if (text === "") return start.length === most ? undefined : [];
      const values = text.split("_").map((part) => one.parse(part));
      const isFull = start.length === most && values.length !== most;
      if (isFull || values.length > most || values.includes(undefined)) return undefined;
      return values as number[];
    },
  };
}

/** A text that `accepts` takes, of at most 200 characters. */
export const textField = (start: string, accepts: (text: string) => boolean = () => true): Field<string> => ({
  start,
  print: (text) => text,
  parse: (text) => (text.length <= 200 && accepts(text) ? text : undefined),
});

/** A list of at most `most` names, each of which `isName` takes. */
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

export function startState<F extends Fields>(fields: F): StateOf<F> {
  const entries = Object.entries(fields).map(([name, { start }]) => [name, structuredClone(start)]);
  return Object.fromEntries(entries) as StateOf<F>;
}

/** The state that a query holds for the figure `id`; what it does not hold, or holds wrongly, is at its start. */
export function readState<F extends Fields>(id: string, fields: F, query: string): StateOf<F> {
  const texts = new URLSearchParams(query);
  const state: Record<string, unknown> = startState(fields);
  for (const [name, field] of Object.entries(fields)) {
    const text = texts.get(`${id}.${name}`);
    const value = text === null ? undefined : field.parse(text);
    if (value !== undefined) state[name] = value;
  }
  return state as StateOf<F>;
}

/** The query with the state of the figure `id` in it: only what is not at its start, and whatever else it held. */
export function writeState<F extends Fields>(id: string, fields: F, state: StateOf<F>, query: string): string {
  const texts = new URLSearchParams(query);
  for (const [name, field] of Object.entries(fields)) {
    const text = field.print(state[name]);
    if (text === field.print(field.start)) texts.delete(`${id}.${name}`);
    else texts.set(`${id}.${name}`, text);
  }
  return String(texts) === "" ? "" : `?${texts}`;
}
