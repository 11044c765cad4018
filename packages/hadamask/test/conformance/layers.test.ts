// The contract that every layer keeps: construction, modes, counters, state, buffers, the ends of the range. For gradients see
// layers-gradient.test.ts, for moments and independence layers-law.test.ts.

import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "./layers.js";
import type { AnyLayer, ForwardOptions, LayerRow } from "./row.js";

const inputs = (row: LayerRow): Float64Array => Float64Array.from(row.x);
const forward = (row: LayerRow, layer: AnyLayer, x: Float32Array | Float64Array, options: ForwardOptions = {}) =>
  layer.forward(x, { ...row.options, ...options });

/** An upstream gradient with nothing special about it. */
const upstream = (row: LayerRow): Float64Array => Float64Array.from({ length: row.outputs }, (_, i) => 0.5 + i / 7);

describe.each(LAYER_ROWS)("$name", (row) => {
  describe("construction", () => {
    test.each(row.errors.map(([call, message]) => ({ message, call })))("says: $message", ({ call, message }) => {
      expect(call).toThrowError(expect.objectContaining({ message }));
    });

    test("takes a fresh random key where none is given, and shows it in the state", () => {
      const first = row.make({ key: undefined as never });
      const second = row.make({ key: undefined as never });
      expect(first.key).not.toEqual(second.key);
      expect(first.state.key).toEqual(first.key);
    });
  });

  describe("modes and counters", () => {
    test("starts in train at step 0, and counts training steps and sampling passes apart", () => {
      const layer = row.make();
      expect([layer.mode, layer.step, layer.pass]).toEqual(["train", 0, 0]);
      forward(row, layer, inputs(row));
      forward(row, layer, inputs(row), { step: 7 });
      expect([layer.step, layer.pass]).toEqual([8, 0]);
      layer.mode = "sample";
      forward(row, layer, inputs(row), { pass: 3 });
      expect([layer.step, layer.pass]).toEqual([8, 4]);
      forward(row, layer.eval(), inputs(row));
      expect([layer.step, layer.pass]).toEqual([8, 4]);
      expect(layer.train().mode).toBe("train");
    });

    test("evaluating gives the output of mode eval, the same at every call", () => {
      const layer = row.make({ mode: "eval" });
      const y = forward(row, layer, inputs(row));
      const expected = row.evaluated(layer);
      expect(y).toHaveLength(expected.length);
      y.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 12);
      });
      expect(forward(row, layer, inputs(row))).toEqual(y);
    });

    test("evaluating and sampling in between leaves the training draws as they are", () => {
      const plain = row.make();
      const disturbed = row.make();
      forward(row, plain, inputs(row));
      forward(row, disturbed, inputs(row));
      forward(row, disturbed.eval(), inputs(row));
      disturbed.mode = "sample";
      forward(row, disturbed, inputs(row));
      expect(forward(row, disturbed.train(), inputs(row))).toEqual(forward(row, plain, inputs(row)));
    });

    test("the same step again gives the same output", () => {
      const layer = row.make();
      const y = forward(row, layer, inputs(row), { step: 5 });
      forward(row, layer, inputs(row));
      expect(forward(row, layer, inputs(row), { step: 5 })).toEqual(y);
    });

    test("refuses the number of the other mode, and no number at all in eval", () => {
      const layer = row.make();
      const says = (option: string, goesWith: string, mode: string) =>
        `${layer.name}.forward: ${option} goes with mode "${goesWith}", but the layer is in mode "${mode}"`;
      expect(() => forward(row, layer, inputs(row), { pass: 0 })).toThrowError(says("pass", "sample", "train"));
      layer.mode = "sample";
      expect(() => forward(row, layer, inputs(row), { step: 0 })).toThrowError(says("step", "train", "sample"));
      layer.mode = "eval";
      expect(() => forward(row, layer, inputs(row), { step: 0 })).toThrowError(says("step", "train", "eval"));
    });
  });

  describe("failing calls", () => {
    test("a wrong forward leaves the layer as it was", () => {
      const layer = row.make();
      const y = forward(row, layer, inputs(row));
      const dx = layer.backward(upstream(row));
      const before = JSON.stringify(layer);
      const wrong: (() => unknown)[] = [
        () => forward(row, layer, inputs(row), { step: -1 }),
        () => forward(row, layer, inputs(row), { step: 0.5 }),
        () => forward(row, layer, inputs(row), { out: new Float64Array(row.outputs + 1) }),
        () => forward(row, layer, inputs(row), { out: new Float32Array(row.outputs) }),
        () => layer.forward("x" as never, row.options),
        () => {
          layer.mode = "test" as never;
        },
      ];
      for (const call of wrong) expect(call).toThrow();
      expect(JSON.stringify(layer)).toBe(before);
      expect(layer.backward(upstream(row))).toEqual(dx);
      expect(forward(row, layer, inputs(row), { step: 0 })).toEqual(y);
    });

    test("backward without forward, and with a gradient of another length, says so", () => {
      const layer = row.make();
      expect(() => layer.backward(upstream(row))).toThrowError(
        `${layer.name}.backward: nothing to differentiate; call forward() first`,
      );
      forward(row, layer, inputs(row));
      expect(() => layer.backward(new Float64Array(row.outputs + 1))).toThrowError(
        new RegExp(
          `^${layer.name}\\.backward: dy must have ${row.outputs} elements like \\w+, got ${row.outputs + 1}$`,
        ),
      );
    });
  });

  describe("state", () => {
    test("a layer made from its state in the middle of training goes on with the same draws", () => {
      const layer = row.make();
      for (let t = 0; t < 3; t++) forward(row, layer, inputs(row));
      layer.mode = "sample";
      forward(row, layer, inputs(row));
      const resumed = row.fromState(JSON.parse(JSON.stringify(layer)) as never);
      expect(resumed.state).toEqual(layer.state);
      expect(resumed.mode).toBe("sample");
      expect(forward(row, resumed, inputs(row))).toEqual(forward(row, layer, inputs(row)));
      expect(forward(row, resumed.train(), inputs(row))).toEqual(forward(row, layer.train(), inputs(row)));
      expect([resumed.step, resumed.pass]).toEqual([4, 2]);
    });

    test("the state of another layer, of no key or of a broken counter is refused", () => {
      const { state, name } = row.make();
      expect(() => row.fromState({ ...state, layer: "Other" } as never)).toThrowError(
        `${name}.fromState: state must be the state of a ${name} layer, got Object`,
      );
      expect(() => row.fromState({ ...state, key: undefined } as never)).toThrowError(/state.key is missing/);
      expect(() => row.fromState({ ...state, step: -1 } as never)).toThrowError(
        `${name}.fromState: state.step must be a whole number in [0, 2^53), got -1`,
      );
      expect(() => row.fromState(null as never)).toThrowError(TypeError);
    });

    test("prints its name and counters", () => {
      const layer = row.make();
      forward(row, layer, inputs(row));
      expect(String(layer)).toMatch(new RegExp(`^${layer.name}\\(.*mode train, step 1, pass 0\\)$`));
      expect(String(layer)).not.toContain("[object");
    });
  });

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

  if (row.decisions !== undefined) droppedPlaces(row);
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
