// What every layer does with arrays: their types, `out`, work in place, empty ones, and what stands at dropped places.

import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "./layers.js";
import { forward, inputs, type LayerRow, upstream } from "./row.js";

describe.each(LAYER_ROWS)("$name", (row) => {
  describe("arrays", () => {
    test("float32 in gives float32 out, near the float64 result; an array of numbers gives float64", () => {
      const layer = row.make();
      const y64 = forward(row, layer, inputs(row), { step: 0 });
      const dx64 = layer.backward(upstream(row));
      const y32 = forward(row, layer, Float32Array.from(row.x), { step: 0 });
      const dx32 = layer.backward(Float32Array.from(upstream(row)));
      expect(y64).toBeInstanceOf(Float64Array);
      expect(y32).toBeInstanceOf(Float32Array);
      expect(dx32).toBeInstanceOf(Float32Array);
      // Inputs are exact in float32; the scale and the result are rounded once each, sums a few times more.
      const near = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
        const size = Math.max(...Array.from(a, Math.abs));
        for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThanOrEqual(size * 2 ** -20);
      };
      near(y64, y32);
      near(dx64, dx32);
      expect(layer.forward([...row.x], { ...row.options, step: 0 })).toEqual(y64);
    });

    test("writes to out, to all of it and nothing beside it, and leaves the input alone", () => {
      const layer = row.make();
      const y = forward(row, layer, inputs(row), { step: 0 });
      const dx = layer.backward(upstream(row));
      const around = new Float64Array(row.outputs + 2).fill(777);
      const out = around.subarray(1, -1);
      const x = inputs(row);
      expect(forward(row, layer, x, { step: 0, out })).toBe(out);
      expect(out).toEqual(y);
      expect([around[0], around.at(-1)]).toEqual([777, 777]);
      expect(x).toEqual(inputs(row));
      const dy = upstream(row);
      const back = new Float64Array(row.x.length + 2).fill(777);
      layer.backward(dy, { out: back.subarray(1, -1) });
      expect(back.subarray(1, -1)).toEqual(dx);
      expect([back[0], back.at(-1)]).toEqual([777, 777]);
      expect(dy).toEqual(upstream(row));
    });

    if (row.notInPlace !== undefined) test.skip(`works in place: not here, ${row.notInPlace}`);
    else inPlace(row);

    test("an empty input gives an empty output and an empty gradient", () => {
      for (const mode of ["train", "sample", "eval"] as const) {
        const layer = row.make({ mode });
        expect(layer.forward(new Float32Array(0), row.emptyOptions)).toEqual(new Float32Array(0));
        expect(layer.backward(new Float32Array(0))).toEqual(new Float32Array(0));
      }
    });

    test("a new output shares no memory with the input", () => {
      const layer = row.make({ mode: "eval" });
      const x = inputs(row);
      expect(forward(row, layer, x).buffer).not.toBe(x.buffer);
    });
  });

  test("what it hands out of a pass is a copy: writing to it changes neither the gradient nor what comes next", () => {
    const layer = row.make();
    forward(row, layer, inputs(row), { step: 0 });
    const dx = layer.backward(upstream(row));
    const handedOut = () => Object.fromEntries(HANDED_OUT.map((name) => [name, (layer as never)[name]]));
    const before = structuredClone(handedOut());
    overwrite(handedOut());
    expect(layer.backward(upstream(row))).toEqual(dx);
    expect(structuredClone(handedOut())).toEqual(before);
  });

  if (row.decisions !== undefined) {
    droppedPlaces(row);
    givenMasks(row, row.decisions);
  }
});

/** What layers tell of their last pass, where they have it. */
const HANDED_OUT = ["mask", "masks", "final"] as const;

/** Fills all arrays that are found in a value. */
function overwrite(value: unknown): void {
  if (ArrayBuffer.isView(value)) (value as Float64Array | Uint32Array).fill(7);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(overwrite);
}

function givenMasks(row: LayerRow, decisions: number): void {
  test("a mask by hand is copied: it stays as it is, and may be written to before the way back", () => {
    const layer = row.make();
    const mask = new Uint32Array(Math.ceil(decisions / 32));
    mask[0] = 0b1; // one decision is to keep
    const given = mask.slice();
    forward(row, layer, inputs(row), { mask });
    const dx = layer.backward(upstream(row));
    expect(mask).toEqual(given);
    mask[0] = 0b10;
    overwrite((layer as { mask?: Uint32Array }).mask);
    expect(layer.backward(upstream(row))).toEqual(dx);
    if ("mask" in layer) expect(layer.mask).toEqual(given);
  });
}

function inPlace(row: LayerRow): void {
  test("works in place, forward and backward", () => {
    const layer = row.make();
    const y = forward(row, layer, inputs(row), { step: 0 });
    const dx = layer.backward(upstream(row));
    const parameters = structuredClone(layer.gradients);
    const x = inputs(row);
    expect(forward(row, layer, x, { step: 0, out: x })).toBe(x);
    expect(x).toEqual(y);
    const dy = upstream(row);
    layer.backward(dy, { out: dy });
    expect(dy).toEqual(dx);
    expect(structuredClone(layer.gradients)).toEqual(parameters);
  });
}

function droppedPlaces(row: LayerRow): void {
  describe("dropped places", () => {
    test("hold what they should (+0 if nothing else is stated) in output and gradient, whatever was there", () => {
      const layer = row.make();
      const mask = new Uint8Array(row.decisions ?? 0);
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1]) {
        const y = forward(row, layer, new Float64Array(row.x.length).fill(bad), { mask });
        const expected = row.dropped?.(bad, layer) ?? { y: 0, dx: 0 };
        for (const value of y) expect(value).toBe(expected.y);
        const dx = layer.backward(new Float64Array(row.outputs).fill(bad));
        for (const value of dx) expect(value).toBe(expected.dx);
      }
    });
  });
}
