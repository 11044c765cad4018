// The last result of a function of a state: a figure's picture, its sentence and its exercises ask for the same one.

/**
 * `compute`, which gives its last result again for the same values.
 *
 * @param keyOf What the result depends on; compared one by one.
 */
export function remembered<Args extends readonly unknown[], Result>(
  keyOf: (...args: Args) => readonly unknown[],
  compute: (...args: Args) => Result,
): (...args: Args) => Result {
  let last: { readonly key: readonly unknown[]; readonly result: Result } | undefined;
  return (...args) => {
    const key = keyOf(...args);
    if (last === undefined || key.length !== last.key.length || key.some((value, i) => value !== last!.key[i]))
      last = { key, result: compute(...args) };
    return last.result;
  };
}
