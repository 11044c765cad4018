// Activations and their derivatives, softmax and its relatives. Pure functions of numbers.

import { typeError } from "../check.js";

export type Activation = "linear" | "relu" | "tanh" | "sigmoid";

/** 1 / (1 + exp(-z)), without overflow on either side. */
export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/**
 * log(1 + exp(z)), without overflow: the integral of {@link sigmoid} and the log-partition function of a logistic
 * model.
 */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

interface ActivationPair {
  readonly value: (z: number) => number;
  /** At 0, where ReLU has none, 0: the choice of all frameworks. */
  readonly derivative: (z: number) => number;
}

export const ACTIVATIONS: Readonly<Record<Activation, ActivationPair>> = {
  linear: { value: (z) => z, derivative: () => 1 },
  relu: { value: (z) => Math.max(z, 0), derivative: (z) => (z > 0 ? 1 : 0) },
  tanh: { value: Math.tanh, derivative: (z) => 1 - Math.tanh(z) ** 2 },
  sigmoid: { value: sigmoid, derivative: (z) => sigmoid(z) * (1 - sigmoid(z)) },
};

/** Checks the name of an activation. */
export function checkActivation(where: string, activation: unknown): Activation {
  if (typeof activation === "string" && Object.hasOwn(ACTIVATIONS, activation)) return activation as Activation;
  throw typeError(where, "activation", `one of ${Object.keys(ACTIVATIONS).join(", ")}`, activation);
}

/** log(sum of exp(z)), without overflow. */
export function logSumExp(z: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < z.length; i++) largest = Math.max(largest, z[i]!);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < z.length; i++) sum += Math.exp(z[i]! - largest);
  return largest + Math.log(sum);
}

/** exp(z) / sum of exp(z), without overflow. */
export function softmax(z: ArrayLike<number>): Float64Array {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < z.length; i++) largest = Math.max(largest, z[i]!);
  const powers = Float64Array.from({ length: z.length }, (_, i) => Math.exp(z[i]! - largest));
  let sum = 0;
  for (const power of powers) sum += power;
  return powers.map((power) => power / sum);
}
