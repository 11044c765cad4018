// jax-js frees what is consumed and nothing else: an array too many at each step would fill its memory.

import { jit, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";
import { key } from "hadamask";
import { dropout, dropoutSites, multiplier } from "hadamask/jax";
import { beforeAll, describe, expect, test } from "vitest";
import { liveBuffers } from "./jax-buffers.js";

let live: () => number;
beforeAll(async () => {
  live = await liveBuffers();
});

/** Runs `work` once to compile what there is to compile, then again: how many buffers are there more than before. */
function leaked(work: (round: number) => void): number {
  work(0);
  const before = live();
  for (let round = 1; round <= 5; round++) work(round);
  return live() - before;
}

describe("nothing leaks", () => {
  test("the counter sees a leak", () => {
    const forgotten: np.Array[] = [];
    expect(leaked((round) => forgotten.push(multiplier([100], { rate: 0.5, key: key(round) })))).toBe(5);
    tree.dispose(forgotten);
  });

  test("from multipliers that are read", () => {
    const work = (round: number): void => {
      multiplier([33, 7], { rate: 0.3, key: key(round) }).js();
      multiplier([33, 7], { rate: 1, key: key(round) }).js();
    };
    expect(leaked(work)).toBe(0);
  });

  test("from sites that are applied in all modes", () => {
    const sites = dropoutSites({ a: { rate: 0.5, shape: [40] }, b: { rate: 0, shape: [40] } }, { key: key(1) });
    const f = jit((x: np.Array, m: ReturnType<typeof sites.eval>) => sites.apply(sites.apply(x, m.a), m.b).sum());
    const work = (round: number): void => {
      f(np.ones([3, 40]), sites.train(round, 3)).js();
      f(np.ones([3, 40]), sites.sample(round, 3)).js();
      f(np.ones([3, 40]), sites.eval()).js();
      const m = sites.train(round, 3);
      sites.apply(sites.apply(np.ones([3, 40]), m.a), m.b).js(); // outside of jit
      tree.dispose(sites.train(round, 3));
    };
    expect(leaked(work)).toBe(0);
  });

  test("from training steps", () => {
    const sites = dropoutSites({ h: { rate: 0.5, shape: [40] } }, { key: key(1) });
    type Masks = ReturnType<typeof sites.eval>;
    const loss = (w: np.Array, x: np.Array, m: Masks) => np.square(sites.apply(np.dot(x, w), m.h)).mean();
    const step = jit((w: np.Array, x: np.Array, m: Masks) => {
      const [value, gradient] = valueAndGrad(loss)(w.ref, x, m);
      return [value, w.sub(gradient.mul(0.1))];
    });
    let w = np.ones([5, 40]);
    const work = (round: number): void => {
      const [value, next] = step(w, np.ones([4, 5]), sites.train(round, 4)) as [np.Array, np.Array];
      value.js();
      w = next;
    };
    expect(leaked(work)).toBe(0);
    w.dispose();
  });

  test("from dropout with a jax-js key, at the ends of the range too", () => {
    for (const rate of [0, 0.5, 1]) {
      const f = jit((x: np.Array, k: np.Array) => dropout(x, k, { rate }));
      const work = (round: number): void => {
        f(np.ones([50]), random.key(round)).js();
        dropout(np.ones([50]), random.key(round), { rate }).js();
      };
      expect(leaked(work)).toBe(0);
    }
  });
});
