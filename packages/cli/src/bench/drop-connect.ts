// DropConnect beside the same layer without masks.

import { DropConnect, type Key, keepMask, passKey } from "hadamask";
import type { Case, Group } from "./harness.js";

/** Products of a forward and a backward pass of a dense layer: one for the output, one for each gradient. */
const DENSE = { rows: 128, inputs: 1024, outputs: 1024, passes: 3 };

/** DropConnect with a mask for each row, against the same layer in mode "eval": the same products without masks. */
export function openDropConnect(key: Key, most: number): { group: Group; close: () => void } {
  const { rows, inputs, outputs, passes } = DENSE;
  const values = (n: number, seed: number): Float32Array =>
    Float32Array.from({ length: n }, (_, i) => Math.sin(seed + i));
  const [weights, x, dy] = [values(inputs * outputs, 1), values(rows * inputs, 2), values(rows * outputs, 3)];
  const caseOf = (name: string, rate: number, mode: "eval" | "sample", target?: number): Case => {
    const layer = new DropConnect({ rate, inputs, weights, mode, key });
    let z = layer.forward(x.slice(0, inputs));
    return {
      name,
      elements: rows * inputs * outputs * passes,
      run: () => {
        z = layer.forward(x, mode === "sample" ? { pass: 0 } : {});
        layer.backward(dy);
      },
      check: () => {
        const mask = mode === "eval" ? undefined : keepMask(inputs * outputs, { rate, key: passKey(key, 0) });
        checkFirstRow(z, x, weights, mask, 1 / (1 - rate), outputs);
      },
      ...(target === undefined ? {} : { target }),
    };
  };
  const cases = [
    caseOf("no masks", 0.5, "eval"),
    caseOf("DropConnect, rate 1/2", 0.5, "sample", most),
    caseOf("DropConnect, rate 0.1", 0.1, "sample"),
  ];
  return { group: { name: "dense 1024 x 1024, batch 128, forward and backward", cases }, close: () => undefined };
}

/** Checks the first row of z = x (M * W) * scale. */
function checkFirstRow(
  z: Float32Array,
  x: Float32Array,
  weights: Float32Array,
  mask: Uint32Array | undefined,
  scale: number,
  outputs: number,
): void {
  for (let j = 0; j < outputs; j++) {
    let sum = 0;
    for (let w = j, i = 0; w < weights.length; w += outputs, i++) {
      const isKept = mask === undefined || ((mask[w >>> 5]! >>> (w & 31)) & 1) === 1;
      if (isKept) sum += x[i]! * weights[w]!;
    }
    const expected = Math.fround(mask === undefined ? sum : sum * scale);
    if (z[j] !== expected) throw new Error(`output ${j} is ${z[j]}, not ${expected}`);
  }
}
