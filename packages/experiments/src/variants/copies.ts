// Several copies of each row, with masks of their own, as two methods of training use them.

import { type Array as JaxArray, numpy as np } from "@jax-js/jax";

/** `count` copies of a batch, one after the other. */
export function copies(batch: JaxArray, count: number): JaxArray {
  const all = np.concatenate(
    Array.from({ length: count }, () => batch.ref),
    0,
  );
  batch.dispose();
  return all;
}
