// DropConnect at a size where the SIMD kernel works, against its definition with the masks that the layer reports.

import { DropConnect, key, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";

const [ROWS, INPUTS, OUTPUTS] = [3, 70, 45];
const D = INPUTS * OUTPUTS;
const wave = (n: number, seed: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => Math.sin(seed + i * i));

describe.each([
  { maskPer: "sample", dropBias: false, ids: undefined },
  { maskPer: "sample", dropBias: true, ids: undefined },
  { maskPer: "batch", dropBias: true, ids: undefined },
  { maskPer: "sample", dropBias: true, ids: [7, 0, 7] },
] as const)(
  "DropConnect of 70 x 45, mask per $maskPer, dropBias $dropBias, sampleIds $ids",
  ({ maskPer, dropBias, ids }) => {
    test.each([0, 0.3, 0.5, 1])("rate %d: forward and backward are those of the masked weights", (rate) => {
      const options = {
        rate,
        inputs: INPUTS,
        weights: wave(D, 1),
        bias: wave(OUTPUTS, 2),
        key: key(9),
        maskPer,
        dropBias,
      };
      const layer = new DropConnect(options);
      const x = wave(ROWS * INPUTS, 3);
      const dy = wave(ROWS * OUTPUTS, 4);
      const z = layer.forward(x, ids === undefined ? {} : { sampleIds: [...ids] });
      const dx = layer.backward(dy);

      const decisions = D + (dropBias ? OUTPUTS : 0);
      const masks = maskPer === "batch" ? 1 : ROWS;
      const bits = unpackMask(layer.mask!, masks * decisions);
      const bitOf = (s: number, d: number): number => bits[(maskPer === "batch" ? 0 : s * decisions) + d]!;
      const scale = rate === 1 ? 1 : 1 / (1 - rate);
      const expected = {
        z: new Float64Array(ROWS * OUTPUTS),
        dx: new Float64Array(ROWS * INPUTS),
        dW: new Float64Array(D),
        db: new Float64Array(OUTPUTS),
      };
      for (let s = 0; s < ROWS; s++) {
        for (let j = 0; j < OUTPUTS; j++) {
          const o = s * OUTPUTS + j;
          const biasFactor = dropBias ? bitOf(s, D + j) * scale : 1;
          expected.z[o]! += options.bias[j]! * biasFactor;
          expected.db[j]! += dy[o]! * biasFactor;
          for (let i = 0; i < INPUTS; i++) {
            const w = i * OUTPUTS + j;
            const factor = bitOf(s, w) * scale;
            expected.z[o]! += x[s * INPUTS + i]! * options.weights[w]! * factor;
            expected.dx[s * INPUTS + i]! += dy[o]! * options.weights[w]! * factor;
            expected.dW[w]! += dy[o]! * x[s * INPUTS + i]! * factor;
          }
        }
      }
      // Sums of at most 70 terms of size 4, in another order.
      const bound = 1e-12;
      for (const [actual, name] of [
        [z, "z"],
        [dx, "dx"],
        [layer.gradients.weights, "dW"],
        [layer.gradients.bias!, "db"],
      ] as const) {
        for (let i = 0; i < actual.length; i++) {
          if (!(Math.abs(actual[i]! - expected[name][i]!) < bound)) expect.fail(`${name}[${i}] is ${actual[i]}`);
        }
      }
      const kept = bits.reduce((sum, bit) => sum + bit, 0) / bits.length;
      // Six standard deviations.
      expect(Math.abs(kept - (1 - rate))).toBeLessThanOrEqual(6 * Math.sqrt((rate * (1 - rate)) / bits.length));
      if (ids !== undefined && rate > 0 && rate < 1) {
        const row = (s: number): string => bits.subarray(s * decisions, (s + 1) * decisions).join("");
        expect(row(0)).toBe(row(2));
        expect(row(0)).not.toBe(row(1));
      }
    });
  },
);
