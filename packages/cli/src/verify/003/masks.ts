// The masks of source 003, section 9.4.5: logit-normal and Gaussian ones, measured. Its p keeps: `keep` here.

import { GaussianDropout, key, LogitNormalDropout, VariationalDropout, VariationalLogitNormalDropout } from "hadamask";
import { logUniformKl } from "hadamask/noise";
import {
  bernoulliMultiplier,
  bernoulliRawMoment,
  checkGradient,
  gaussianRawMoment,
  normalCdf,
  normalExpectation,
} from "hadamask/theory";
import { atLeast, atMost, differs, equals, exactly, type Measure } from "../measure.js";
import { meanBound, meanOf, normalMeanBound, varianceOf } from "../statistics.js";
import { dot, flag, sum, times } from "../vectors.js";

const DRAWS = 2 ** 17;
const ones = new Float64Array(DRAWS).fill(1);
const logistic = (u: number) => 1 / (1 + Math.exp(-u));

/** Var(S(u)) and the variance of (S(u) - 1/2)^2 for u normal with mean 0, by quadrature. */
function softMoments(variance: number): { second: number; spread: number } {
  const law = { mean: 0, variance };
  const second = normalExpectation((u) => (logistic(u) - 0.5) ** 2, law);
  return { second, spread: normalExpectation((u) => (logistic(u) - 0.5) ** 4, law) - second ** 2 };
}

export function softMask(): Measure[] {
  const sigmas = [0, 0.5, 1, 2, 3, 5, 10];
  const draws = sigmas.map((sigma, i) => {
    const layer = new LogitNormalDropout({ sigma, scaling: "classic", key: key(30 + i) });
    layer.forward(ones);
    return layer.multipliers!;
  });
  const laws = sigmas.map((sigma) => softMoments(1 + sigma ** 2));
  const logNormalMean = Math.exp((1 + 1) / 2);
  const learned = Object.keys(new LogitNormalDropout({ sigma: 1, key: key(0) }).parameters);
  return [
    equals(
      "variance of the mask at sigma 0, 0.5, 1, 2, 3, 5, 10, by quadrature",
      laws.map(({ second }) => second),
      [0.04337904, 0.05071225, 0.06841908, 0.1087563, 0.13970536, 0.17615792, 0.21092923],
      5e-9,
    ),
    ...sigmas.map((sigma, i) => {
      const { second, spread } = laws[i]!;
      return equals(
        `the same of ${DRAWS} draws of the layer, sigma ${sigma}`,
        varianceOf(draws[i]!, 0.5),
        second,
        meanBound(spread, 0.25, DRAWS),
      );
    }),
    equals(
      "mean of the draws at sigma 10: 1/2, as at every sigma",
      meanOf(draws[6]!),
      0.5,
      meanBound(laws[6]!.second, 0.5, DRAWS),
    ),
    atLeast("smallest draw", Math.min(...draws.map((d) => d.reduce((a, b) => Math.min(a, b)))), 0),
    atMost("largest draw", Math.max(...draws.map((d) => d.reduce((a, b) => Math.max(a, b)))), 1),
    differs("mean against that of a log-normal variable, sigma 1", meanOf(draws[2]!), logNormalMean, 0.1),
    exactly("parameters that can be learned: sigma alone", [learned.length, flag(learned[0] === "sigma")], [1, 1]),
  ];
}

export function divergence(): Measure[] {
  const sigma = 1.5;
  const penalty = (mu: number, s: number) =>
    new VariationalLogitNormalDropout({ units: 1, sigma, mu: [mu], rho: [Math.log(s)], key: key(0) }).penalty();
  const logDensity = (u: number, m: number, s: number) => -Math.log(s) - (u - m) ** 2 / (2 * s ** 2);
  const byQuadrature = (mu: number, s: number) =>
    normalExpectation((u) => logDensity(u, mu, s) - logDensity(u, 0, sigma), { mean: mu, variance: s ** 2 });
  const points = [
    [0.5, 0.4],
    [-1, 1.5],
    [2, 3],
  ] as const;
  return [
    equals(
      "KL of the posterior N(mu, s^2) from N(0, sigma^2): the layer's, against quadrature",
      points.map(([mu, s]) => penalty(mu, s)),
      points.map(([mu, s]) => byQuadrature(mu, s)),
      1e-10,
    ),
    equals("at mu = 0, s = sigma", penalty(0, sigma), 0),
    atLeast(
      "elsewhere",
      points.map(([mu, s]) => penalty(mu, s)),
      0.1,
    ),
    differs("added with the other sign, as the source leaves open, at mu 2, s 3", penalty(2, 3), -penalty(2, 3), 0.1),
  ];
}

