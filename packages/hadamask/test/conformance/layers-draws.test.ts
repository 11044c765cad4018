// What every layer's draws depend on: the rate at the ends of its range, keys, steps, modes, and the ids of samples.

import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "./layers.js";
import { forward, inputs, type LayerRow, upstream } from "./row.js";

describe.each(LAYER_ROWS)("$name", (row) => {
  if (row.hasRate) endsOfTheRange(row);
  if (row.samples !== undefined) sampleIds(row, row.samples);

  test("keys, steps and modes give different draws", () => {
    const outputs = new Set<string>();
    const layer = row.make({ key: key(11) });
    for (let t = 0; t < 16; t++) outputs.add(String(forward(row, layer, inputs(row))));
    expect(outputs.size).toBeGreaterThan(row.decisions === 1 ? 1 : 2);
    const other = row.make({ key: key(12) });
    const sampling = row.make({ key: key(11), mode: "sample" });
    const series = [layer, other, sampling].map((each) =>
      Array.from({ length: 16 }, (_, t) =>
        forward(row, each, inputs(row), each.mode === "train" ? { step: t } : { pass: t }).join(),
      ).join(),
    );
    expect(new Set(series).size).toBe(3);
  });
});

function endsOfTheRange(row: LayerRow): void {
  describe("the ends of the range", () => {
    test("rate 0 is the same at every step: nothing is drawn", () => {
      const layer = row.make({ rate: 0 });
      const evaluated = forward(row, row.make({ rate: 0, mode: "eval" }), inputs(row));
      for (let t = 0; t < 4; t++) expect(forward(row, layer, inputs(row))).toEqual(evaluated);
    });

    test("rate 1 gives the stated limit (zeros if nothing is stated), and finite gradients", () => {
      const layer = row.make({ rate: 1 });
      const expected = row.atRateOne?.(layer) ?? new Float64Array(row.outputs);
      const y = forward(row, layer, inputs(row));
      expect([...y]).toEqual([...Array.from(expected)]);
      const gradients = [layer.backward(upstream(row)), ...Object.values(layer.gradients)];
      for (const gradient of gradients) for (const value of gradient) expect(value).toSatisfy(Number.isFinite);
    });

    if (hasSettableRate(row.make())) laterRates(row);

    test("rates of 1e-12 and 1 - 1e-12 behave as the ends for so few draws", () => {
      const evaluated = forward(row, row.make({ rate: 0, mode: "eval" }), inputs(row));
      const rare = forward(row, row.make({ rate: 1e-12 }), inputs(row));
      rare.forEach((value, i) => {
        expect(Math.abs(value - evaluated[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(evaluated[i]!)));
      });
      const nearOne = row.make({ rate: 1 - 1e-12 });
      for (const value of forward(row, nearOne, inputs(row))) expect(value).toSatisfy(Number.isFinite);
    });
  });
}

/** Whether the rate of a layer may change while it is trained. */
function hasSettableRate(layer: object | null): boolean {
  if (layer === null) return false;
  const rate = Object.getOwnPropertyDescriptor(layer, "rate");
  return rate === undefined ? hasSettableRate(Object.getPrototypeOf(layer)) : rate.set !== undefined;
}

function laterRates(row: LayerRow): void {
  test("a rate that is set after a pass is that of the next, forward and backward, and back again", () => {
    const layer = row.make({ rate: 0.2 });
    for (const rate of [0.2, 0.7, 0.2]) {
      (layer as unknown as { rate: number }).rate = rate;
      const fresh = row.make({ rate });
      for (const step of [0, 5]) {
        expect(forward(row, layer, inputs(row), { step })).toEqual(forward(row, fresh, inputs(row), { step }));
        expect(layer.backward(upstream(row))).toEqual(fresh.backward(upstream(row)));
      }
    }
  });
}

function sampleIds(row: LayerRow, samples: number): void {
  describe("sample ids", () => {
    const ids = Array.from({ length: samples }, (_, b) => 1000 - 7 * b);
    const optionsFor = row.optionsFor ?? (() => ({ ...row.options }));
    const width = row.x.length / samples;
    const outputWidth = row.outputs / samples;
    const rowOf = (array: FloatLike, b: number, length: number) => array.slice(b * length, (b + 1) * length);
    type FloatLike = Float32Array | Float64Array;

    test("the draws of a sample depend on its id, and not on the size or the order of the batch", () => {
      const layer = row.make();
      const whole = layer.forward(inputs(row), { ...optionsFor(samples), step: 0, sampleIds: ids });
      const wholeBack = layer.backward(upstream(row));
      for (let b = 0; b < samples; b++) {
        const alone = layer.forward(rowOf(inputs(row), b, width), { ...optionsFor(1), step: 0, sampleIds: [ids[b]!] });
        expect(alone).toEqual(rowOf(whole, b, outputWidth));
        const back = layer.backward(rowOf(upstream(row), b, outputWidth));
        expect(back).toEqual(rowOf(wholeBack, b, width));
      }
    });

    test("samples differ from one another, and steps too", () => {
      const layer = row.make();
      const batch = 40;
      const x = new Float64Array(batch * width);
      for (let b = 0; b < batch; b++) x.set(rowOf(inputs(row), 0, width), b * width);
      const sampleIds = Array.from({ length: batch }, (_, b) => b);
      const first = layer.forward(x, { ...optionsFor(batch), sampleIds });
      const second = layer.forward(x, { ...optionsFor(batch), sampleIds });
      const distinct = new Set(sampleIds.map((b) => String(rowOf(first, b, outputWidth))));
      expect(distinct.size).toBeGreaterThan(1);
      expect(first).not.toEqual(second);
    });
  });
}
