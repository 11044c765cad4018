// Half precision on this side: rounding of the few numbers that go to a device.

import { fromFloat16, toFloat16 } from "../special/half.js";

/** The largest finite float16. */
export const HALF_MAX = 65504;

/** `value` rounded once to float16, ties to even. */
export const roundToHalf = (value: number): number => fromFloat16(toFloat16([value]))[0]!;
