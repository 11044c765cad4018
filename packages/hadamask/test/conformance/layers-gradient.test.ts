// The gradients of every layer: central differences of a loss with the draws frozen, for the input and for every
// learned parameter.

import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "./layers.js";
import type { AnyLayer, ForwardOptions, LayerRow } from "./row.js";

/** A loss that is not linear in the output: sum of c_i y_i + y_i^2 / 2, with its gradient c_i + y_i. */
const slope = (i: number): number => 0.3 + Math.sin(1 + i);
const loss = (y: ArrayLike<number>): number =>
  Array.from(y).reduce((sum, value, i) => sum + slope(i) * value + value ** 2 / 2, 0);
const lossGradient = (y: ArrayLike<number>): Float64Array => Float64Array.from(y, (value, i) => slope(i) + value);

const PENALTY_WEIGHT = 0.7;

/** Loss and its gradients at one frozen pass. */
function lossAt(row: LayerRow, layer: AnyLayer, x: Float64Array, options: ForwardOptions): number {
  return loss(layer.forward(x, { ...row.options, ...options })) + PENALTY_WEIGHT * layer.penalty();
}

const passes = [
  { mode: "train", options: { step: 3 } },
  { mode: "sample", options: { pass: 5 } },
  { mode: "eval", options: {} },
] as const;

describe.each(LAYER_ROWS)("$name", (row) => {
  test.each(passes)("in mode $mode the gradients are those of central differences", ({ mode, options }) => {
    const layer = row.make({ mode });
    const x = Float64Array.from(row.x);
    const y = layer.forward(x, { ...row.options, ...options });
    const dx = layer.backward(lossGradient(y), { penaltyWeight: PENALTY_WEIGHT });
    const gradients = structuredClone(layer.gradients);
    expect(Object.keys(gradients)).toEqual(Object.keys(layer.parameters));

    const ofInput = checkGradient((at) => lossAt(row, layer, at, options), x, dx);
    expect(ofInput.error).toBeLessThan(1e-7);
    for (const [name, values] of Object.entries(layer.parameters)) {
      const start = Float64Array.from(values);
      const lossOf = (at: Float64Array): number => {
        values.set(at);
        return lossAt(row, layer, x, options);
      };
      const check = checkGradient(lossOf, start, gradients[name]!);
      values.set(start);
      expect(check.error, `parameter ${name}, component ${check.at}`).toBeLessThan(1e-7);
    }
  });

  test("backward goes through the last forward, whatever the mode is by then, and as often as asked", () => {
    const layer = row.make();
    const x = Float64Array.from(row.x);
    const y = layer.forward(x, { ...row.options, step: 2 });
    const dx = layer.backward(lossGradient(y));
    layer.eval();
    expect(layer.backward(lossGradient(y))).toEqual(dx);
    const evaluated = layer.forward(x, row.options);
    const straight = layer.backward(lossGradient(evaluated));
    layer.train();
    expect(layer.backward(lossGradient(evaluated))).toEqual(straight);
    layer.forward(x, { ...row.options, step: 2 });
    expect(layer.backward(lossGradient(y))).toEqual(dx);
  });

  test("changing x after forward does not change the gradient", () => {
    const layer = row.make();
    const x = Float64Array.from(row.x);
    const y = layer.forward(x, { ...row.options, step: 2 });
    const dx = layer.backward(lossGradient(y));
    const gradients = structuredClone(layer.gradients);
    x.fill(99);
    expect(layer.backward(lossGradient(y))).toEqual(dx);
    expect(structuredClone(layer.gradients)).toEqual(gradients);
  });
});
