// The faults that scripts/mutants.mjs puts in, and where.

import { SOURCES } from "./mutants-sources.mjs";

/**
 * In `file` of a package, `from` (which stands there once) becomes `to`. One of these tests has to fail then; where
 * none are given, the file is a built one, and `hadamask verify` has to fail.
 *
 * @typedef {{ name: string, file: string, from: string | RegExp, to: string, tests?: readonly string[] }} Mutant
 */

/** @type {readonly Mutant[]} */
const BUILT = [
  {
    name: "stream: word 2k + 1 gives the bits of word 2k",
    file: "hadamask/dist/noise/bernoulli.js",
    from: "drawMask(out, n, keep, key, offset);\n    return out;",
    to:
      "drawMask(out, n, keep, key, offset);\n    for (let w = 1; w < words; w += 2) out[w] = out[w - 1];\n    " +
      "return out;",
  },
  {
    name: "stream: bit j of a word repeats bit j + 16",
    file: "hadamask/dist/noise/bernoulli.js",
    from: "drawMask(out, n, keep, key, offset);\n    return out;",
    to:
      "drawMask(out, n, keep, key, offset);\n    for (let w = 0; w < words; w++) out[w] = (out[w] & 0xffff0000) " +
      "| (out[w] >>> 16);\n    return out;",
  },
  {
    name: "steps: every step has the mask of step 0",
    file: "hadamask/dist/random/derive.js",
    from: "export function deriveKey(key, tag, d) {",
    to: "export function deriveKey(key, tag, d) {\n    d = 0;",
  },
  {
    name: "keys: foldIn ignores its number",
    file: "hadamask/dist/random/key.js",
    from: /export function foldIn\((\w+), (\w+)\) \{/,
    to: "export function foldIn($1, $2) {\n    $2 = 0;",
  },
  {
    name: "log-uniform KL halved",
    file: "hadamask/dist/noise/log-uniform.js",
    from: "return alpha <= SMALL_ALPHA ? expansion(logAlpha, alpha) : series(1 / (2 * alpha));",
    to: "return 0.5 * (alpha <= SMALL_ALPHA ? expansion(logAlpha, alpha) : series(1 / (2 * alpha)));",
  },
  {
    name: "zoneout keeps where it should drop",
    file: "hadamask/dist/layers/recurrent/variants.js",
    from: "return { zoneout: rates };",
    to: "return { zoneout: { ...rates, hidden: 1 - (rates.hidden ?? 0) } };",
  },
  {
    name: "kept elements are not scaled",
    file: "hadamask/dist/layers/dropout.js",
    from: 'scaling === "inverted" ? round(1 / keep) : 1, start',
    to: "1, start",
  },
  {
    name: "the gradient is that of another mask",
    file: "hadamask/dist/layers/dropout.js",
    from: /export function dropoutBackward\((\w+), (\w+)\) \{/,
    to:
      "export function dropoutBackward($1, $2) {\n    if ($2.key !== undefined) $2 = { ...$2, key: [$2.key[0], " +
      "$2.key[1] ^ 1] };",
  },
];

/** @type {readonly Mutant[]} */
export const MUTANTS = [...BUILT, ...SOURCES];

/**
 * How often the place of a mutant stands in the text of its file.
 *
 * @param {Mutant} mutant
 * @param {string} text
 */
export const timesIn = ({ from }, text) =>
  typeof from === "string" ? text.split(from).length - 1 : [...text.matchAll(new RegExp(from, "g"))].length;
