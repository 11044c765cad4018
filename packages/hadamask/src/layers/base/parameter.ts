// Learned parameters, as options and states give them.

import { checkFinite, checkLength, toFloatArray } from "../../check.js";
import type { FloatInput } from "../../types.js";

/** A parameter in float64: a copy of `values`, which must be finite, or `n` times `initial`. */
export function parameterOf(
  where: string,
  name: string,
  values: FloatInput | undefined,
  n: number,
  initial: number,
): Float64Array {
  if (values === undefined) return new Float64Array(n).fill(initial);
  const given = toFloatArray(where, name, values);
  checkLength(where, name, given.length, n, n === 1 ? "(one for all)" : "(one each)");
  given.forEach((value, i) => {
    checkFinite(where, `${name}[${i}]`, value);
  });
  return Float64Array.from(given);
}
