// How badly each class fits a row: the scores that sets of classes are cut from.

/** "lac": one less the probability. "aps", "raps": the probability of all that is likelier, and a part of its own. */
export type ClassScore = "lac" | "aps" | "raps";

export interface ClassScoring {
  readonly score: ClassScore;
  /** RAPS: what each class past the `freeClasses` likeliest adds. */
  readonly penalty: number;
  readonly freeClasses: number;
}

/**
 * Scores of the classes of one row, in `out`. `u` is the part of a class's own probability that counts.
 *
 *     LAC    1 - p[c]
 *     APS    sum of p over the classes likelier than c + u * p[c]
 *     RAPS   that + penalty * max(0, rank of c - freeClasses)          rank 1 is the likeliest
 */
export function scoreClasses(p: Float64Array, { score, penalty, freeClasses }: ClassScoring, u: number): Float64Array {
  if (score === "lac") return p.map((q) => 1 - q);
  const order = Int32Array.from(p.keys()).sort((a, b) => p[b]! - p[a]! || a - b);
  const out = new Float64Array(p.length);
  let likelier = 0;
  order.forEach((c, place) => {
    const extra = score === "raps" ? penalty * Math.max(0, place + 1 - freeClasses) : 0;
    out[c] = likelier + u * p[c]! + extra;
    likelier += p[c]!;
  });
  return out;
}
