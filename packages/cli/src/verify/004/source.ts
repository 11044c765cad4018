// Source 004: a notebook on dropout, with a numeric example, code cells and an account of model averaging. Its p
// drops: `rate` here.

import { Dropout, dropout, dropoutBackward, keepMask, key, unpackMask } from "hadamask";
import { expectedMoments } from "hadamask/theory";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { TORCH_EVAL } from "../recorded.js";
import { type Claim, rowsOf } from "../row.js";
import { meanBound, meanOf } from "../statistics.js";
import { sum } from "../vectors.js";
import { AVERAGING, averaging, batchNorm, inputRates, redundancy, softmaxAverages } from "./design.js";

const { holds, corrected } = rowsOf("004");

const rate = 0.6;
const keep = 0.4;
const ones = new Float32Array(10).fill(1);

/** Mean and variance over masks of one element of 1 in training. */
const training = () => expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, mask }));

export const IDENTITY = "After inverted training the test output is the input: the mean was kept in training";

/** Test output against the mean of training, for the identity and for the source's extra factor. */
export function testOutput(): Measure[] {
  const inTest = dropout([1], { rate, mode: "eval" });
  return [
    equals("test output of a = 1, against the mean of training", inTest, training().mean),
    differs("mean of training against the source's test output, a (1 - rate)", training().mean, 1 - rate),
    exactly(
      "ten ones in eval, against PyTorch's nn.Dropout(0.6)",
      new Dropout({ rate, key: key(0), mode: "eval" }).forward(ones),
      TORCH_EVAL,
    ),
  ];
}

export function trainingRow(): Measure[] {
  const { mean, covariance } = training();
  const values = [0, 1].map((bit) => dropout([1], { rate, mask: [bit] })[0]!);
  return [
    exactly("values in training", values, [0, 2.5]),
    equals("mean and variance in training", [mean[0]!, covariance[0]!], [1, 1.5]),
    exactly("value at test", dropout([1], { rate, mode: "eval" }), 1),
    differs("value at test against the source's", 1, 0.4),
  ];
}

/** What the source's consistency check compares, and what it would have to compare. */
export function consistency(): Measure[] {
  const mean = 2.5 * keep + 0 * rate;
  return [
    equals(
      "its left side, the mean of training, against the right test output",
      mean,
      dropout([1], { rate, mode: "eval" }),
    ),
    differs("its left side against its own test output, 0.4, without the factor that no layer applies", mean, 0.4),
  ];
}

function trainingCell(): Measure[] {
  const n = 2 ** 18;
  const y = dropout(new Float64Array(n).fill(1), { rate, key: key(4) });
  const spread = rate * keep;
  return [
    equals(`share of zeros among ${n} ones`, y.filter((v) => v === 0).length / n, rate, meanBound(spread, rate, n)),
    equals("mean", meanOf(y), 1, meanBound(spread / keep ** 2, 1.5, n)),
    exactly("values other than 0 and 2.5", y.filter((v) => v !== 0 && v !== 2.5).length, 0),
  ];
}

function gradients(): Measure[] {
  const x = Float64Array.from({ length: 64 }, (_, i) => Math.cos(i));
  const options = { rate, key: key(14) };
  const dx = dropoutBackward(new Float64Array(64).fill(1), options);
  const bits = unpackMask(keepMask(64, options), 64);
  return [
    exactly(
      "gradient of sum(y): 2.5 where kept, 0 where dropped",
      dx,
      Array.from(bits, (bit) => 2.5 * bit),
    ),
    exactly(
      "outputs are 0 where gradients are",
      dropout(x, options).filter((y, i) => (y === 0) !== (dx[i] === 0)).length,
      0,
    ),
    atLeast("kept and dropped elements among the 64", [sum(bits), 64 - sum(bits)], 1),
  ];
}

export const source004: readonly Claim[] = [
  holds("S4-01", "1", "Training masks with probability rate and scales by 1 / (1 - rate)", () => {
    const values = [0, 1].map((bit) => dropout([3], { rate, mask: [bit] })[0]!);
    return [equals("outputs for 3: dropped, kept", values, [0, 3 / keep])];
  }),
  corrected("S4-02", "1", "Inference uses all units and multiplies by 1 - rate", IDENTITY, testOutput),
  holds("S4-03", "2", "The mask is 1 with probability 1 - rate and 0 with probability rate", () => {
    const n = 2 ** 18;
    const share = sum(unpackMask(keepMask(n, { rate, key: key(3) }), n)) / n;
    const bound = meanBound(rate * keep, rate, n);
    return [equals(`shares of 1 and 0 among ${n} decisions`, [share, 1 - share], [keep, rate], bound)];
  }),
  holds("S4-04", "2", "a_train = m a / (1 - rate)", () => [
    equals(
      "a = 3, mask 0 and 1",
      [0, 1].map((bit) => dropout([3], { rate, mask: [bit] })[0]!),
      [0, 7.5],
    ),
  ]),
  holds("S4-05", "2", "E[a_train] = a", () => [equals("mean over masks, a = 1", training().mean, 1)]),
  corrected("S4-06", "2", "a_test = a (1 - rate)", IDENTITY, testOutput),
  corrected(
    "S4-07",
    "2",
    "E[a_train] = a = E[a_test] / (1 - rate), as a proof of consistency",
    "The equation shows the mismatch: E[a_train] = a, while a_test is a (1 - rate)",
    testOutput,
  ),
  corrected(
    "S4-08",
    "3",
    "rate 0.6, a = 1: training 2.5 or 0 with mean 1; test 0.4",
    "The training row is right (variance 1.5); the test row must read 1",
    trainingRow,
  ),
  corrected(
    "S4-09",
    "3",
    "2.5 * 0.4 + 0 * 0.6 = 1 = 0.4 / 0.4, as a consistency check",
    "The check that matters is E[a_train] = a_test: 1 against 1 with the identity, 1 against 0.4 as the source has it",
    consistency,
  ),
  holds("S4-10", "4, cell 1", "A layer of rate 0.6 and an input of ten ones", () => [
    exactly("rate, number of ones", [new Dropout({ rate, key: key(0) }).rate, sum(ones)], [0.6, 10]),
  ]),
  holds("S4-11", "4, cell 2", "In training about 60 % are 0 and the others 2.5", trainingCell),
  corrected(
    "S4-12",
    "4, cell 3",
    "In eval all values are scaled by 0.4",
    "In eval the layer prints its input: ones",
    testOutput,
  ),
  holds("S4-13", "5", "Gradients pass kept units only, times 1 / (1 - rate)", gradients),
  holds("S4-14", "5, cell 4", "The gradient of sum(y) is 0 where dropped, scaled elsewhere", gradients),
  holds("S4-15", "6", "Training forces redundant representations", redundancy),
  corrected(
    "S4-16",
    "6",
    "Inference is equivalent to model averaging",
    "Exactly so for linear outputs (arithmetic mean) and one softmax layer (normalised geometric mean); else " +
      "approximately",
    softmaxAverages,
  ),
  holds("S4-17", "6", "Scaling keeps the expected size of activations", () => [
    equals("mean in training against the test output", training().mean, dropout([1], { rate, mode: "eval" })),
  ]),
  holds("S4-18", "7", "Input layers take smaller rates, 0.1 to 0.2 (Srivastava et al. 2014: keep 0.8)", inputRates),
  holds("S4-19", "7", "Dropout may interfere with the statistics of batch normalisation", batchNorm),
  corrected(
    "S4-20",
    "8",
    "E[y] is the mean of the outputs of all M submodels, and equals y (1 - rate)",
    AVERAGING,
    averaging,
  ),
];
