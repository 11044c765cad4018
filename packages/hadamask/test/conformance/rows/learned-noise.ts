// Rows of the elementwise layers whose noise learns.

import { ConcreteDropout, key, LogitNormalDropout, VariationalDropout, VariationalLogitNormalDropout } from "hadamask";
import { concreteNoise } from "../../../src/noise/concrete.js";
import { logitNormalNoise } from "../../../src/noise/logit-normal.js";
import type { Noise } from "../../../src/noise/noise.js";
import type { Law, LayerRow, MakeOptions } from "../row.js";

const X = [0.5, -1.25, 2, 3.5, -0.75, 1];

/** Independent multipliers, one an element. */
const lawOf = (noise: Noise): Law => ({
  mean: X.map((value, i) => noise.mean(i) * value),
  covariance: X.flatMap((a, i) => X.map((_, j) => (i === j ? noise.variance(i) * a * a : 0))),
});

const defaults = ({ rate: _rate, ...options }: MakeOptions): MakeOptions => ({ key: key(1), ...options });

const common = { x: X, outputs: X.length, samples: 3, hasRate: false } as const;

const logitNormal = (scaling: "inverted" | "classic", errors: LayerRow["errors"]): LayerRow => ({
  ...common,
  name: `LogitNormalDropout, ${scaling}`,
  make: (options = {}) => new LogitNormalDropout({ sigma: 1.5, scaling, ...defaults(options) }),
  fromState: LogitNormalDropout.fromState,
  evaluated: () => (scaling === "inverted" ? X : X.map((value) => value / 2)),
  law: () => lawOf(logitNormalNoise({ mu: [0], s: [1.5], scale: scaling === "inverted" ? 2 : 1 })),
  errors,
});

const MU = [0.5, -1];
const RHO = [-0.3, 0.4];
const posterior = logitNormalNoise({ mu: MU, s: RHO.map(Math.exp) });

export const learnedNoiseRows: readonly LayerRow[] = [
  logitNormal("inverted", [
    [
      () => new LogitNormalDropout({ sigma: -1 }),
      "LogitNormalDropout: sigma must be a finite number at least 0, got -1",
    ],
    [
      () => new LogitNormalDropout({} as never),
      "LogitNormalDropout: sigma must be a finite number at least 0, got undefined",
    ],
  ]),
  logitNormal("classic", []),
  {
    ...common,
    name: "VariationalLogitNormalDropout",
    make: (options = {}) =>
      new VariationalLogitNormalDropout({ units: 2, sigma: 1.2, mu: MU, rho: RHO, ...defaults(options) }),
    fromState: VariationalLogitNormalDropout.fromState,
    evaluated: () => X.map((value, i) => posterior.mean(i) * value),
    law: () => lawOf(posterior),
    errors: [
      [
        () => new VariationalLogitNormalDropout({ units: 0, sigma: 1 }),
        "VariationalLogitNormalDropout: units must be a whole number in [1, 2^53), got 0",
      ],
      [
        () => new VariationalLogitNormalDropout({ units: 2, sigma: 0 }),
        "VariationalLogitNormalDropout: sigma must be a finite number above 0, got 0",
      ],
      [
        () => new VariationalLogitNormalDropout({ units: 2, sigma: 1, mu: [1] }),
        "VariationalLogitNormalDropout: mu must have 2 elements (one each), got 1",
      ],
      [
        () => new VariationalLogitNormalDropout({ units: 2, sigma: 1, rho: [1, Number.NaN] }),
        "VariationalLogitNormalDropout: rho[1] must be a finite number, got NaN",
      ],
      [
        () => new VariationalLogitNormalDropout({ units: 2, sigma: 1 }).forward([1, 2, 3]),
        "VariationalLogitNormalDropout.forward: x must have a multiple of 2 draws (units), got 3",
      ],
    ],
  },
  {
    ...common,
    name: "VariationalDropout, an alpha a unit",
    make: (options = {}) =>
      // Beyond the cut-off the gradient is straight-through, no derivative: test/unit/layers/cut-off.test.ts.
      new VariationalDropout({ units: 2, logAlpha: [-1.5, 0.3], maxAlpha: 1.5, ...defaults(options) }),
    fromState: VariationalDropout.fromState,
    evaluated: () => X,
    law: () => ({
      mean: X,
      covariance: X.flatMap((a, i) => X.map((_, j) => (i === j ? [Math.exp(-1.5), Math.exp(0.3)][i % 2]! * a * a : 0))),
    }),
    errors: [
      [
        () => new VariationalDropout({} as never),
        "VariationalDropout: pass either alpha (variance of the noise, rate / keep) or logAlpha",
      ],
      [
        () => new VariationalDropout({ alpha: 0.5, logAlpha: [1] } as never),
        "VariationalDropout: pass either alpha (variance of the noise, rate / keep) or logAlpha",
      ],
      [() => new VariationalDropout({ alpha: 0 }), "VariationalDropout: alpha must be a finite number above 0, got 0"],
      [
        () => new VariationalDropout({ alpha: 0.5, units: 1.5 }),
        "VariationalDropout: units must be a whole number in [1, 2^53), got 1.5",
      ],
    ],
  },
  {
    ...common,
    name: "ConcreteDropout",
    make: (options = {}) => {
      const layer = new ConcreteDropout({
        rate: 0.3,
        temperature: 0.5,
        units: 6,
        weightRegularizer: 0.2,
        dropoutRegularizer: 0.7,
        ...defaults(options),
      });
      layer.squaredNorm = 1.7;
      return layer;
    },
    fromState: ConcreteDropout.fromState,
    evaluated: () => X,
    law: () => lawOf(concreteNoise(Math.log(0.3 / 0.7), 0.5)),
    errors: [
      [
        () => new ConcreteDropout({ rate: 0 }),
        "ConcreteDropout: rate must be above 0 and below 1, got 0; a rate of 0 or 1 has no gradient to learn from",
      ],
      [
        () => new ConcreteDropout({ rate: 0.5, temperature: 2 }),
        "ConcreteDropout: temperature must be above 0 and at most 1, got 2",
      ],
      [
        () => new ConcreteDropout({ logit: 0, rate: 0.5 } as never),
        "ConcreteDropout: pass one of rate, keep and logit; logit is ln(rate / keep)",
      ],
      [
        () => new ConcreteDropout({ rate: 0.5, weightRegularizer: -1 }),
        "ConcreteDropout: weightRegularizer must be a finite number at least 0, got -1",
      ],
    ],
  },
];
