// What source 002's forward pass does, and what a forward pass has to do. It calls both the rate and the probability
// of keeping p; here they are `rate` and `keep`.

import { Dropout, dropout, dropoutBackward, keepMask, key, unpackMask } from "hadamask";
import { bernoulliMultiplier, dropoutRidge, expectation, expectedMoments } from "hadamask/theory";
import { atLeast, atMost, differs, equals, exactly, type Measure } from "../measure.js";
import { DATA, X } from "../regression-data.js";
import { flag, hadamard, norm, sum, throws, times } from "../vectors.js";
import { rateSweep } from "./rate-sweep.js";

const RATES = [0.2, 0.5, 0.6, 0.7];

/** The source's forward pass, for a mask; `keep_prob` is what its code forgets to define. */
const sourceForward = (x: readonly number[], mask: ArrayLike<number>, rate: number, mode: string): number[] => {
  const keep = 1 - rate;
  if (mode === "train") return times(rate / keep, hadamard(x, mask));
  return mode === "eval" || mode === "sgld" ? hadamard(x, mask) : [...x];
};

const sourceMoments = (rate: number, mode: string) =>
  expectedMoments({ n: 1, rate }, (mask) => sourceForward([1], mask, rate, mode));

const means = (mode: string) => RATES.map((rate) => sourceMoments(rate, mode).mean[0]!);
const variances = (mode: string) => RATES.map((rate) => sourceMoments(rate, mode).covariance[0]!);

export function regulariser(): Measure[] {
  // Degrees of freedom: how far each fitted value follows its own target.
  const freedom = (rate: number) =>
    sum(
      X.map((row, i) => {
        const w = dropoutRidge({ x: X, y: X.map((_, k) => flag(k === i)) }, { rate });
        return sum(hadamard(row, w));
      }),
    );
  return [
    equals("degrees of freedom of a fit with three weights at rate 0", freedom(0), 3),
    atMost("at rates 0.2, 0.5, 0.8", [0.2, 0.5, 0.8].map(freedom), 2.9),
    atMost(
      "norm of the weights at rate 0.5 over that at rate 0",
      norm(dropoutRidge(DATA, { rate: 0.5 })) / norm(dropoutRidge(DATA, { rate: 0 })),
      0.9,
    ),
  ];
}

export function moreIsNotBetter(): Measure[] {
  const { rates, error } = rateSweep();
  const best = error.indexOf(Math.min(...error));
  const noise = rates.map((rate) => bernoulliMultiplier({ rate }).variance);
  return [
    atLeast(
      "strength rate / keep, from each rate to the next: it grows",
      noise.slice(1).map((v, i) => v - noise[i]!),
      0.01,
    ),
    atLeast("test error at rate 0 over that at the best rate", error[0]! / error[best]!, 1.1),
    atLeast("test error at rate 0.95 over that at the best rate", error.at(-1)! / error[best]!, 1.1),
  ];
}

/** x * mask * keep, as the source's text has it, and the two ways that are right. */
export function timesKeep(): Measure[] {
  const keeps = [0.5, 0.6, 0.8];
  const claimed = keeps.map((keep) => expectation({ n: 1, keep }, ([bit]) => keep * bit!));
  const inverted = keeps.map((keep) => expectation({ n: 1, keep }, (mask) => dropout([1], { keep, mask })[0]!));
  const classic = keeps.map((keep) =>
    expectation({ n: 1, keep }, (mask) => dropout([1], { keep, mask, scaling: "classic" })[0]!),
  );
  const atTest = keeps.map((keep) => dropout([1], { keep, scaling: "classic", mode: "eval" })[0]!);
  return [
    equals("mean of x * mask / keep in training, keep 0.5, 0.6, 0.8, and the test output: 1", inverted, [1, 1, 1]),
    equals("mean of x * mask in training, against its test output keep * x", classic, atTest),
    equals("mean of x * mask * keep: keep^2", claimed, [0.25, 0.36, 0.64]),
    differs("that mean against x", claimed, [1, 1, 1]),
  ];
}

