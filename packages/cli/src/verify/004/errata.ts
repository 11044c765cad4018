// Corrections of source 004. Its p drops: `rate` here.

import { Dropout, dropout, key } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { expectation } from "hadamask/theory";
import { differs, equals, exactly, type Measure } from "../measure.js";
import { type Claim, rowsOf } from "../row.js";
import { AVERAGING, averaging, softmaxAverages } from "./design.js";
import { consistency, IDENTITY, testOutput, trainingRow } from "./source.js";

const { erratum, notedErratum } = rowsOf("004");

const rate = 0.6;
const ones = new Float32Array(10).fill(1);

function twoLayers(): Measure[] {
  const exact = expectation({ n: 2, rate: 0.5 }, ([first, second]) => {
    const h = dropout([1], { rate: 0.5, mask: [first!] });
    return dropout(h, { rate: 0.5, mask: [second!] })[0]!;
  });
  return [
    equals("two layers at rate 0.5: mean of training, which is the test output", exact, 1),
    differs("against the source's rule, applied in both layers", exact, 0.5 * 0.5),
  ];
}

function notebookSeed(): Measure[] {
  const cell = (seed: number) => torchCpu(seed).dropout(ones, { rate });
  return [
    exactly(
      "nn.Dropout(0.6) on ten ones after manual_seed(42), no MKL",
      cell(42),
      [2.5, 2.5, 2.5, 2.5, 0, 0, 0, 0, 2.5, 2.5],
    ),
    exactly("the same seed again", cell(42), torchCpu(42).dropout(ones, { rate })),
    differs("elements that another seed decides differently", cell(43).filter((v, i) => v !== cell(42)[i]).length, 0),
  ];
}

export const errata004: readonly Claim[] = [
  erratum(
    "E-004-1",
    "A",
    "1, 2",
    "After inverted training, inference multiplies by 1 - rate",
    `${IDENTITY}; the source's rule shrinks it by 1 - rate in every layer`,
    () => [...testOutput(), ...twoLayers()],
  ),
  erratum(
    "E-004-2",
    "A",
    "2",
    "a = E[a_test] / (1 - rate) proves consistency",
    "It states the mismatch; a_test has no expectation to take, it is a number",
    testOutput,
  ),
  erratum(
    "E-004-3",
    "A",
    "3",
    "The test row reads 0.4, expected 0.4",
    "It must read 1, the mean of training",
    trainingRow,
  ),
  erratum(
    "E-004-4",
    "A",
    "3",
    "The consistency check holds",
    "Its right side multiplies the test output by a factor that nobody applies",
    consistency,
  ),
  erratum("E-004-5", "A", "4, cell 3", "The cell in eval prints values scaled by 0.4", "It prints ones", () => [
    exactly("ten ones in eval", new Dropout({ rate, key: key(0) }).eval().forward(ones), ones),
    differs(
      "against the comment's 0.4",
      dropout(ones, { rate, mode: "eval" }),
      ones.map(() => 0.4),
    ),
  ]),
  notedErratum("E-004-6", "C", "2", "Three formulas have a closing brace too many", "Remove it; they do not compile"),
  erratum("E-004-7", "A", "8", "E[y] = 1/M times the sum over submodels = y (1 - rate)", AVERAGING, averaging),
  erratum(
    "E-004-8",
    "B",
    "6",
    "Inference equals model averaging",
    "Exact for linear outputs and, as a geometric mean, for one softmax layer; approximate otherwise",
    () => [...softmaxAverages(), ...averaging().slice(-2)],
  ),
  erratum(
    "E-004-9",
    "C",
    "4",
    "The notebook sets no seed",
    "Seed it: after manual_seed(42) the training cell prints [2.5, 2.5, 2.5, 2.5, 0, 0, 0, 0, 2.5, 2.5]",
    notebookSeed,
  ),
];
