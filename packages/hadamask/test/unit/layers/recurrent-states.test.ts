// The states of recurrent layers: sequences in pieces, and gradients that go from one piece to the one before.

import { gal } from "hadamask";
import { checkGradient } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { layerOf, near, numbers } from "../../support/recurrent.js";

describe("long sequences in pieces", () => {
  const tied = {
    ...gal({ input: { rate: 0.4 }, recurrent: { rate: 0.4 } }),
    update: { rate: 0.3, per: "sequence" },
  } as const;
  const x = numbers(2 * 6 * 3, 0.5);
  const piece = (from: number, to: number): number[] =>
    [0, 1].flatMap((b) => x.slice((b * 6 + from) * 3, (b * 6 + to) * 3));

  test("the final state of one piece starts the next, with the same tied masks at the same step", () => {
    const whole = layerOf("LSTM", tied);
    whole.forward(x, { shape: [2, 6, 3] });
    const parts = layerOf("LSTM", tied);
    parts.forward(piece(0, 2), { shape: [2, 2, 3], step: 0 });
    parts.forward(piece(2, 6), { shape: [2, 4, 3], step: 0, initial: parts.final! });
    near(parts.final!.h, [...whole.final!.h]);
    near(parts.final!.c, [...whole.final!.c]);
  });

  test("gradients with respect to the initial state, and from the final one, are those of central differences", () => {
    const shape = [2, 6, 3];
    const layer = layerOf("LSTM", { ...tied, cell: { rate: 0.2 }, zoneout: { hidden: 0.2, cell: 0.3 } });
    const start = numbers(8, 0.4);
    const loss = (at: Float64Array): number => {
      layer.forward(x, { shape, step: 1, initial: { h: at.slice(0, 4), c: at.slice(4) } });
      const { h, c } = layer.final!;
      return h.reduce((sum, v, i) => sum + (i + 1) * v, 0) + c.reduce((sum, v, i) => sum + Math.cos(i) * v, 0);
    };
    loss(Float64Array.from(start));
    layer.backward(new Float64Array(24), { final: { h: [1, 2, 3, 4], c: [0, 1, 2, 3].map(Math.cos) } });
    const gradient = [...layer.initialGradient!.h, ...layer.initialGradient!.c];
    expect(checkGradient(loss, start, gradient).error).toBeLessThan(1e-7);
  });
});

describe("the state of one layer goes into the next", () => {
  test.each(["RNN", "GRU", "LSTM"] as const)("of %s: `final` as `initial`, `initialGradient` as `final`", (kind) => {
    const layer = layerOf(kind, {});
    const x = Float64Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const whole = layer.forward(x, { shape: [1, 4, 3] });
    const dx = layer.backward(whole.map((_, i) => i / 7));
    const n = whole.length / 2;
    const first = layer.forward(x.subarray(0, 6), { shape: [1, 2, 3] });
    const state = layer.final!;
    const second = layer.forward(x.subarray(6), { shape: [1, 2, 3], initial: state });
    near([...first, ...second], [...whole]);
    const dSecond = layer.backward(whole.slice(n).map((_, i) => (i + n) / 7));
    const final = layer.initialGradient!;
    layer.forward(x.subarray(0, 6), { shape: [1, 2, 3] });
    const dFirst = layer.backward(
      whole.slice(0, n).map((_, i) => i / 7),
      { final },
    );
    near([...dFirst, ...dSecond], [...dx]);
  });
});
