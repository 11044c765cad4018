// The recurrent layers: PyTorch's cells, and what each placement of dropout does over time.

import { DropoutRNN, gal, moon, semeniuta, zaremba, zoneout } from "hadamask";
import { recurrentChain } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { binomialBounds, FALSE_ALARM } from "../../support/bounds.js";
import { K, type Kind, layerOf, near, numbers } from "../../support/recurrent.js";
import vectors from "../../vectors/recurrent.json" with { type: "json" };

describe.each(vectors.cases)("PyTorch's $kind", (row) => {
  const { shape } = vectors;
  const [batch] = shape as [number, number, number];
  const layer = layerOf(row.kind as Kind);
  const h = numbers(batch * vectors.hidden, 1.9);
  const initial = row.kind === "LSTM" ? { h, c: numbers(batch * vectors.hidden, 2.7) } : { h };
  const y = layer.forward(numbers(24, 0.5), { shape, initial });

  test("has the same outputs and final state", () => {
    near(y, row.y);
    if (row.cT) near(layer.final!.c, row.cT);
    near(layer.final!.h, [...row.y.slice(6, 8), ...row.y.slice(14, 16)]);
  });

  test("has the same gradients of input, initial state and parameters", () => {
    near(layer.backward(y.map((_, i) => Math.cos(i))), row.dx);
    near(layer.initialGradient!.h, row.dh0);
    if (row.dc0) near(layer.initialGradient!.c, row.dc0);
    near(layer.gradients.weights, row.weights);
    near(layer.gradients.recurrentWeights, row.recurrentWeights);
    near(layer.gradients.bias, row.bias);
    if (row.recurrentBias) near(layer.gradients.recurrentBias!, row.recurrentBias);
  });
});

describe("the linear chain h_t = m_t h_(t-1)", () => {
  const sequences = 20_000;
  const chain = (per: "step" | "sequence", keep: number, time: number, scaling: "inverted" | "classic") => {
    const layer = new DropoutRNN({
      inputs: 1,
      hidden: 1,
      weights: [0],
      recurrentWeights: [1],
      activation: "linear",
      dropout: { recurrent: { keep, per } },
      scaling,
      key: K,
    });
    const h = new Float64Array(sequences).fill(1);
    layer.forward(new Float64Array(sequences * time), { shape: [sequences, time, 1], initial: { h } });
    return layer.final!.h;
  };

  // In all four cases h_T is 0 or one value, so mean and variance follow from how often it is not 0: exact binomial
  // bounds.
  test.each([
    { per: "step", keep: 0.8, time: 5, mean: 1, variance: 2.0518 },
    { per: "sequence", keep: 0.8, time: 5, mean: 2.4414, variance: 1.4901 },
    { per: "step", keep: 0.5, time: 10, mean: 1, variance: 1023 },
    { per: "sequence", keep: 0.5, time: 10, mean: 512, variance: 262144 },
  ] as const)("a mask each $per, keep $keep, $time steps: mean $mean, variance $variance", (row) => {
    const final = chain(row.per, row.keep, row.time, "inverted");
    const value = row.keep ** -row.time;
    const survived = final.filter((h) => h !== 0);
    for (const h of new Set(survived)) expect(h).toBeCloseTo(value, 9);
    const survives = row.per === "step" ? row.keep ** row.time : row.keep;
    const [low, high] = binomialBounds(sequences, survives, FALSE_ALARM / 4);
    expect(survived.length).toBeGreaterThanOrEqual(low);
    expect(survived.length).toBeLessThanOrEqual(high);
    const moments = recurrentChain(row.time, row.per === "step" ? "fresh" : "tied", { keep: row.keep });
    expect(survives * value).toBeCloseTo(moments.mean, 9);
    expect(moments.mean / row.mean).toBeCloseTo(1, 4);
    expect(moments.variance / row.variance).toBeCloseTo(1, 4);
  });

  test("classic scaling never grows: 0 or 1 in training, keep^T at prediction", () => {
    expect(new Set(chain("sequence", 0.5, 10, "classic"))).toEqual(new Set([0, 1]));
    const layer = new DropoutRNN({
      inputs: 1,
      hidden: 1,
      weights: [0],
      recurrentWeights: [1],
      activation: "linear",
      dropout: { recurrent: { keep: 0.5, per: "sequence" } },
      scaling: "classic",
      mode: "eval",
    });
    near(layer.forward([0, 0, 0], { shape: [1, 3, 1], initial: { h: [1] } }), [0.5, 0.25, 0.125]);
  });
});

