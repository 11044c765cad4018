// The contract that every layer keeps: construction, modes, counters, failing calls, state. For arrays see
// layers-arrays.test.ts, for the ends of the range and sample ids layers-draws.test.ts, for gradients
// layers-gradient.test.ts, for moments layers-law.test.ts.

import { describe, expect, test } from "vitest";
import { LAYER_ROWS } from "./layers.js";
import { forward, inputs, upstream } from "./row.js";

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
});
