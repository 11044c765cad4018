// What each variant does in a recurrent network, against the library's own layer with the same key at the same step.

import { numpy as np } from "@jax-js/jax";
import {
  DropoutGRU,
  DropoutLSTM,
  gal,
  key,
  moon,
  type RecurrentDropout,
  semeniuta,
  siteKey,
  zaremba,
  zoneout,
} from "hadamask";
import type { RecurrentParameters } from "hadamask/jax";
import { describe, expect, test } from "vitest";
import type { Draws } from "../../src/models/model.js";
import {
  BATCH,
  elementwise,
  INPUT_RATE,
  KEY,
  mostApart,
  multipliersAt,
  onesOf,
  RATE,
  STEP,
  valuesOf,
  withVariant,
} from "../support/variants.js";

describe("the variants of recurrent networks", () => {
  const input = { rate: INPUT_RATE };
  const DROPOUT: Readonly<Record<string, (cell: "gru" | "lstm") => RecurrentDropout>> = {
    zaremba: () => zaremba(input),
    gal: () => gal({ input, recurrent: { rate: RATE } }),
    "gal-gates": () => gal({ input, recurrent: { rate: RATE }, gates: "each" }),
    semeniuta: () => ({ ...zaremba(input), ...semeniuta({ rate: RATE }) }),
    moon: () => ({ ...zaremba(input), ...moon({ rate: RATE }) }),
    zoneout: (cell) => ({ ...zaremba(input), ...zoneout({ hidden: RATE, ...(cell === "lstm" && { cell: RATE }) }) }),
  };
  const cases = (["gru", "lstm"] as const).flatMap((cell) =>
    Object.keys(DROPOUT)
      .filter((name) => name !== "moon" || cell === "lstm")
      .map((name) => [cell, name] as const),
  );
  const x = Float32Array.from({ length: BATCH * 24 }, (_, i) => Math.sin(i * i));

  test.each(cases)(
    "%s %s: the states are those of the library's layer, in training and in prediction",
    (cell, name) => {
      const { model, variant, draws } = withVariant(cell, name);
      const [own] = model.initialWeights(key(1)) as unknown as [RecurrentParameters];
      const numbers = Object.fromEntries(
        Object.entries(own).map(([part, array]) => [part, Array.from(valuesOf(array.ref))]),
      );
      const Layer = { gru: DropoutGRU, lstm: DropoutLSTM }[cell];
      const layer = new Layer({
        ...{ inputs: 4, hidden: 5, dropout: DROPOUT[name]!(cell), key: siteKey(KEY, "recurrent") },
        ...(numbers as { weights: number[]; recurrentWeights: number[]; bias: number[] }),
      });
      const rows = () => np.array(x, { shape: [BATCH, 6, 4] });
      const parameters = () => Object.fromEntries(Object.entries(own).map(([part, array]) => [part, array.ref]));
      const states = (drawn: Draws) => valuesOf(variant.hooks.recurrent!(rows(), parameters() as never, drawn));
      const shape = [BATCH, 6, 4];
      const trained = layer.forward(Float64Array.from(x), { shape, step: STEP });
      expect(mostApart(states(draws), trained)).toBeLessThan(1e-5); // float32 against float64 over six steps
      const predicted = layer.eval().forward(Float64Array.from(x), { shape });
      expect(mostApart(states(variant.eval()), predicted)).toBeLessThan(1e-5);
      expect(mostApart(predicted, trained)).toBeGreaterThan(1e-3);
    },
  );

  test("gal has one mask for all steps, gal-gates one for each gate", () => {
    const shapesOf = (name: string) =>
      Object.fromEntries(Object.entries(withVariant("gru", name).draws).map(([place, draw]) => [place, draw.shape]));
    const state = [BATCH, 5];
    expect(shapesOf("gal")).toEqual({ input: [BATCH, 1, 1, 4], recurrent: [BATCH, 1, 1, 5], state });
    expect(shapesOf("gal-gates")).toEqual({ input: [BATCH, 1, 3, 4], recurrent: [BATCH, 1, 3, 5], state });
    expect(shapesOf("zaremba")).toEqual({ input: [BATCH, 6, 1, 4], state });
    expect(shapesOf("semeniuta")).toEqual({ input: [BATCH, 6, 1, 4], update: [BATCH, 6, 1, 5] });
  });

  test.each(["zaremba", "gal"])("%s drops the last state as Dropout does, to the bit", (name) => {
    const [state] = multipliersAt("gru", name);
    expect(state!.values).toEqual(
      elementwise(siteKey(KEY, "state"), RATE).forward(onesOf(BATCH * 5), { step: STEP, shape: [] }),
    );
  });
});
