// What numbers of 32 bits lose of the numbers in a file: they have seven digits, and times, identifiers and large
// counts have more.

/** Numbers that are looked at in a column. */
const LOOKED_AT = 200;

/** A sentence, where different numbers of a column become the same ones. */
function digitsLost(name: string, values: Iterable<number>): string | undefined {
  const [different, kept] = [new Set<number>(), new Set<number>()];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    different.add(value);
    kept.add(Math.fround(value));
    if (different.size === LOOKED_AT) break;
  }
  if (10 * kept.size >= 9 * different.size) return undefined; // a few that are nearly the same do no harm
  return (
    `${name}: ${different.size} different numbers are ${kept.size} as numbers of 32 bits, which have seven digits; ` +
    "subtract what they have in common first"
  );
}

/** The sentences of several columns by their names. */
export const allDigitsLost = (columns: readonly (readonly [string, Iterable<number>])[]): Map<string, string> =>
  new Map(
    columns.flatMap(([name, values]) => {
      const note = digitsLost(name, values);
      return note === undefined ? [] : [[name, note] as const];
    }),
  );
