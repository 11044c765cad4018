// Corrections of source 001. Its p drops: `rate` here.

import { Dropout, dropout, dropoutBackward, foldIn, keepMask, key, unpackMask } from "hadamask";
import { torchCpu } from "hadamask/streams";
import { expectedMoments } from "hadamask/theory";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { HAND_WRITTEN_ENDS } from "../recorded.js";
import { type Claim, rowsOf } from "../row.js";
import { normalMeanBound, varianceOf } from "../statistics.js";
import { dot, hadamard, throws, times } from "../vectors.js";
import { expectedLossGradient, gradientClaim } from "./expectations.js";
import { demoOutput, twoLayers } from "./programs.js";
import { DEMO_SEED, figureData, handMask, layerMask } from "./torch-demo.js";

const { erratum } = rowsOf("001");
const rate = 0.5;
const SEEDS = Array.from({ length: 2000 }, (_, seed) => seed);
const same = (a: readonly number[], b: readonly number[]) => a.every((bit, i) => bit === b[i]);

function seedsOfTheClaimedMask(): Measure[] {
  const found = SEEDS.filter((seed) => same(handMask(seed, 4, rate), [1, 0, 1, 0]));
  return [
    exactly("first seeds whose rand(4) > 0.5 is [1, 0, 1, 0]", found.slice(0, 5), [2, 20, 27, 34, 46]),
    exactly("how many of the seeds 0 to 1999", found.length, 116),
  ];
}

function whereTheLayersDiffer(): Measure[] {
  const agree = SEEDS.filter((seed) => same(handMask(seed, 4, rate), layerMask(seed, 4, rate))).length;
  const double = SEEDS.map((seed) => handMask(seed, 4, rate, "float64"));
  const complements = SEEDS.filter((seed) =>
    same(
      double[seed]!,
      layerMask(seed, 4, rate).map((bit) => 1 - bit),
    ),
  ).length;
  return [
    exactly("seeds of 2000 on which the masks coincide (chance: 125)", agree, 131),
    exactly("seeds of 2000 on which they are complements for float64 inputs", complements, 2000),
    exactly(
      "mask of nn.Dropout under seed 42 on builds with MKL, up to 2.6",
      layerMask(DEMO_SEED, 4, rate, "mkl"),
      [0, 0, 1, 1],
    ),
    exactly("and on all others", layerMask(DEMO_SEED, 4, rate), [1, 1, 1, 1]),
  ];
}

/** x * mask / (1 - rate) in float32, as the source's layer computes. */
const handWritten = (x: number, bit: number, p: number) => Math.fround(Math.fround(x * bit) / Math.fround(1 - p));

function endsOfTheRange(): Measure[] {
  const options = { rate: 1, key: key(0) };
  // `rand > rate` keeps where a multiple of 2^-24 is above the rate in float32: counted, not computed.
  const keptShare = (p: number) => {
    const limit = Math.fround(p);
    let kept = 0;
    for (let i = 0; i < 2 ** 24; i++) if (i * 2 ** -24 > limit) kept++;
    return kept / 2 ** 24;
  };
  return [
    exactly(
      "rate 1: output and gradient",
      [...dropout([2, -3], options), ...dropoutBackward([2, -3], options)],
      [0, 0, 0, 0],
    ),
    differs("rate 1 by the source's class in PyTorch", dropout([2, 3], options), HAND_WRITTEN_ENDS.rateOne),
    exactly(
      "rate 0 keeps all of 10^5 elements",
      unpackMask(keepMask(1e5, { rate: 0, key: key(0) }), 1e5).filter((bit) => bit === 0).length,
      0,
    ),
    differs("share that rand > rate drops at rate 0, against none", 1 - keptShare(0), 0, 1e-9),
    equals(
      "by how much it keeps too little at rates 0.5 and 0.3, as counted",
      [0.5 - keptShare(0.5), 0.7 - keptShare(0.3)],
      [5.96e-8, 7.15e-8],
      5e-11,
    ),
    exactly(
      "refused: rate 1.2",
      throws(() => dropout([1], { rate: 1.2, key: key(0) }), "rate must be in [0, 1], got 1.2"),
      1,
    ),
    exactly("a dropped infinity", dropout([2, 3, Number.POSITIVE_INFINITY], { rate, mask: [1, 1, 0] }), [4, 6, 0]),
    differs("a dropped infinity by the source's class in PyTorch", 0, HAND_WRITTEN_ENDS.droppedInfinity[2]),
  ];
}

