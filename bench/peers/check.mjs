// What any dropout must have done, whichever mask it drew.

import assert from "node:assert/strict";

/**
 * Every element is 0 or x / (1 - rate) up to float32 rounding, and as many are kept as `rate` says (8 standard
 * deviations).
 */
export function checkDropped(x, y, rate) {
  assert.equal(y.length, x.length);
  const keep = 1 - rate;
  let kept = 0;
  for (let i = 0; i < x.length; i++) {
    if (y[i] === 0) continue;
    kept++;
    if (!(Math.abs(y[i] * keep - x[i]) <= 4e-7 * x[i])) assert.fail(`element ${i} is ${y[i]}, not ${x[i] / keep}`);
  }
  const distance = Math.abs(kept - x.length * keep);
  assert.ok(
    distance <= 8 * Math.sqrt(x.length * keep * rate),
    `${kept} of ${x.length} elements are kept at rate ${rate}`,
  );
}
