// Source 003, section 9.4, in its order: every numbered formula and table, with its numbers.
// Its p is the probability of keeping, `keep` here; what it calls unscaled is "classic" scaling, scaled "inverted".

import {
  Dropout2d,
  dropout,
  GaussianDropout,
  keepMask,
  key,
  LogitNormalDropout,
  unpackMask,
  VariationalLogitNormalDropout,
} from "hadamask";
import {
  bernoulliMultiplier,
  bernoulliRawMoment,
  coefficientOfVariation,
  dropoutRidge,
  exactMeanPass,
  expectation,
  expectedMoments,
  expectedSquaredLoss,
  gaussianRawMoment,
  keepProduct,
  logisticPenalty,
  meanFieldPass,
  type NetworkLayer,
  normalCdf,
  normalExpectation,
  outputMoments,
  quadraticLogisticPenalty,
  recurrentChain,
  ridge,
} from "hadamask/theory";

// Six digits; what is 0 but for rounding is 0.
const number = (v: number): string => String(Math.abs(v) < 1e-12 ? 0 : Number(v.toPrecision(6)));
const show = (values: Iterable<number>): string => `[${[...values].map(number).join(", ")}]`;
const line = (name: string, ...rest: readonly (string | number)[]): void =>
  console.log(`  ${name.padEnd(34)}`, ...rest.map((v) => (typeof v === "number" ? number(v) : v)));
const section = (title: string): void => console.log(`\n${title}`);
const corrected = (text: string): void => console.log(`  corrected: ${text}`);
const keeps = [0.1, 0.3, 0.5, 0.7, 0.9];

console.log("9.4.1 Masks");
const drawn = unpackMask(keepMask(100000, { keep: 0.3, key: key(0) }), 100000);
line(
  "(9.4.1) m ~ Bernoulli(keep)",
  "share kept of 100000 at keep 0.3:",
  drawn.reduce((sum, bit) => sum + bit, 0) / 100000,
);
const f = [(m: number) => Math.exp(m), (m: number) => (m - 2) ** 2, (m: number) => 1 / (1 + m)];
const joint = expectation({ n: 3, keep: 0.3 }, (m) => f.reduce((p, fj, j) => p * fj(m[j]!), 1));
const apart = f.reduce((p, fj) => p * expectation({ n: 1, keep: 0.3 }, ([m]) => fj(m!)), 1);
line("(9.4.2) E[prod f_j(m_j)]", joint, "= product of the means", apart);
const x = [2, 4, 6];
const mask = [1, 0, 1];
line("(9.4.3) y = m * x", show(dropout(x, { keep: 0.5, scaling: "classic", mask })));

section("9.4.2 Expectation");
const meanOf = (scaling: "inverted" | "classic") =>
  expectedMoments({ n: 3, keep: 0.8 }, (m) => dropout(x, { keep: 0.8, scaling, mask: m })).mean;
line("(9.4.4) inverted, E[y]", show(meanOf("inverted")), "= x");
line("(9.4.5) classic, E[y]", show(meanOf("classic")), "= keep * x, keep 0.8");
line(
  "(9.4.6) one component",
  expectation({ n: 1, keep: 0.8 }, (m) => dropout([2], { keep: 0.8, mask: m })[0]!),
);
corrected("for a random x that is E[y | x] = x; independence of m and x says nothing about a fixed x");
line("E[y^2] at keep 0.8, x = 1", bernoulliRawMoment(2, { keep: 0.8 }));
corrected("so the strength of the signal is not kept, its mean is");
console.log("\n  Table 9.4.1 at keep 0.5, x = 2, mask 1");
for (const scaling of ["classic", "inverted"] as const) {
  const train = dropout([2], { keep: 0.5, scaling, mask: [1] });
  const test = dropout([2], { keep: 0.5, scaling, mode: "eval" });
  line(`  ${scaling}`, "training", show(train), "test", show(test));
}
const layers = (activation: "linear" | "relu", bias: number): NetworkLayer[] => [
  {
    weights: [
      [1, -0.5, 0.25],
      [0.5, 1, -1],
      [-1, 0.5, 1],
    ],
    keep: 0.8,
    activation,
    bias: [bias, bias, bias],
  },
  {
    weights: [
      [0.5, 1, -1],
      [1, -0.5, 0.5],
      [0.25, 1, 1],
    ],
    keep: 0.5,
    activation,
    bias: [bias, bias, bias],
  },
  { weights: [[1, -1, 0.5]], keep: 0.5 },
];
console.log("\n  Theorem 9.4.2, three layers, keeps 0.8, 0.5, 0.5");
for (const [activation, bias] of [
  ["linear", 0],
  ["linear", 0.5],
  ["relu", 0],
  ["relu", 0.5],
] as const) {
  const net = layers(activation, bias);
  const full = meanFieldPass([1, 2, -1], net)[0]!;
  const exact = exactMeanPass([1, 2, -1], net, "classic")[0]!;
  line(
    `  ${activation}, bias ${bias}, classic`,
    "product of keeps * full:",
    keepProduct(net) * full,
    " exact mean:",
    exact,
  );
  line("", "inverted, full:", full, " exact mean:", exactMeanPass([1, 2, -1], net)[0]!);
}
corrected("the product is right for classic scaling, linear layers and no biases; inverted scaling has no factor");
line("ten layers at keep 0.5, classic", 0.5 ** 10);
line(
  "ten layers at keep 0.5, inverted",
  expectation({ n: 10, keep: 0.5 }, (m) => m.reduce((h, bit) => dropout([h], { keep: 0.5, mask: [bit] })[0]!, 1)),
);
corrected("the signal does not decay with the scaling that is the default");