/** Share of a million float32 values for which x / (1 - rate) and x * (1 / (1 - rate)) round differently. */
function lastBits(): Measure[] {
  const x = torchCpu(1).randn(1e6);
  const share = (p: number) => {
    const scale = Math.fround(1 / Math.fround(1 - p));
    let apart = 0;
    for (const v of x) if (handWritten(v, 1, p) !== Math.fround(v * scale)) apart++;
    return apart / x.length;
  };
  const ours = dropout(x, { rate: 0.3, mask: new Uint8Array(x.length).fill(1) });
  const once = Math.fround(1 / (1 - 0.3));
  return [
    exactly(
      "share that differs at rates 0.5 and 0.75, where 1 - rate is a power of two",
      [share(0.5), share(0.75)],
      [0, 0],
    ),
    atLeast("share that differs at rates 0.1, 0.2, 0.3, 0.6", [0.1, 0.2, 0.3, 0.6].map(share), 0.05),
    exactly(
      "ours: one multiplication, by the scale rounded once: values that are not that",
      ours.filter((y, i) => y !== Math.fround(x[i]! * once)).length,
      0,
    ),
    exactly(
      "a dropped negative value is +0, not -0",
      1 / dropout([-3], { rate, mask: [0] })[0]!,
      Number.POSITIVE_INFINITY,
    ),
  ];
}

/** Two samples through one unit: the first drops it, the second keeps it. */
function updatesOfADroppedUnit(): Measure[] {
  const inputs = [
    [1, 2],
    [3, -1],
  ];
  const upstream = [0.7, 0.4];
  const atUnit = dropoutBackward(upstream, { rate, mask: [0, 1] });
  const gradient = inputs[0]!.map((_, i) =>
    dot(
      atUnit,
      inputs.map((row) => row[i]!),
    ),
  );
  const [velocity, learningRate, decay, weight] = [0.5, 0.1, 0.01, 2];
  return [
    exactly(
      "weight gradient of the unit from the sample that dropped it",
      inputs[0]!.map((v) => v * atUnit[0]!),
      [0, 0],
    ),
    equals("weight gradient of the unit from the batch", gradient, [2.4, -0.8]),
    differs(
      "weight after a step with gradient 0, momentum and decay, against before",
      weight - learningRate * (0.9 * velocity + decay * weight),
      weight,
    ),
  ];
}

function monteCarlo(): Measure[] {
  const w = [0.5, -1, 2];
  const x = [1, 2, 0.5];
  const keep = 0.8;
  const exact = expectedMoments({ n: 3, keep }, (mask) => [dot(w, dropout(x, { keep, mask }))]);
  const layer = new Dropout({ keep, key: foldIn(key(8), 1), mode: "sample" });
  const draws = Float64Array.from({ length: 20000 }, () => dot(w, layer.forward(x)));
  const variance = exact.covariance[0]!;
  const outputs = expectedMoments({ n: 3, keep }, (mask) => [(dot(w, dropout(x, { keep, mask })) + 0.5) ** 2]);
  return [
    equals("mean and variance of the prediction, by enumeration", [exact.mean[0]!, variance], [-0.5, 1.3125]),
    differs("variance of the prediction against a fixed one", variance, 0),
    equals(
      "variance of 20000 passes in mode sample",
      varianceOf(draws, -0.5),
      variance,
      normalMeanBound(outputs.covariance[0]!, draws.length),
    ),
    exactly("variance in mode eval", varianceOf(Array.from({ length: 3 }, () => dot(w, layer.eval().forward(x)))), 0),
  ];
}