/** -KL at alpha 0.01, 0.25, 1 and 4, by the closed form with 25 digits (mpmath). */
const LOG_UNIFORM = [2.93268887, 1.15553328, 0.4266856, 0.11996073];

/** The divergence that Gaussian dropout with a learned variance is charged, from the log-uniform prior. */
export function logUniformDivergence(): Measure[] {
  const alphas = [0.01, 0.25, 1, 4];
  const penalties = alphas.slice(0, 3).map((alpha) => new VariationalDropout({ alpha, key: key(0) }).penalty());
  return [
    equals(
      "KL from the log-uniform prior at alpha 0.01, 0.25, 1, 4, against 25 digits",
      alphas.map((alpha) => logUniformKl(Math.log(alpha))),
      LOG_UNIFORM,
      5e-9,
    ),
    equals("what a layer with one variance is charged", penalties, LOG_UNIFORM.slice(0, 3), 5e-9),
  ];
}

/** Multipliers of the source's Gaussian mask: N(keep, variance). */
function gaussianMask(keep: number, variance: number, seed: number): Float64Array {
  const layer = new GaussianDropout({ keep, variance, scaling: "classic", key: key(seed) });
  layer.forward(ones);
  return layer.multipliers!;
}

export function gaussianMean(): Measure[] {
  const [keep, variance] = [0.7, 0.1];
  const layer = new GaussianDropout({ keep, variance, scaling: "classic", key: key(33), mode: "eval" });
  return [
    equals(
      `mean of ${DRAWS} multipliers, keep 0.7`,
      meanOf(gaussianMask(keep, variance, 33)),
      keep,
      normalMeanBound(variance, DRAWS),
    ),
    exactly("output in eval for 10: keep * x", layer.forward([10]), 7),
  ];
}

export function gaussianVariance(): Measure[] {
  const x = 3;
  return [
    [0.5, 0.25, 34],
    [0.7, 0.21, 35],
  ].flatMap(([keep, variance, seed]) => {
    const exact = normalExpectation((m) => ((m - keep!) * x) ** 2, { mean: keep!, variance: variance! });
    const y = times(x, gaussianMask(keep!, variance!, seed!));
    return [
      equals(
        `Var(m x) for x = 3, keep ${keep}, variance ${variance}, by quadrature: sigma^2 x^2`,
        exact,
        variance! * x ** 2,
      ),
      equals(`the same of ${DRAWS} draws`, varianceOf(y, keep! * x), exact, normalMeanBound(2 * exact ** 2, DRAWS)),
      differs("against keep sigma^2 x^2", varianceOf(y, keep! * x), keep! * variance! * x ** 2, 0.3),
    ];
  });
}

export function gaussianMatch(): Measure[] {
  const keeps = [0.8, 0.5, 0.2];
  const moments = (order: number) =>
    keeps.map((keep) => [bernoulliRawMoment(order, { keep }), gaussianRawMoment(order, bernoulliMultiplier({ keep }))]);
  return [
    equals(
      "E[m^2] at sigma^2 = keep (1 - keep), against E[m^2] of a Bernoulli mask",
      keeps.map((keep) => gaussianRawMoment(2, bernoulliMultiplier({ keep, scaling: "classic" }))),
      keeps,
    ),
    equals(
      "third moments at keep 0.8, 0.5, 0.2: Bernoulli, Gaussian (unit mean)",
      moments(3).flat(),
      [1.5625, 1.75, 4, 4, 25, 13],
    ),
    equals("fourth moments", moments(4).flat(), [1.953125, 2.6875, 8, 10, 125, 73]),
    differs("with the source's variance keep sigma^2: E[m^2] at keep 0.5", 0.25 + 0.5 * 0.25, 0.5),
  ];
}

