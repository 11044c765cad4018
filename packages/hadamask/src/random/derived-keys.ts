// The keys that layers derive for themselves, for code that has to draw the same masks without a layer.

import { checkIndex, checkKey, typeError } from "../check.js";
import type { Key } from "../types.js";
import { deriveKey, deriveSiteKey, TAG } from "./derive.js";

/**
 * The key that a layer with this key draws under in pass `pass` of mode "sample".
 *
 * @throws {TypeError | RangeError} If `pass` is not a whole number in [0, 2^53), or `key` is not a key.
 * @example
 * ```ts
 * import { Dropout, dropout, key, passKey } from "hadamask";
 * const x = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
 * const layer = new Dropout({ rate: 0.5, key: key(42), mode: "sample" });
 * const same = dropout(x, { rate: 0.5, key: passKey(key(42), 3) });
 * console.log(String(layer.forward(x, { pass: 3 })) === String(same)); // true
 * ```
 */
export function passKey(key: Key, pass: number): Key {
  return deriveKey(checkKey("passKey", key), TAG.pass, checkIndex("passKey", "pass", pass));
}

/**
 * The key that a layer with this key draws under in training step `step`.
 *
 * @throws {TypeError | RangeError} If `step` is not a whole number in [0, 2^53), or `key` is not a key.
 * @example
 * ```ts
 * import { Dropout, dropout, key, stepKey } from "hadamask";
 * const x = new Float32Array([1, 2, 3, 4, 5, 6, 7, 8]);
 * const layer = new Dropout({ rate: 0.5, key: key(42) });
 * const same = dropout(x, { rate: 0.5, key: stepKey(key(42), 3) });
 * console.log(String(layer.forward(x, { step: 3 })) === String(same)); // true
 * ```
 */
export function stepKey(key: Key, step: number): Key {
  return deriveKey(checkKey("stepKey", key), TAG.step, checkIndex("stepKey", "step", step));
}

/**
 * The key that the row with id `sampleId` of a batch draws under, where rows draw by id: whatever the rest of the
 * batch is.
 *
 * @param key The key of the pass or the training step.
 * @throws {TypeError | RangeError} If `sampleId` is not a whole number in [0, 2^53), or `key` is not a key.
 * @example
 * ```ts
 * import { dropout, key, sampleKey } from "hadamask";
 * const batch = dropout([1, 1, 1, 1, 1, 1, 1, 1], { rate: 0.5, key: key(1), sampleIds: [7, 5] });
 * const row = dropout([1, 1, 1, 1], { rate: 0.5, key: sampleKey(key(1), 5) });
 * console.log(String(batch.slice(4)) === String(row)); // true
 * ```
 */
export function sampleKey(key: Key, sampleId: number): Key {
  return deriveKey(checkKey("sampleKey", key), TAG.sampleId, checkIndex("sampleKey", "sampleId", sampleId));
}

/**
 * The key of a place in a network that has a name. It depends on the name alone: other places may come and go.
 *
 * @throws {TypeError} If `name` is not a text, or `key` is not a key.
 * @example
 * ```ts
 * import { Dropout, key, siteKey } from "hadamask";
 * const hidden = new Dropout({ rate: 0.5, key: siteKey(key(42), "hidden") });
 * console.log(String(hidden.key) === String(siteKey(key(42), "hidden"))); // true
 * ```
 */
export function siteKey(key: Key, name: string): Key {
  if (typeof name !== "string") throw typeError("siteKey", "name", "a text", name);
  return deriveSiteKey(checkKey("siteKey", key), name);
}