export function seeded(): Measure[] {
  const options = { rate: 0.5, key: key(8) };
  const layer = new Dropout(options);
  const x = new Float64Array(256).fill(1);
  const steps = [layer.forward(x), layer.forward(x)];
  return [
    exactly(
      "elements in which two draws with one key differ, of 256",
      keepMask(256, options).filter((word, i) => word !== keepMask(256, options)[i]).length,
      0,
    ),
    exactly(
      "elements in which step 0, asked for again, differs",
      layer.forward(x, { step: 0 }).filter((y, i) => y !== steps[0]![i]).length,
      0,
    ),
    atLeast("elements in which steps 0 and 1 differ", steps[0]!.filter((y, i) => y !== steps[1]![i]).length, 64),
  ];
}

export function functional(): Measure[] {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const mask = [1, 0, 1, 1, 0, 0, 1, 1];
  const y = dropout(x, { rate: 0.5, mask });
  return [
    exactly("4 samples of 2 features, as one array", y, [2, 0, 6, 8, 0, 0, 14, 16]),
    exactly(
      "row by row",
      [0, 2, 4, 6].flatMap((i) => [...dropout(x.slice(i, i + 2), { rate: 0.5, mask: mask.slice(i, i + 2) })]),
      y,
    ),
  ];
}

export function oneProbability(): Measure[] {
  const call = (options: object) => () => dropout([1], { ...options, key: key(0) } as never);
  return [
    exactly(
      "keep follows from rate, rate from keep",
      [new Dropout({ rate: 0.3, key: key(0) }).keep, new Dropout({ keep: 0.7, key: key(0) }).rate],
      [0.7, 1 - 0.7],
    ),
    exactly(
      "refused: both, neither",
      [throws(call({ rate: 0.3, keep: 0.6 }), "either rate or keep"), throws(call({}), "rate is missing")],
      [1, 1],
    ),
    differs(
      "factor of a kept element in training with both set freely, rate 0.7 and keep 0.5, against 1 / keep",
      1 / 0.5,
      0.7 / 0.5,
    ),
  ];
}

export function trainScale(): Measure[] {
  const kept = RATES.map((rate) => dropout([1], { rate, mask: [1] })[0]!);
  const exact = RATES.map((rate) => expectation({ n: 1, rate }, (mask) => dropout([1], { rate, mask })[0]!));
  return [
    equals("value of a kept 1 at rates 0.2, 0.5, 0.6, 0.7: 1 / keep", kept, [1.25, 2, 2.5, 10 / 3]),
    equals("mean in training", exact, [1, 1, 1, 1]),
    equals("mean with the source's factor rate / keep: the rate", means("train"), RATES),
    differs(
      "kept values with the source's factor",
      kept,
      RATES.map((rate) => sourceForward([1], [1], rate, "train")[0]!),
    ),
    exactly("rate 0: the identity", dropout([3], { rate: 0, key: key(0) }), 3),
    differs("rate 0 with the source's factor", 3, sourceForward([3], [1], 0, "train")),
  ];
}

export function evalIsFixed(): Measure[] {
  const ours = RATES.map((rate) => expectedMoments({ n: 1, rate }, () => dropout([1], { rate, mode: "eval" })));
  return [
    exactly(
      "eval output of 1, and its variance",
      ours.flatMap(({ mean, covariance }) => [mean[0]!, covariance[0]!]),
      [1, 0, 1, 0, 1, 0, 1, 0],
    ),
    equals("the source's mean in eval: keep", means("eval"), [0.8, 0.5, 0.4, 0.3]),
    equals("the source's variance in eval: keep (1 - keep)", variances("eval"), [0.16, 0.25, 0.24, 0.21]),
    differs(
      "the source's mean in eval against its mean in training, at all of those rates but 0.5",
      means("eval").filter((_, i) => RATES[i] !== 0.5),
      means("train").filter((_, i) => RATES[i] !== 0.5),
    ),
  ];
}

/**
 * A stochastic pass at prediction, as the source's third mode can be meant: the mask on, with the scale, and a
 * backward pass.
 */