function thirdDemo(): Measure[] {
  const { mask } = figureData();
  const stream = torchCpu(DEMO_SEED);
  stream.manualSeed(DEMO_SEED);
  return [
    exactly(
      "elements kept in the figure",
      Array.from(mask.keys()).filter((i) => mask[i] === 1),
      [3, 8],
    ),
    exactly("seeding twice in a row draws what seeding once does", stream.rand(4), torchCpu(DEMO_SEED).rand(4)),
  ];
}

export const errata001: readonly Claim[] = [
  erratum(
    "E-001-1",
    "A",
    "10",
    "The transcript under seed 42 shows the mask [1, 0, 1, 0]",
    "Seed 42 gives [1, 1, 0, 1] (y [4, 8, 0, 16], L 28); the shown mask is the one of the example by hand",
    () => [...demoOutput(), ...seedsOfTheClaimedMask()],
  ),
  erratum(
    "E-001-2",
    "A",
    "9, second demo",
    "Seeded alike, the two layers give one mask and a difference of 0",
    "They consume different words and compare from different sides: 131 of 2000 seeds agree by chance; other " +
      "builds draw yet other masks",
    () => [...twoLayers(), ...whereTheLayersDiffer()],
  ),
  erratum(
    "E-001-3",
    "B",
    "11, 13",
    "Scaling by 1 / (1 - rate) keeps the expected gradient",
    "E[dL/dx] is the gradient of E[L]; it is the clean gradient only for L linear in y",
    () => [...gradientClaim(), expectedLossGradient()],
  ),
  erratum(
    "E-001-4",
    "A",
    "9, MyDropout",
    "Any rate works in (rand > rate) / (1 - rate)",
    "Rate 1 gives zeros, rate 0 the identity, others are refused, and a dropped infinity is 0",
    endsOfTheRange,
  ),
  erratum(
    "E-001-5",
    "C",
    "9, MyDropout",
    "x * m / (1 - rate) and x * (m / (1 - rate)) are the same",
    "They differ in the last bit unless 1 - rate is a power of two; here: one multiplication by a scale rounded once",
    lastBits,
  ),
  erratum(
    "E-001-6",
    "C",
    "8",
    "A dropped unit has gradient 0 and is not updated",
    "Its gradient is 0 for that sample only; other samples, momentum and weight decay still move its weights",
    updatesOfADroppedUnit,
  ),
  erratum(
    "E-001-7",
    "C",
    "13, point 2",
    "The mask takes no part in the gradient",
    "It multiplies the gradient; what does not exist is a gradient of the mask",
    () => [
      differs(
        "gradients under two masks",
        dropoutBackward([1, 1], { rate, mask: [1, 0] }),
        dropoutBackward([1, 1], { rate, mask: [0, 1] }),
      ),
      exactly(
        "gradient: mask times upstream over 1 - rate",
        dropoutBackward([3, 5], { rate, mask: [1, 0] }),
        times(2, hadamard([3, 5], [1, 0])),
      ),
    ],
  ),
  erratum(
    "E-001-8",
    "C",
    "12",
    "Inference has to be deterministic",
    "It may be random on purpose: Monte-Carlo dropout keeps the masks on, and its spread measures uncertainty",
    monteCarlo,
  ),
  erratum(
    "E-001-9",
    "C",
    "9, 10",
    "Section 10 shows what the program prints",
    "It shows the first of three demos; seeding is done twice without need; in the figure 8 of 10 units are dropped",
    () => [...thirdDemo(), exactly("units dropped", figureData().mask.filter((bit) => bit === 0).length, 8)],
  ),
];
