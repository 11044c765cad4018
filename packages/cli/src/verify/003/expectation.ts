// Source 003, sections 9.4.1 and 9.4.2: masks, scalings, expectation. Its p keeps: `keep` here; without scaling is
// "classic".

import { dropout, foldIn, type Key, keepMask, key, unpackMask } from "hadamask";
import { exactMeanPass, expectation, expectedMoments, meanFieldPass, type NetworkLayer } from "hadamask/theory";
import { pairCovariance } from "../independence.js";
import { atLeast, differs, equals, exactly, type Measure } from "../measure.js";
import { KEPT_FACTORS } from "../recorded.js";
import { type Claim, rowsOf } from "../row.js";
import { meanBound, NORMAL_QUANTILE } from "../statistics.js";
import { allMasks, hadamard, sum, times } from "../vectors.js";
import { deepRelu } from "./deep-relu.js";
import { meansOf } from "./three-layers.js";

const { holds, corrected, noted } = rowsOf("003");

export const KEEPS = [0.1, 0.3, 0.5, 0.7, 0.9];
export const X = [2, 4, 6];

/** Exact moments of those three numbers after dropout. */
export const momentsAt = (keep: number, scaling: "inverted" | "classic") =>
  expectedMoments({ n: 3, keep }, (mask) => dropout(X, { keep, scaling, mask }));

function sampler(): Measure[] {
  const n = 2 ** 18;
  const bits = (keep: number, of: Key) => unpackMask(keepMask(n, { keep, key: of }), n);
  const shares = KEEPS.map((keep) => {
    const bound = meanBound(keep * (1 - keep), Math.max(keep, 1 - keep), n);
    return equals(`share kept of ${n}, keep ${keep}`, sum(bits(keep, key(3))) / n, keep, bound);
  });
  // Keep 1/4 is decided by two planes, keep 0.3 by as many as it takes.
  const short = (keep: number, of: Key) => bits(keep, of).subarray(0, 2 ** 16);
  return [
    ...shares,
    pairCovariance("two decisions, keep 1/4", 0.25, short(0.25, key(3))),
    pairCovariance("two decisions, keep 0.3", 0.3, short(0.3, key(3))),
    pairCovariance("decisions under keys that follow one another", 0.3, short(0.3, key(3)), short(0.3, key(4))),
    pairCovariance(
      "decisions under two keys derived from one",
      0.3,
      short(0.3, foldIn(key(3), 0)),
      short(0.3, foldIn(key(3), 1)),
    ),
  ];
}

export function productRule(): Measure[] {
  const f = [(m: number) => Math.exp(m), (m: number) => (m - 2) ** 2, (m: number) => 1 / (1 + m)];
  const joint = expectation({ n: 3, keep: 0.3 }, (mask) => f.reduce((product, fj, j) => product * fj(mask[j]!), 1));
  const separate = f.reduce((product, fj) => product * expectation({ n: 1, keep: 0.3 }, ([m]) => fj(m!)), 1);
  return [
    equals(
      "E[e^m (m - 2)^2 / (1 + m)], keep 0.3: joint, and as a product",
      [joint, separate],
      [3.9933017853968744, 3.9933017853968744],
    ),
    differs(
      "with one bit for both: E[m m] against keep^2",
      expectation({ n: 1, keep: 0.3 }, ([m]) => m! * m!),
      0.09,
    ),
  ];
}

/** Output in training for all masks, and at test, of one scaling. */
function modes(scaling: "inverted" | "classic", factor: number): Measure[] {
  const keep = 0.5;
  return [
    exactly(
      "training output, all 8 masks",
      allMasks(3).flatMap((mask) => [...dropout(X, { keep, scaling, mask })]),
      allMasks(3).flatMap((mask) => times(factor, hadamard(mask, X))),
    ),
    exactly("test output", dropout(X, { keep, scaling, mode: "eval" }), times(scaling === "inverted" ? 1 : keep, X)),
  ];
}

/** The factor of a kept element, as frameworks gave it when they were run. */
const frameworks = (): Measure[] => [
  exactly(
    `ours at keep 0.5, against ${Object.keys(KEPT_FACTORS).join(", ")}`,
    Object.values(KEPT_FACTORS).map(() => dropout([1], { keep: 0.5, mask: [1] })[0]!),
    Object.values(KEPT_FACTORS),
  ),
];

