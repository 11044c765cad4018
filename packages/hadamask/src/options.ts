// Options as callers give them: that there are some, and that every name is one that is taken. Knows no layer, and
// not what an option means.

import { describe } from "./check.js";

/** What other libraries call an option, and what it is called here. */
const SYNONYMS: Readonly<Record<string, string>> = {
  p: "rate",
  prob: "rate",
  probability: "rate",
  dropProb: "rate",
  dropoutRate: "rate",
  keepProb: "keep",
  keep_prob: "keep",
  training: "mode",
  train: "mode",
  isTraining: "mode",
  deterministic: "mode",
  seed: "key",
  rng: "key",
  generator: "key",
  inplace: "out",
  noiseShape: "sharedAxes",
  broadcastDims: "sharedAxes",
  batch_first: "shape",
};

/** Checks that `options` is an object; `known` are names that it may have. */
export function checkObject(where: string, options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return;
  const advice =
    options === undefined
      ? `it takes ${known.join(", ")}`
      : `pass { ${typeof options === "number" && known.includes("rate") ? `rate: ${options}` : known[0]} }`;
  throw new TypeError(`${where}: options must be an object, got ${describe(options)}; ${advice}`);
}

/**
 * Checks that `options` is an object, and that `known` has all of its names. An option that is undefined counts as
 * not given.
 */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  checkObject(where, options, known);
  // Not Object.keys and includes, which make an array and a call of every check: a third of a small call's time.
  for (const name in options) {
    if (isKnown(name, known) || (options as Record<string, unknown>)[name] === undefined) continue;
    const meant = nearest(name, known);
    const advice = meant === undefined ? `it takes ${known.join(", ")}` : `did you mean ${meant}?`;
    throw new TypeError(`${where}: unknown option ${JSON.stringify(name)}; ${advice}`);
  }
}

function isKnown(name: string, known: readonly string[]): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] === name) return true;
  return false;
}

/** The known name that `name` was probably meant to be. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const synonym = Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
  if (synonym !== undefined && known.includes(synonym)) return synonym;
  const ranked = known
    .map((candidate) => ({ candidate, edits: editsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return ranked[0]?.candidate;
}

/** How many letters have to be put in, left out, changed or swapped with their neighbour. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) edits = Math.min(edits, before[j - 2]! + 1);
      next.push(edits);
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
