// jax-js: bernoulli and where in one jitted function; array and key lie in the engine already, the result is released.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { defaultDevice, jit, numpy as np, random } from "@jax-js/jax";
import { checkDropped } from "./check.mjs";

const entry = createRequire(import.meta.url).resolve("@jax-js/jax");
const { version } = JSON.parse(readFileSync(join(dirname(dirname(entry)), "package.json"), "utf8"));

export const versions = { "@jax-js/jax": version };

export async function open(x, rate) {
  const input = np.array(x);
  const key = random.key(0);
  const dropout = jit((values, k) =>
    np.where(random.bernoulli(k, 1 - rate, [x.length]), values.mul(1 / (1 - rate)), 0),
  );
  const step = async () => {
    const output = dropout(input.ref, key.ref);
    await output.blockUntilReady();
    output.dispose();
  };
  return [
    {
      name: `jax-js ${defaultDevice()}`,
      elements: x.length,
      run: step,
      check: () => checkDropped(x, dropout(input.ref, key.ref).dataSync(), rate),
      close() {
        input.dispose();
        key.dispose();
        dropout.dispose();
      },
    },
  ];
}