const mean = (scaling: "inverted" | "classic") => KEEPS.map((keep) => momentsAt(keep, scaling).mean[1]!);
const means = (scaling: "inverted" | "classic", expected: (keep: number) => number): Measure[] => [
  equals("E[y] for x = 4 at keep 0.1, 0.3, 0.5, 0.7, 0.9", mean(scaling), KEEPS.map(expected)),
];

/** x is 2 or -1, the mask bit is independent of it: enumerated together. */
export function randomInput(): Measure[] {
  const points = [2, -1];
  const keep = 0.7;
  const joint = expectation({ keeps: [0.5, keep] }, ([bit, m]) => dropout([points[bit!]!], { keep, mask: [m!] })[0]!);
  const given = points.map((x) => expectation({ n: 1, keep }, (mask) => dropout([x], { keep, mask })[0]!));
  return [
    equals("E[y | x] for x = 2 and x = -1", given, points),
    equals("E[y] for x = 2 or -1 at random: E[x]", joint, 0.5),
    differs("E[y] for random x against x itself", [joint, joint], points),
  ];
}

export function power(): Measure[] {
  const square = (keep: number) => expectation({ n: 1, keep }, (mask) => dropout([1], { keep, mask })[0]! ** 2);
  return [
    equals("E[y^2] / x^2 at keep 0.5 and 0.8: 1 / keep", [0.5, 0.8].map(square), [2, 1.25]),
    differs("against a kept power", [0.5, 0.8].map(square), [1, 1]),
  ];
}

const implementations = () => [...modes("classic", 1), ...modes("inverted", 2)];

/** The source's two-layer example: dropout between a sigmoid layer and a linear one. */
export function twoLayerExample(): Measure[] {
  const layers: NetworkLayer[] = [
    {
      weights: [
        [1, -0.5],
        [0.5, 1],
        [-1, 2],
      ],
      rate: 0,
      activation: "sigmoid",
    },
    {
      weights: [
        [1, -1, 0.5],
        [2, 0.25, -1],
      ],
      keep: 0.6,
    },
  ];
  const followed: NetworkLayer[] = [...layers, { weights: [[1, 1]], rate: 0, activation: "tanh" }];
  const nonlinear: NetworkLayer[] = [layers[0]!, { ...layers[1]!, activation: "relu" }];
  const x = [0.3, -1.2];
  return [
    equals(
      "E[h2] against keep * W2 h1, enumerated: exact, with nothing assumed",
      exactMeanPass(x, layers, "classic"),
      meanFieldPass(x, layers, "classic"),
    ),
    differs("with a ReLU after it", exactMeanPass(x, nonlinear, "classic"), meanFieldPass(x, nonlinear, "classic")),
    differs("with a tanh layer after it", exactMeanPass(x, followed, "classic"), meanFieldPass(x, followed, "classic")),
  ];
}

type Row = Parameters<typeof meansOf>;

/** Exact mean, product rule, mean-field pass (classic), exact mean (inverted), full network. */
const PROPAGATION: readonly { readonly of: Row; readonly golden: readonly number[] }[] = [
  { of: ["linear", 0], golden: [1.61875, 1.61875, 1.61875, 8.09375, 8.09375] },
  { of: ["linear", 0.5], golden: [1.821875, 1.73125, 1.821875, 8.65625, 8.65625] },
  { of: ["relu", 0], golden: [1.049, 1.05, 1.05, 5.245, 5.25] },
  { of: ["relu", 0.5], golden: [1.451375, 1.38125, 1.659375, 6.40075, 6.90625] },
  { of: ["tanh", 0], golden: [0.461183, 0.364624, 0.596828, 1.222339, 1.823119] },
  { of: ["sigmoid", 0], golden: [0.201569, 0.118088, 0.21052, 0.515536, 0.590442] },
];

export function scalingProduct(): Measure[] {
  const [bare, biased, relu] = [meansOf("linear", 0), meansOf("linear", 0.5), meansOf("relu", 0)];
  return [
    equals(
      "linear layers, no biases, classic: exact mean against the product of the keeps",
      bare.classic,
      bare.product,
    ),
    differs("linear layers with biases: exact mean against the product", biased.classic, biased.product),
    equals("linear layers with biases: exact mean against the mean-field pass", biased.classic, biased.meanField),
    differs("ReLU layers: exact mean against the product", relu.classic, relu.product, 5e-4),
    equals(
      "ReLU layers, no biases: classic mean against the product times the inverted one",
      relu.classic,
      0.2 * relu.inverted,
    ),
    equals("linear layers, inverted: exact mean against the full network", bare.inverted, bare.full),
    ...PROPAGATION.map(({ of, golden }) => {
      const m = meansOf(...of);
      const what = `${of[0]}, bias ${of[1]}: exact, product, mean field (classic); exact (inverted); full`;
      return equals(what, [m.classic, m.product, m.meanField, m.inverted, m.full], golden, 5e-7);
    }),
  ];
}

