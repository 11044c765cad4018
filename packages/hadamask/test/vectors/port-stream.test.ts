// The port of docs/porting.md: 20 steps of SGD that PyTorch 2.13.0 took, taken again from the seed (port/torch.json),
// and the same network with our masks in PyTorch, by docs/hadamask_torch.py (port/hadamask.json). In Chromium:
// test/browser/port.test.ts.
import { readFileSync } from "node:fs";
import { Dropout, key } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import {
  type Parameters,
  type Problem,
  SIZES,
  STEPS,
  startFrom,
  trainStep,
} from "../../../../examples/port-network.js";
import { bitsHex, maskHex } from "./stream-vectors.js";

type Hexed = Readonly<Record<keyof Parameters, string>>;

interface Record20 {
  readonly start: Hexed;
  readonly x: string;
  readonly classes: readonly number[];
  readonly steps: readonly {
    readonly inputMask: string;
    readonly hiddenMask: string;
    readonly loss: string;
    readonly gradients: Hexed;
  }[];
  readonly end: Hexed;
}

const read = (name: string): Record20 =>
  JSON.parse(readFileSync(new URL(`./port/${name}.json`, import.meta.url), "utf8"));

const floats = (hex: string): Float32Array =>
  Float32Array.from({ length: hex.length / 8 }, (_, i) =>
    Buffer.from(hex.slice(8 * i, 8 * i + 8), "hex").readFloatBE(),
  );

/**
 * The largest difference in units of 2^-24, float32's rounding error of numbers near 1; everything here is of that
 * size.
 */
const roundings = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!) * 2 ** 24).reduce((x, y) => Math.max(x, y), 0);

/**
 * What the two programs may differ by: theirs rounds every term of sums that have up to 32, in an order of its own,
 * ours the sum. Measured over all 20 steps: 3.3 for losses, 1 for gradients, 1.5 for the weights at the end.
 */
const ROUNDINGS = 32;

describe.each([
  ["torch", () => ({ stream: torchCpu(2026) })],
  ["hadamask", () => ({ stream: undefined })],
] as const)("20 steps in PyTorch with the masks of %s, repeated", (name, make) => {
  const theirs = read(name);
  const { stream } = make();
  const problem: Problem = startFrom(stream ?? torchCpu(2026));
  const names = ["w1", "b1", "w2", "b2"] as const;

  test("start from the same weights and inputs, drawn from the seed, bit for bit", () => {
    for (const p of names) expect(bitsHex(problem.parameters[p]).join("")).toBe(theirs.start[p]);
    expect(bitsHex(problem.x).join("")).toBe(theirs.x);
    expect(problem.classes).toEqual(theirs.classes);
  });

  test("draw the same masks at every step, and agree in losses, gradients and weights to float32 rounding", () => {
    const dropouts =
      stream === undefined
        ? { input: new Dropout({ rate: 0.2, key: key(1) }), hidden: new Dropout({ rate: 0.5, key: key(2) }) }
        : { input: new Dropout({ rate: 0.2, stream }), hidden: new Dropout({ rate: 0.5, stream }) };
    expect(theirs.steps).toHaveLength(STEPS);
    for (const [t, step] of theirs.steps.entries()) {
      const ours = trainStep(problem, dropouts);
      expect(maskHex(ours.inputMask, SIZES.rows * SIZES.inputs), `input mask of step ${t}`).toBe(step.inputMask);
      expect(maskHex(ours.hiddenMask, SIZES.rows * SIZES.hidden), `hidden mask of step ${t}`).toBe(step.hiddenMask);
      expect(roundings([ours.loss], floats(step.loss)), `loss of step ${t}`).toBeLessThan(ROUNDINGS);
      for (const p of names) {
        const g = roundings(ours.gradients[p], floats(step.gradients[p]));
        expect(g, `gradient of ${p} in step ${t}`).toBeLessThan(ROUNDINGS);
      }
    }
    for (const p of names) {
      expect(roundings(problem.parameters[p], floats(theirs.end[p])), `${p} at the end`).toBeLessThan(ROUNDINGS);
      expect(roundings(problem.parameters[p], floats(theirs.start[p])), `${p} has moved`).toBeGreaterThan(1e5);
    }
  });
});