export function sampling(): Measure[] {
  const layer = new GaussianDropout({ rate: 0.5, key: key(36) });
  const y = layer.forward(ones);
  const gradient = layer.backward(ones);
  const other = layer.forward(ones);
  const learned = new VariationalDropout({ alpha: 0.3, key: key(37) });
  const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i));
  const lossAt = (logAlpha: Float64Array) => {
    learned.parameters.logAlpha.set(logAlpha);
    return learned.forward(x, { step: 0 }).reduce((total, v) => total + v ** 2, 0);
  };
  lossAt(Float64Array.of(Math.log(0.3)));
  learned.backward(learned.forward(x, { step: 0 }).map((v) => 2 * v));
  return [
    exactly(
      "gradient at a drawn mask: the mask, as for Bernoulli; elements that differ",
      gradient.filter((g, i) => g !== y[i]).length,
      0,
    ),
    atLeast(
      "elements that a second pass changes: the mask is drawn",
      other.filter((v, i) => v !== y[i]).length,
      DRAWS / 2,
    ),
    equals(
      "learned variance, by reparameterisation: relative error of its gradient",
      checkGradient(lossAt, [Math.log(0.3)], learned.gradients.logAlpha).error,
      0,
      1e-7,
    ),
    ...preActivation(),
  ];
}

/**
 * What is true of Gaussian masks: a sum of masked terms is itself normal, so that one number can be drawn in place of
 * many.
 */
function preActivation(): Measure[] {
  const w = [0.5, -1, 2, 0.25];
  const x = [1, 2, 0.5, -2];
  const n = 2 ** 14;
  const layer = new GaussianDropout({ rate: 0.2, key: key(38) });
  const batch = layer.forward(Float64Array.from({ length: n * 4 }, (_, i) => x[i % 4]!));
  const z = Float64Array.from({ length: n }, (_, i) => dot(w, batch.subarray(4 * i, 4 * i + 4)));
  const mean = dot(w, x);
  const variance = 0.25 * sum(w.map((v, j) => (v * x[j]!) ** 2));
  const below = z.filter((v) => v < mean + Math.sqrt(variance)).length / n;
  return [
    equals(
      "variance of w . (m * x) over draws: alpha sum w^2 x^2",
      varianceOf(z, mean),
      variance,
      normalMeanBound(2 * variance ** 2, n),
    ),
    equals(
      "share below mean + one deviation: that of a normal variable",
      below,
      normalCdf(1),
      meanBound(normalCdf(1) * normalCdf(-1), 1, n),
    ),
  ];
}

export function negativeMasks(): Measure[] {
  const keeps = [0.9, 0.8, 0.5, 0.2];
  const closed = keeps.map((keep) => normalCdf(-Math.sqrt(keep / (1 - keep))));
  const share = keeps.map(
    (keep, i) => gaussianMask(keep, keep * (1 - keep), 40 + i).filter((m) => m < 0).length / DRAWS,
  );
  return [
    equals(
      "probability that a Gaussian multiplier is below 0 at keep 0.9, 0.8, 0.5, 0.2",
      closed,
      [0.00135, 0.0228, 0.1587, 0.3085],
      5e-5,
    ),
    ...keeps.map((keep, i) =>
      equals(
        `share below 0 of ${DRAWS} draws, keep ${keep}`,
        share[i]!,
        closed[i]!,
        meanBound(closed[i]! * (1 - closed[i]!), 1, DRAWS),
      ),
    ),
    equals(
      "noise variance of x = 3 at keep 0.5, classic and inverted: the x^2 that the table lacks",
      ["classic", "inverted"].map(
        (scaling) => 9 * bernoulliMultiplier({ keep: 0.5, scaling: scaling as "classic" }).variance,
      ),
      [2.25, 9],
    ),
    differs(
      "log-normal mean exp(1) against the mask's 1/2, sigma 1",
      normalExpectation(logistic, { mean: 0, variance: 2 }),
      Math.exp(1),
    ),
  ];
}
