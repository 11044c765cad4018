// Which claims are asked for.

import { UsageError } from "@hadamask/experiments/settings";
import type { Claim } from "./row.js";

/**
 * The claims that any of the given words names: a source (`003`, `across`, `references`), a group (`S3`, `E-003`,
 * `E-X`) or a row (`S3-15`, `E-003-17`), upper or lower case. All of them without a word.
 *
 * @throws {UsageError} If a word names nothing.
 */
export function select(claims: readonly Claim[], words: readonly string[]): readonly Claim[] {
  if (words.length === 0) return claims;
  const isNamed = (claim: Claim, word: string) =>
    claim.source === word.toLowerCase() || isGroup(claim.id, word.toUpperCase());
  for (const word of words) {
    if (!claims.some((claim) => isNamed(claim, word))) {
      throw new UsageError(
        `verify: --only must be a source (000 to 004, across, references), a group (S3, E-003) or a row ` +
          `(S3-15, E-003-17), got ${JSON.stringify(word)}`,
      );
    }
  }
  return claims.filter((claim) => words.some((word) => isNamed(claim, word)));
}

/** Whole parts only: `S3-1` is not a group of `S3-15`; `E-X` is one of `E-X1`. */
function isGroup(id: string, word: string): boolean {
  if (!id.startsWith(word)) return false;
  return id.length === word.length || id[word.length] === "-" || word === "E-X";
}
