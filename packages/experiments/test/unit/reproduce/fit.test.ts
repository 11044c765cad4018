import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { key } from "hadamask";
import { describe, expect, test } from "vitest";
import type { EpochRates, EpochShape, EpochTrainer } from "../../../src/reproduce/epoch.js";
import { plainTrainer } from "../../../src/reproduce/epoch-plain.js";
import { simdTrainer } from "../../../src/reproduce/epoch-simd.js";
import { fit, type RegressionRows } from "../../../src/reproduce/fit.js";
import { scorePasses } from "../../../src/reproduce/passes.js";

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

interface Arrays {
  readonly w1: number[][];
  readonly b1: number[];
  readonly w2: number[];
  readonly b2: number;
}

/** What PyTorch and docs/stream.py make of it (oracles/regression_training.py). */
const oracle = JSON.parse(readFileSync(file("test/vectors/regression.json"), "utf8")) as {
  readonly settings: Record<string, number> & { columns: number; hidden: number; rate: number; decay: number };
  readonly x: number[];
  readonly y: number[];
  readonly firstGradient: Arrays;
  readonly trained: Arrays;
  readonly scores: Record<"rmse" | "logLikelihood", { singlePass: number; off: number; mean: number }>;
};
const { settings } = oracle;
const ROWS: RegressionRows = {
  columns: settings.columns,
  x: Float32Array.from(oracle.x),
  y: Float32Array.from(oracle.y),
};
const OPTIONS = { ...settings, epochs: settings.epochs!, batchSize: settings.batchSize!, learningRate: 0.01 };
const flat = ({ w1, b1, w2, b2 }: Arrays): number[] => [...w1.flat(), ...b1, ...w2, b2];

test("the committed bytes of the module are those that its source compiles to", () => {
  const built = execFileSync(process.execPath, [file("assembly/build.mjs"), "--print", "regression"], {
    encoding: "utf8",
  });
  const isSame = readFileSync(file("src/reproduce/epoch-wasm.ts"), "utf8") === built;
  expect(isSame, "run node packages/experiments/assembly/build.mjs").toBe(true);
});

describe("fit", () => {
  const network = fit(ROWS, OPTIONS, key(settings.seed!));
  const { w1, b1, w2, b2 } = network;

  test("trains to the weights that PyTorch's gradients and Adam of Keras give", () => {
    const ours = [...w1, ...b1, ...w2, b2];
    // float32 against float64 over 12 steps of at most 0.01: an error of rounding is some 1e-7 of a weight a step.
    flat(oracle.trained).forEach((value, i) => {
      expect(Math.abs(ours[i]! - value)).toBeLessThan(2e-6);
    });
  });

  test("its passes score as NumPy's", () => {
    const { passes, precision, factor, shift, passesSeed } = settings;
    const options = { rate: settings.rate, passes: passes!, factor: factor!, shift: shift!, precisions: [precision!] };
    const scores = scorePasses(network, ROWS, Float64Array.from(oracle.y), options, key(passesSeed!));
    const { rmse, logLikelihood } = oracle.scores;
    for (const name of ["singlePass", "off", "mean"] as const) {
      // The weights differ in their seventh digit.
      expect(scores.rmse[name]).toBeCloseTo(rmse[name], 5);
      expect(scores.logLikelihood[0]![name]).toBeCloseTo(logLikelihood[name], 5);
    }
  });

  test("how many epochs are drawn at a time changes nothing", () => {
    // 1,000 rows of 700 units: one epoch at a time, where 4 of 5 units draw all at once.
    const n = 1000;
    const rows = madeUp(n, 2);
    const wide = { ...OPTIONS, hidden: 700, epochs: 2, batchSize: 500 };
    const calls: number[] = [];
    fit(rows, wide, key(1), { onEpoch: (done) => calls.push(done) });
    expect(calls).toEqual([1, 2]);
    const bits: number[][] = [];
    const watched = (shape: EpochShape, rates: EpochRates): EpochTrainer => {
      const trainer = plainTrainer(shape, rates);
      return { ...trainer, epoch: (_, first) => void bits.push([...bitsFrom(trainer.hiddenBits, first, 8)]) };
    };
    const small = { ...OPTIONS, hidden: 8, epochs: 3 };
    const few: RegressionRows = { columns: 1, x: rows.x.subarray(0, 4), y: rows.y.subarray(0, 4) };
    fit(few, small, key(1), { make: watched });
    const together = bits.splice(0);
    // The same masks, drawn for one epoch each.
    for (let epochs = 1; epochs <= 3; epochs++) {
      fit(few, { ...small, epochs }, key(1), { make: watched });
      expect(bits.splice(0)).toEqual(together.slice(0, epochs));
    }
  });
});

const bitsFrom = (words: Uint32Array, first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => (words[(first + i) >>> 5]! >>> ((first + i) & 31)) & 1);