section("9.4.3 Variance");
const classic = expectedMoments({ n: 1, keep: 0.7 }, (m) => dropout([3], { keep: 0.7, scaling: "classic", mask: m }));
const second = expectation(
  { n: 1, keep: 0.7 },
  (m) => dropout([3], { keep: 0.7, scaling: "classic", mask: m })[0]! ** 2,
);
line("(9.4.7) E[y^2] - E[y]^2", second - classic.mean[0]! ** 2, "x = 3, keep 0.7");
line("(9.4.8) keep (1 - keep) x^2", classic.covariance[0]!);
line("deviation over input, over mean", Math.sqrt(0.7 * 0.3), coefficientOfVariation({ keep: 0.7 }));
corrected("relative means over the mean: sqrt((1 - keep) / keep)");
const covariance = outputMoments([2, 4, 6], bernoulliMultiplier({ keep: 0.7, scaling: "classic" })).covariance;
line("(9.4.9) covariance, [2, 4, 6]", [0, 3, 6].map((i) => show(covariance.slice(i, i + 3))).join(" "));
corrected("as printed it needs diag(keep (1 - keep)) to be a matrix: keep (1 - keep) diag(x^2)");
line(
  "theorem 9.4.3, keep (1 - keep)",
  "largest at 0.5:",
  bernoulliMultiplier({ keep: 0.5, scaling: "classic" }).variance,
);

const data = {
  x: [
    [1, 2, 0.5],
    [-1, 0, 1.5],
    [0.5, -1, 2],
    [2, 1, -0.5],
    [-0.5, 1.5, 1],
  ],
  y: [1, 0, -1, 2, 0.5],
};
const norm = (w: Float64Array): number => Math.hypot(...w);
console.log("\n  Table 9.4.2, and what follows from it for trained weights");
console.log("    keep  keep (1 - keep)  (1 - keep) / keep  norm of trained weights");
for (const keep of keeps) {
  const cells = [
    bernoulliMultiplier({ keep, scaling: "classic" }).variance.toFixed(2).padStart(15),
    bernoulliMultiplier({ keep }).variance.toFixed(4).padStart(17),
    norm(dropoutRidge(data, { keep })).toFixed(4).padStart(23),
  ];
  console.log(`    ${keep}   ${cells.join("  ")}`);
}
corrected("regularisation is not strongest at 0.5: it grows as keep falls, as the last two columns do");

section("9.4.4 L2");
const w = [0.5, -1, 2];
const row = [1, 2, 0.5];
const clean = -0.5; // w . row
const prediction = (m: Uint8Array): number =>
  dropout(row, { keep: 0.8, scaling: "classic", mask: m }).reduce((sum, v, j) => sum + w[j]! * v, 0);
