// Where in a longer draw some decisions lie: for masks that were cut out of the middle. Knows bits, and no stream.

import type { PackedMask } from "../types.js";

/** Decisions that are looked for at first; where they fit, all are compared. */
const FIRST = 1024;

/**
 * The places in [0, before] at which a draw goes on as the `n` decisions of `wanted` do.
 *
 * @param draw The first so many decisions of the draw.
 */
export function placesIn(draw: (n: number) => PackedMask, wanted: PackedMask, n: number, before: number): number[] {
  const first = Math.min(n, FIRST);
  const places = placesOf(draw(before + first), wanted, first, before);
  if (first === n || places.length === 0) return places;
  const whole = draw(places.at(-1)! + n);
  return places.filter((place) => isAt(whole, place, wanted, n));
}

function placesOf(drawn: PackedMask, wanted: PackedMask, n: number, before: number): number[] {
  const places: number[] = [];
  for (let place = 0; place <= before; place++) {
    if (wordAt(drawn, place) === wanted[0]! && isAt(drawn, place, wanted, n)) places.push(place);
  }
  return places;
}

function isAt(drawn: PackedMask, place: number, wanted: PackedMask, n: number): boolean {
  for (let w = 0; w * 32 < n; w++) {
    const others = wordAt(drawn, place + 32 * w) ^ wanted[w]!;
    const rest = n - 32 * w;
    if ((rest < 32 ? others & (2 ** rest - 1) : others) !== 0) return false;
  }
  return true;
}

/** 32 decisions from a place on. */
function wordAt(drawn: PackedMask, place: number): number {
  const [w, shift] = [place >>> 5, place & 31];
  if (shift === 0) return drawn[w]!;
  return ((drawn[w]! >>> shift) | ((drawn[w + 1] ?? 0) << (32 - shift))) >>> 0;
}

/**
 * How many of `trials` places agree with these decisions by chance:
 *
 *     trials * keep^kept * (1 - keep)^dropped
 */
export function byChance(bits: ArrayLike<number | boolean>, keep: number, trials: number): number {
  let kept = 0;
  for (let i = 0; i < bits.length; i++) if (bits[i]) kept++;
  // At keep 0 and 1 all masks are alike.
  if (keep === 0 || keep === 1) return trials;
  return trials * Math.exp(kept * Math.log(keep) + (bits.length - kept) * Math.log1p(-keep));
}
