// Logits as the law of a class.

import { type Array as JaxArray, nn, numpy as np } from "@jax-js/jax";
import type { Likelihood } from "./likelihood.js";

/** Mean negative log-likelihood of one-hot `y` under the logits, in nats. */
function meanNll(logits: JaxArray, y: JaxArray): JaxArray {
  return nn.logSoftmax(logits, -1).mul(y).sum(-1).mean().neg();
}

/**
 * One logit a class.
 *
 *     loss         mean over rows of -ln p(class)
 *     divergence   mean over rows of sum of (p - q) (ln p - ln q) / 2
 */
export const categorical = (classes: number): Likelihood => ({
  name: "classes",
  outputs: classes,
  targets: classes,
  loss: meanNll,
  divergence(one, other) {
    const [p, q] = [nn.logSoftmax(one, -1), nn.logSoftmax(other, -1)];
    const gap = np.exp(p.ref).sub(np.exp(q.ref));
    return gap.mul(p.sub(q)).sum(-1).mean().mul(0.5);
  },
});
