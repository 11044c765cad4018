// Makes jax-js round alike everywhere. Where an engine has WebAssembly's relaxed multiply-add (Node 21 and later,
// today's browsers) jax-js uses it: one rounding instead of two, or two on a processor without it, so that the last
// bits of a training would depend on the machine. jax-js asks for it once, at its first kernel; it is asked here, and
// told no.

import { numpy as np } from "@jax-js/jax";

let isAsked = false;

/** Has to come before any other use of jax-js in this thread: it has its answer then, and keeps it. */
export function roundAlike(): void {
  if (isAsked) return;
  isAsked = true;
  const { validate } = WebAssembly;
  try {
    WebAssembly.validate = () => false;
    np.ones([2, 2])
      .mul(np.ones([2, 2]))
      .sum()
      .dataSync(); // the first kernel
  } finally {
    WebAssembly.validate = validate;
  }
}
