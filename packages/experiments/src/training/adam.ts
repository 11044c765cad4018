// Adam as a pure function on trees of jax-js arrays, to be called inside of a jitted step.

import { type Array as JaxArray, numpy as np, tree } from "@jax-js/jax";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Parameters with the running means of their gradients and squared gradients. */
export type AdamState<P> = { params: P; mean: P; square: P };

export function adamStart<P extends object>(params: P): AdamState<P> {
  const zeros = (): P => tree.map((a: JaxArray) => np.zeros(a.shape), params as never) as unknown as P;
  return { params, mean: zeros(), square: zeros() };
}

/**
 * The two numbers of step t (from 0) that hold learning rate and bias correction, to go into the graph as an array of
 * shape [2]:
 *
 *     params -= a * mean / (sqrt(square) + b)     a = rate sqrt(1 - β2^t) / (1 - β1^t),   b = ε sqrt(1 - β2^t)
 */
export function adamFactors(learningRate: number, t: number): Float32Array {
  const correction = Math.sqrt(1 - power(BETA2, t + 1));
  return Float32Array.of((learningRate * correction) / (1 - power(BETA1, t + 1)), EPSILON * correction);
}

/** Engines round powers differently; products they do not. */
function power(base: number, exponent: number): number {
  let [result, square] = [1, base];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/**
 * One update; takes over all three arguments.
 *
 * @see Kingma, Ba: "Adam: a method for stochastic optimization", ICLR 2015, algorithm 1 and the end of section 2.
 */
export function adamStep<P extends object>(state: AdamState<P>, gradient: P, factors: JaxArray): AdamState<P> {
  const map = (f: (...leaves: JaxArray[]) => JaxArray, ...trees: P[]): P =>
    tree.map(f, ...(trees as [never, never])) as unknown as P;
  const mean = map((m, g) => m.mul(BETA1).add(g.mul(1 - BETA1)), state.mean, tree.ref(gradient as never));
  const square = map((s, g) => s.mul(BETA2).add(np.square(g).mul(1 - BETA2)), state.square, gradient);
  const a = factors.ref.slice(0);
  const b = factors.slice(1);
  const params = map(
    (p, m, s) => p.sub(m.mul(a.ref).div(np.sqrt(s).add(b.ref))),
    state.params,
    tree.ref(mean as never),
    tree.ref(square as never),
  );
  a.dispose();
  b.dispose();
  return { params, mean, square };
}