describe("placements", () => {
  const shape = [2, 5, 3] as const;
  const x = numbers(30, 0.5);

  test("Zaremba: new masks each step on the input, and a recurrent Jacobian free of masks", () => {
    const layer = new DropoutRNN({
      inputs: 3,
      hidden: 2,
      weights: numbers(6, 0.3),
      recurrentWeights: [0.5, -1, 2, 0.25],
      activation: "linear",
      dropout: zaremba({ rate: 0.5 }),
      key: K,
    });
    layer.forward(x, { shape });
    const { input, recurrent } = layer.masks!;
    expect(recurrent).toBeUndefined();
    const steps = Array.from({ length: 5 }, (_, t) => input!.values.subarray(3 * t, 3 * t + 3).join());
    expect(new Set(steps).size).toBeGreaterThan(1);
    // dh_1 / dh_0 = U', whatever the masks are.
    layer.forward(x.slice(0, 3), { shape: [1, 1, 3] });
    layer.backward([1, 0], { step: 1 });
    near(layer.initialGradient!.h, [0.5, 2]);
    layer.backward([0, 1], { step: 1 });
    near(layer.initialGradient!.h, [-1, 0.25]);
  });

  test("Gal: one mask a sequence, the same at every step, another for every sequence", () => {
    const many = [40, 5, 3];
    const layer = layerOf("LSTM", gal({ input: { rate: 0.5 }, recurrent: { rate: 0.5 } }));
    layer.forward(numbers(600, 0.1), { shape: many });
    const { input, recurrent } = layer.masks!;
    expect(input!.values).toHaveLength(40 * 3);
    expect(recurrent!.values).toHaveLength(40 * 2);
    expect(input!.offset(7, 0, 0)).toBe(input!.offset(7, 4, 3));
    const masks = Array.from({ length: 40 }, (_, b) => input!.values.subarray(3 * b, 3 * b + 3).join());
    expect(new Set(masks).size).toBe(8);
  });

  test("Gal with a mask for each gate: four times as many draws, and gates that differ", () => {
    const layer = layerOf("LSTM", gal({ input: { rate: 0.5 }, recurrent: { rate: 0.5 }, gates: "each" }), 3, 8);
    layer.forward(x, { shape });
    const { recurrent } = layer.masks!;
    expect(recurrent!.values).toHaveLength(2 * 4 * 8);
    const gates = [0, 1, 2, 3].map((g) => {
      const at = recurrent!.offset(0, 3, g);
      return recurrent!.values.subarray(at, at + 8).join();
    });
    expect(new Set(gates).size).toBe(4);
  });

  test("a mask for each gate that happens to be one for all is the shared one", () => {
    const shared = layerOf("GRU", { input: { rate: 0 }, recurrent: { rate: 0, per: "sequence" } });
    const each = layerOf("GRU", gal({ input: { rate: 0 }, recurrent: { rate: 0 }, gates: "each" }));
    expect(each.forward(x, { shape })).toEqual(shared.forward(x, { shape }));
  });

  test("Semeniuta: at rate 1 the memory only fades: c_t = f_t c_(t-1)", () => {
    const layer = layerOf("LSTM", semeniuta({ rate: 1 }), 1, 1);
    layer.forward([0], { shape: [1, 1, 1], initial: { h: [0], c: [2] } });
    const forget = 1 / (1 + Math.exp(-numbers(4, 2.2)[1]!));
    near(layer.final!.c, [2 * forget]);
    layer.forward([0.3, -0.2, 0.9], { shape: [1, 3, 1] });
    near(layer.final!.c, [0]);
  });

  test("Moon: at rate 1 the cell state, and with it every output, is 0", () => {
    const layer = layerOf("LSTM", moon({ rate: 1 }));
    for (const h of layer.forward(x, { shape })) expect(h).toBe(0);
    expect([...layer.final!.c]).toEqual([0, 0, 0, 0]);
  });

  test("Moon: one mask for the sequence on the cell", () => {
    const layer = layerOf("LSTM", moon({ rate: 0.5 }));
    layer.forward(x, { shape });
    expect(layer.masks!.cell!.values).toHaveLength(2 * 2);
  });

  test("zoneout: at rate 1 nothing changes, at rate 0 it is not there, in eval it mixes by its rate", () => {
    const initial = { h: numbers(4, 0.2), c: numbers(4, 0.7) };
    const still = layerOf("LSTM", zoneout({ hidden: 1, cell: 1 }));
    still.forward(x, { shape, initial });
    near(still.final!.h, initial.h);
    near(still.final!.c, initial.c);
    const plain = layerOf("LSTM");
    const none = layerOf("LSTM", zoneout({ hidden: 0, cell: 0 }));
    const y = plain.forward(x, { shape, initial });
    expect(none.forward(x, { shape, initial })).toEqual(y);
    const mixed = layerOf("LSTM", zoneout({ hidden: 0.3 })).eval();
    const first = mixed.forward(x.slice(0, 3), { shape: [1, 1, 3], initial: { h: [0.5, -1], c: [0, 0] } });
    const clean = layerOf("LSTM").forward(x.slice(0, 3), { shape: [1, 1, 3], initial: { h: [0.5, -1], c: [0, 0] } });
    near(first, [0.3 * 0.5 + 0.7 * clean[0]!, -0.3 + 0.7 * clean[1]!]);
  });

  test("zoneout: h is made of the cell before zoneout, as in the paper", () => {
    const initial = { h: [0.1, 0.2], c: [0.5, -0.5] };
    const one = { shape: [1, 1, 3], initial } as const;
    const frozen = layerOf("LSTM", zoneout({ cell: 1 }));
    const y = frozen.forward(x.slice(0, 3), one);
    expect(y).toEqual(layerOf("LSTM").forward(x.slice(0, 3), one));
    near(frozen.final!.c, initial.c);
  });

  test("a dropped NaN in the input does no harm, a kept one does", () => {
    const poisoned = x.with(0, Number.NaN);
    expect(
      layerOf("GRU", zaremba({ rate: 1 }))
        .forward(poisoned, { shape })
        .some(Number.isNaN),
    ).toBe(false);
    expect(
      layerOf("GRU", zaremba({ rate: 0 }))
        .forward(poisoned, { shape })
        .some(Number.isNaN),
    ).toBe(true);
  });
});
