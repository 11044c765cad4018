// Dropout of recurrent weights: one mask a pass, as DropConnect of the matrix.

import { DropoutGRU, DropoutLSTM, DropoutRNN, dropout, key, siteKey, stepKey, weightDrop } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";

const K = key(9);
const [INPUTS, HIDDEN, BATCH, TIME] = [2, 3, 2, 4];
const numbers = (n: number, phase: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => 0.8 * Math.sin(phase + 1.7 * i));
const LAYERS = { RNN: [DropoutRNN, 1], GRU: [DropoutGRU, 3], LSTM: [DropoutLSTM, 4] } as const;
const x = numbers(BATCH * TIME * INPUTS, 0.5);
const shape = [BATCH, TIME, INPUTS];

function make(kind: keyof typeof LAYERS, options: object, recurrentWeights?: Float64Array) {
  const [Layer, gates] = LAYERS[kind];
  return new Layer({
    inputs: INPUTS,
    hidden: HIDDEN,
    weights: numbers(INPUTS * gates * HIDDEN, 0.3),
    recurrentWeights: recurrentWeights ?? numbers(HIDDEN * gates * HIDDEN, 1.1),
    bias: numbers(gates * HIDDEN, 2.2),
    key: K,
    ...options,
  });
}

describe.each(["RNN", "GRU", "LSTM"] as const)("weight drop of %s", (kind) => {
  const dropped = weightDrop({ rate: 0.4 });

  test("is the layer whose recurrent weights went through dropout under the key of the place", () => {
    const layer = make(kind, { dropout: dropped });
    const y = layer.forward(x, { shape });
    const own = siteKey(stepKey(K, 0), "recurrentWeights");
    const weights = dropout(layer.parameters.recurrentWeights as Float64Array, { rate: 0.4, key: own });
    expect(weights.some((w) => w === 0) && weights.some((w) => w !== 0)).toBe(true);
    expect(y).toEqual(make(kind, {}, weights).forward(x, { shape }));
    expect(layer.forward(x, { shape })).not.toEqual(y); // the next step
  });

  test("predicts with all weights, or with keep times them under classic scaling", () => {
    expect(make(kind, { dropout: dropped, mode: "eval" }).forward(x, { shape })).toEqual(
      make(kind, {}).forward(x, { shape }),
    );
    const classic = make(kind, { dropout: dropped, scaling: "classic", mode: "eval" });
    const scaled = (classic.parameters.recurrentWeights as Float64Array).map((w) => w * 0.6);
    const expected = make(kind, {}, scaled).forward(x, { shape });
    classic.forward(x, { shape }).forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 13);
    });
  });

  test("has the gradients of central differences, of weights and input", () => {
    const layer = make(kind, { dropout: dropped });
    const g = numbers(BATCH * TIME * HIDDEN, 3.3);
    const loss = (): number => layer.forward(x, { shape, step: 0 }).reduce((sum, y, i) => sum + y * g[i]!, 0);
    loss();
    const dx = layer.backward(g, { step: 0 });
    const found = layer.gradients.recurrentWeights.slice();
    const W = layer.parameters.recurrentWeights;
    const at = (values: Float64Array): number => {
      W.set(values);
      return loss();
    };
    const start = Float64Array.from(W);
    expect(checkGradient(at, start, found).error).toBeLessThan(1e-7);
    W.set(start);
    const input = (values: Float64Array): number =>
      layer.forward(values, { shape, step: 0 }).reduce((sum, y, i) => sum + y * g[i]!, 0);
    expect(checkGradient(input, x, dx).error).toBeLessThan(1e-7);
  });

  test("is in the state, by what was given", () => {
    const layer = make(kind, { dropout: dropped });
    layer.forward(x, { shape });
    const Layer = LAYERS[kind][0] as { fromState(state: never): ReturnType<typeof make> };
    const again = Layer.fromState(JSON.parse(JSON.stringify(layer.state)) as never);
    expect(again.dropout).toEqual({ recurrentWeights: { rate: 0.4 } });
    expect(again.forward(x, { shape })).toEqual(layer.forward(x, { shape }));
  });
});

test("rate 1 cuts the recurrence, and a wrong rate is an error", () => {
  const layer = make("RNN", { dropout: weightDrop({ rate: 1 }) });
  const y = layer.forward(x, { shape });
  const alone = make("RNN", {}, new Float64Array(9)).forward(x, { shape });
  expect(y).toEqual(alone);
  expect(() => make("LSTM", { dropout: weightDrop({ rate: 2 }) })).toThrow(
    "DropoutLSTM: dropout.recurrentWeights: rate must be in [0, 1], got 2",
  );
});