/** Some rows with structure in them. */
function madeUp(n: number, columns: number): RegressionRows {
  const x = Float32Array.from({ length: n * columns }, (_, i) => (((i * 7919) % 1013) - 506) / 300);
  const y = Float32Array.from({ length: n }, (_, r) => x[r * columns]! * x[r * columns + columns - 1]! - 0.3);
  return { columns, x, y };
}

describe("the SIMD module and the plain epoch", () => {
  test.each([
    [150, 6, 50, 128, 3],
    [131, 13, 52, 128, 2],
    [40, 33, 5, 16, 3],
    [7, 1, 1, 4, 4],
    [64, 4, 100, 64, 2],
  ])("give the same bits: %i rows, %i columns, %i units, batches of %i", (n, columns, hidden, batchSize, epochs) => {
    const rows = madeUp(n, columns);
    const options = { hidden, batchSize, epochs, rate: 0.1, decay: 1e-3, learningRate: 1e-3 };
    const simd = (shape: EpochShape, rates: EpochRates): EpochTrainer => simdTrainer(shape, rates)!;
    const ours = fit(rows, options, key(5), { make: simd });
    const plain = fit(rows, options, key(5), { make: plainTrainer });
    expect(ours).toEqual(plain);
    expect(ours.w2.every((w) => w !== 0)).toBe(true);
  });

  test("the gradient of the first step is PyTorch's, and the central difference of the loss", () => {
    const traced: { weights: Float32Array; mean: Float32Array }[] = [];
    const make = (shape: EpochShape, rates: EpochRates): EpochTrainer => {
      const trainer = plainTrainer({ ...shape, batchSize: 4, rows: 4 }, rates);
      const part = plainTrainer(shape, rates);
      const first = {
        ...part,
        epoch(inputFirst: number, hiddenFirst: number): void {
          trainer.x.set(part.x.subarray(0, trainer.x.length));
          // The first batch alone, as rows of its own.
          for (let r = 0; r < 4; r++) {
            trainer.x.set(part.x.subarray(4 * part.order[r]!, 4 * part.order[r]! + 4), 4 * r);
            trainer.y[r] = part.y[part.order[r]!]!;
            trainer.order[r] = r;
          }
          trainer.inputBits.set(part.inputBits);
          trainer.hiddenBits.set(part.hiddenBits);
          trainer.weights.set(part.weights);
          trainer.factors.set(part.factors.subarray(0, 1));
          const before = trainer.weights.slice();
          trainer.epoch(inputFirst, hiddenFirst);
          traced.push({ weights: before, mean: trainer.mean.slice() });
          const loss = (weights: Float64Array): number => lossOf(weights, trainer, inputFirst, hiddenFirst);
          for (let i = 0; i < before.length; i++) {
            const shifted = (by: number): Float64Array => Float64Array.from(before, (w, k) => (k === i ? w + by : w));
            const slope = (loss(shifted(1e-5)) - loss(shifted(-1e-5))) / 2e-5;
            // Adam's mean after one step is a tenth of the gradient; float32 has seven digits.
            expect(10 * trainer.mean[i]!).toBeCloseTo(isPadding(i) ? 0 : slope, 4);
          }
        },
      };
      return first;
    };
    fit(ROWS, { ...OPTIONS, epochs: 1 }, key(settings.seed!), { make });
    const { mean } = traced[0]!;
    const { w1, b1, w2, b2 } = oracle.firstGradient;
    w1.forEach((row, j) => {
      row.forEach((value, c) => {
        expect(10 * mean[8 * j + c]!).toBeCloseTo(value, 5);
      });
    });
    w2.forEach((value, c) => {
      expect(10 * mean[24 + c]!).toBeCloseTo(value, 5);
    });
    b1.forEach((value, c) => {
      expect(10 * mean[32 + c]!).toBeCloseTo(value, 5);
    });
    expect(10 * mean[40]!).toBeCloseTo(b2, 5);
  });
});

/** Weights of 3 columns and 5 units: rows of 8, then w2, b1 and b2. */
const isPadding = (i: number): boolean => (i < 40 ? i % 8 >= 5 : i > 40);

/** The loss of 4 rows, in float64, written down once more. */
function lossOf(weights: Float64Array, { x, y, inputBits, hiddenBits }: EpochTrainer, a: number, b: number): number {
  const { rate, decay } = settings;
  let [loss, squares] = [0, 0];
  for (let i = 0; i < 32; i++) squares += isPadding(i) ? 0 : weights[i]! ** 2;
  for (let r = 0; r < 4; r++) {
    const inputs = bitsFrom(inputBits, a + 3 * r, 3).map((bit, j) => (bit * x[4 * r + j]!) / (1 - rate));
    const units = bitsFrom(hiddenBits, b + 5 * r, 5).map((bit, c) => {
      const sum = inputs.reduce((total, input, j) => total + input * weights[8 * j + c]!, weights[32 + c]!);
      return (bit * Math.max(sum, 0)) / (1 - rate);
    });
    loss += (units.reduce((total, unit, c) => total + unit * weights[24 + c]!, weights[40]!) - y[r]!) ** 2 / 4;
  }
  return loss + (decay / 2) * squares;
}