const DEPTHS = [1, 2, 4, 8];

/** The mean behind ten linear layers at keep 0.5, of 1. */
export const throughTenLayers = (scaling: "inverted" | "classic"): number =>
  expectation({ n: 10, keep: 0.5 }, (mask) =>
    mask.reduce((h, bit) => dropout([h], { keep: 0.5, scaling, mask: [bit] })[0]!, 1),
  );

export function depth(): Measure[] {
  const grown = [0.8, 0.5].map((keep) => ({
    keep,
    ...deepRelu({ depths: DEPTHS, keep, width: 64, nets: 20, passes: 200, seed: 7 }),
  }));
  return [
    equals("ten linear layers at keep 0.5, classic: mean", throughTenLayers("classic"), 0.5 ** 10),
    equals("the same, inverted", throughTenLayers("inverted"), 1),
    differs("inverted against the claimed decay", throughTenLayers("inverted"), 0.5 ** 10),
    ...grown.flatMap(({ keep, growth, growthError }) => [
      atLeast(
        `ReLU networks, inverted, keep ${keep}: mean activation over the deterministic one at depth 1, 2, 4, 8`,
        growth,
        1,
      ),
      ...DEPTHS.map((d, i) =>
        equals(
          `keep ${keep}, depth ${d}: that ratio against the limit of wide networks, keep^(-depth / 2)`,
          growth[i]!,
          keep ** (-d / 2),
          NORMAL_QUANTILE * growthError[i]!,
        ),
      ),
    ]),
  ];
}

export const source003Expectation: readonly Claim[] = [
  noted("S3-01", "9.4", "Programme of the section: masks, expectation, variance, the link to L2, variants"),
  holds(
    "S3-02",
    "9.4.1, (9.4.1)",
    "Each mask element is 1 with probability keep, independently; keep about 0.5",
    sampler,
  ),
  holds(
    "S3-03",
    "9.4.1, (9.4.2)",
    "The mean of a product of functions of different mask elements is the product of the means",
    productRule,
  ),
  holds("S3-04", "9.4.1, (9.4.3)", "y = m * x, elementwise", () => modes("classic", 1).slice(0, 1)),
  holds("S3-05", "9.4.1", "Without scaling: m * x in training, keep * x at test", () => modes("classic", 1)),
  holds("S3-06", "9.4.1", "With scaling: m * x / keep in training, x at test; the default of frameworks", () => [
    ...modes("inverted", 2),
    ...frameworks(),
  ]),
  holds("S3-07", "9.4.2, theorem 9.4.1, (9.4.4)", "With scaling E[y] = x", () => means("inverted", () => 4)),
  holds("S3-08", "9.4.2, theorem 9.4.1, (9.4.5)", "Without scaling E[y] = keep * x", () =>
    means("classic", (keep) => 4 * keep),
  ),
  corrected(
    "S3-09",
    "9.4.2, (9.4.6)",
    "E[m x] / keep = x because m and x are independent",
    "For fixed x independence is empty, and E[y] = x; for random x it gives E[y | x] = x and E[y] = E[x]",
    randomInput,
  ),
  corrected(
    "S3-10",
    "9.4.2",
    "In terms of information, dropout keeps the mean strength of the signal",
    "It keeps the mean; the power becomes E[y^2] = x^2 / keep",
    power,
  ),
  holds("S3-11", "table 9.4.1", "Two implementations: what they do in training and at test", implementations),
  holds("S3-12", "9.4.2", "Two layers: E[h2] = keep * W2 h1", twoLayerExample),
  corrected(
    "S3-13",
    "9.4.2, theorem 9.4.2",
    "The mean output is scaled by the product of the keeps",
    "So for classic scaling and linear layers without biases; with inverted scaling the factor is 1, and after " +
      "nonlinearities neither is exact",
    scalingProduct,
  ),
  corrected(
    "S3-14",
    "9.4.2",
    "In deep networks the signal decays by the product of the keeps",
    "With classic scaling in training (the test output too); with inverted scaling the mean stays, and under " +
      "ReLU it grows",
    depth,
  ),
];