const over = (value: (p: number) => number): number => expectation({ n: 3, keep: 0.8 }, (m) => value(prediction(m)));
const penalty = w.reduce((sum, v, j) => sum + (v * row[j]!) ** 2, 0);
line(
  "(9.4.10) E[(t - prediction)^2]",
  over((p) => (1 - p) ** 2),
  "target t = 1, keep 0.8",
);
line(
  "(9.4.11) E[prediction^2]",
  over((p) => p * p),
);
line("(9.4.12) its closed form", 0.64 * clean ** 2 + 0.16 * penalty);
line("(9.4.13) as printed, y = t", 0.04 * 1 ** 2 + 0.16 * penalty);
line("right, classic", expectedSquaredLoss({ x: [row], y: [1] }, w, { keep: 0.8, scaling: "classic" }));
line("right, inverted", expectedSquaredLoss({ x: [row], y: [1] }, w, { keep: 0.8 }));
corrected("(9.4.13) has one letter for target and prediction: (t - keep f)^2 + keep (1 - keep) sum w^2 x^2");
line("minimiser at keep 0.5", show(dropoutRidge(data, { keep: 0.5 })));
line("ridge, lambda 5", show(ridge(data, 5)));
corrected("the penalty weights each w_j^2 by sum x_ij^2; it is plain L2 for standardised features only");
line(
  "remark 9.4.1, logistic, keep 0.5",
  "exact",
  logisticPenalty(data.x, w, { keep: 0.5 }),
  "quadratic",
  quadraticLogisticPenalty(data.x, w, { keep: 0.5 }),
);

section("9.4.5 Variants");
const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
console.log("  (9.4.14) m = sigmoid(N(0, sigma^2) + N(0, 1))");
for (const sigma of [0, 1, 3, 10]) {
  const law = { mean: 0, variance: 1 + sigma ** 2 };
  const mean = normalExpectation(sigmoid, law);
  line(
    `    sigma ${sigma}`,
    "mean",
    mean,
    "variance",
    normalExpectation((u) => (sigmoid(u) - mean) ** 2, law),
  );
}
const soft = new LogitNormalDropout({ sigma: 1, scaling: "classic", key: key(5) });
soft.forward([1, 1, 1, 1]);
line("    four of them, sigma 1", show(soft.multipliers!));
corrected("logit-normal, not log-normal; its mean is 1/2 for every sigma, so no keep can be set");
const completed = new VariationalLogitNormalDropout({ units: 1, sigma: 1, mu: [1], rho: [Math.log(0.5)], key: key(0) });
line("lemma 9.4.3, KL at mu 1, s 0.5", completed.penalty(), "of the mask completed with a posterior");
corrected("the objective is E[log likelihood] minus KL");
const gaussian = new GaussianDropout({ keep: 0.5, scaling: "classic", variance: 0.25, key: key(6) });
gaussian.forward(new Float64Array(100000).fill(1));
const m = gaussian.multipliers!;
const average = m.reduce((sum, v) => sum + v, 0) / m.length;
const spread = m.reduce((sum, v) => sum + (v - 0.5) ** 2, 0) / m.length;
console.log("  Theorem 9.4.5, m ~ N(0.5, 0.25), x = 3, 100000 draws");
line("    E[y] = keep x", 3 * average);
line("    Var(y)", 9 * spread, "sigma^2 x^2 =", 2.25, "keep sigma^2 x^2 =", 1.125);
corrected("the variance has no factor keep");
for (const order of [2, 3, 4]) {
  const moments = [
    bernoulliRawMoment(order, { keep: 0.8 }),
    gaussianRawMoment(order, bernoulliMultiplier({ keep: 0.8 })),
  ];
  line(`    moment ${order} at keep 0.8, unit mean`, "Bernoulli", moments[0]!, "Gaussian", moments[1]!);
}
console.log("\n  Table 9.4.3, corrected: variance for x = 1 at keep 0.8, and the chance of a negative mask");
line(
  "    Bernoulli, classic, inverted",
  bernoulliMultiplier({ keep: 0.8, scaling: "classic" }).variance,
  bernoulliMultiplier({ keep: 0.8 }).variance,
);
line(
  "    logit-normal, sigma 1",
  normalExpectation((u) => (sigmoid(u) - 0.5) ** 2, { mean: 0, variance: 2 }),
  "mean 0.5",
);
line(
  "    Gaussian, unit mean",
  bernoulliMultiplier({ keep: 0.8 }).variance,
  "negative with probability",
  normalCdf(-2),
);
const maps = new Dropout2d({ rate: 0.5, key: key(1) }).forward(new Float64Array(12).fill(1), { shape: [1, 3, 2, 2] });
line("CNN: three 2 x 2 maps", [0, 4, 8].map((i) => show(maps.slice(i, i + 4))).join(" "));
corrected("spatial dropout draws once a channel and drops whole maps");
const { mean: fresh } = recurrentChain(5, "fresh", { keep: 0.8 });
const { mean: tied } = recurrentChain(5, "tied", { keep: 0.8 });
line("RNN: mean after 5 masked steps", "a new mask each", fresh, "one for all", tied);
corrected(
  "recurrent connections can be masked too (one mask a sequence); then inverted scaling does not keep the mean",
);
