// Half precision on this side: rounding of the few numbers that go to a device. Knows no arrays.

/** The largest finite float16. */
export const HALF_MAX = 65504;

/** `value` rounded once to float16, ties to even. */
export function roundToHalf(value: number): number {
  const magnitude = Math.abs(value);
  if (!(magnitude > 0 && magnitude < Infinity)) return value;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(magnitude)), -14) - 10);
  const steps = magnitude / unit;
  const below = Math.floor(steps);
  const rest = steps - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = (below + (isUp ? 1 : 0)) * unit;
  return Math.sign(value) * (rounded > HALF_MAX ? Infinity : rounded);
}