export function sampleMode(): Measure[] {
  const rate = 0.2;
  const layer = new Dropout({ rate, key: key(9), mode: "sample" });
  const ones = new Float64Array(64).fill(1);
  const y = layer.forward(ones);
  return [
    equals(
      "mean and variance in mode sample",
      Object.values(expectedMoments({ n: 1, rate }, (mask) => dropout([1], { rate, mask, mode: "sample" }))).map(
        (v) => v[0]!,
      ),
      [1, 0.25],
    ),
    exactly(
      "elements in which gradient and output of ones differ, of 64",
      layer.backward(ones).filter((g, i) => g !== y[i]).length,
      0,
    ),
    equals(
      "mean and variance of the source's branch, the mask without the scale",
      [sourceMoments(rate, "sgld").mean[0]!, sourceMoments(rate, "sgld").covariance[0]!],
      [0.8, 0.16],
    ),
    differs("its mean against x", sourceMoments(rate, "sgld").mean, 1),
  ];
}

export function noDropout(): Measure[] {
  const x = [2, -3];
  return [
    exactly("rate 0", dropout(x, { rate: 0, key: key(0) }), x),
    exactly("rate 1", dropout(x, { rate: 1, key: key(0) }), [0, 0]),
    differs("the source's name for no dropout, rate 1, against x", dropout(x, { rate: 1, key: key(0) }), x),
  ];
}

export function modes(): Measure[] {
  const call = () => dropout([1], { rate: 0.5, key: key(0), mode: "test" as never });
  return [
    exactly('mode "test" is refused', throws(call, 'mode must be "train", "eval" or "sample", got "test"'), 1),
    exactly(
      "the source's test mode, which matches no branch: the identity, as eval should be",
      sourceForward([4], [0], 0.5, "test"),
      dropout([4], { rate: 0.5, mode: "eval" }),
    ),
    differs(
      "the source's documented eval mode, for a dropped element",
      dropout([4], { rate: 0.5, mode: "eval" }),
      sourceForward([4], [0], 0.5, "eval"),
    ),
  ];
}

/** Kept if a uniform is below keep: the comparison is right, the name in it undefined. */
export function comparison(): Measure[] {
  const n = 2 ** 16;
  const low = keepMask(n, { keep: 0.3, key: key(4) });
  const high = keepMask(n, { keep: 0.6, key: key(4) });
  const [few, many] = [unpackMask(low, n), unpackMask(high, n)];
  return [
    exactly(
      "elements kept at 0.3 but not at 0.6 under one key: one uniform, two thresholds",
      few.filter((bit, i) => bit > many[i]!).length,
      0,
    ),
    atLeast("elements kept at 0.6 but not at 0.3", sum(many) - sum(few), n / 4),
    ...oneProbability(),
  ];
}

export function pure(): Measure[] {
  const x = new Float64Array([1, 2, 3, 4]);
  const layer = new Dropout({ rate: 0.5, key: key(1) });
  const y = layer.forward(x);
  const inPlace = Float64Array.of(1, 2, 3, 4);
  inPlace.forEach((v, i) => {
    inPlace[i] = v * [1, 0, 1, 0][i]! * 2; // X *= mask * scale
  });
  return [
    exactly("the input after a forward pass", x, [1, 2, 3, 4]),
    differs("the input after the source's X *= …", [1, 2, 3, 4], inPlace),
    exactly(
      "the mask of the pass can be asked for, and gives the output",
      dropout(x, { rate: 0.5, mask: layer.mask! }),
      y,
    ),
    exactly(
      "arrays of whole numbers are refused, not truncated",
      throws(
        () => dropout(new Int32Array([1, 2]) as never, { rate: 0.5, key: key(1) }),
        "x must be a Float32Array, a Float64Array or an array of numbers",
      ),
      1,
    ),
  ];
}

export function keptGradients(): Measure[] {
  const options = { rate: 0.2, mask: [1, 0, 1] };
  const dy = [1, 2, 3];
  const dx = dropoutBackward(dy, options);
  const reversed = dy.map((g, i) => (options.mask[i] === 0 ? g / 0.8 : 0));
  return [
    equals("gradient at rate 0.2, mask [1, 0, 1]: dy / keep where kept, 0 where dropped", dx, [1.25, 0, 3.75]),
    differs("against gradients of the dropped ones only", dx, reversed),
    exactly("classic scaling: dy where kept", dropoutBackward(dy, { ...options, scaling: "classic" }), [1, 0, 3]),
  ];
}
