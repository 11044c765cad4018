// What one key for several noises does: which layers share draws, and what lint says of them.

import {
  ConcreteDropout,
  Dropout,
  GaussianDropout,
  GaussianNoise,
  key,
  lint,
  split,
  UniformDropout,
  VariationalDropout,
} from "hadamask";
import { describe, expect, test } from "vitest";

const [k1] = split(key(1));
const dense = { layer: "Dense" } as const;

describe("shared-key", () => {
  test("two layers with one key have one mask", () => {
    const [finding] = lint([dense, new Dropout({ rate: 0.5, key: k1! }), dense, new Dropout({ rate: 0.5, key: k1! })]);
    expect(finding).toMatchObject({ rule: "shared-key", severity: "error", at: [1, 3], numbers: { correlation: 1 } });
  });

  test("with two rates the masks are nested: correlation by the rates", () => {
    // keep 0.5 within keep 0.8: (0.5 - 0.4) / sqrt(0.25 * 0.16) = 0.5
    const [finding] = lint([dense, new Dropout({ keep: 0.5, key: k1! }), dense, new Dropout({ keep: 0.8, key: k1! })]);
    expect(finding!.numbers.correlation).toBeCloseTo(0.5, 12);
  });
});

describe("one key for two kinds of noise", () => {
  const make = {
    Dropout: () => new Dropout({ rate: 0.5, key: k1! }),
    GaussianDropout: () => new GaussianDropout({ rate: 0.5, key: k1! }),
    GaussianNoise: () => new GaussianNoise({ deviation: 1, key: k1! }),
    VariationalDropout: () => new VariationalDropout({ alpha: 0.5, key: k1! }),
    UniformDropout: () => new UniformDropout({ rate: 0.2, key: k1! }),
    ConcreteDropout: () => new ConcreteDropout({ rate: 0.3, temperature: 0.01, key: k1! }),
  };
  const names = Object.keys(make) as (keyof typeof make)[];
  const N = 40_000;
  const drawn = (name: keyof typeof make): Float64Array => {
    const start = name === "GaussianNoise" ? 0 : 1;
    return make[name]().forward(new Float64Array(N).fill(start));
  };

  test.each(names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const)))(
    "%s and %s: the correlation is that of what they draw",
    (a, b) => {
      const [x, y] = [drawn(a), drawn(b)];
      const mean = (v: Float64Array): number => v.reduce((sum, value) => sum + value, 0) / N;
      const [mx, my] = [mean(x), mean(y)];
      let [xx, yy, xy] = [0, 0, 0];
      x.forEach((value, i) => {
        xx += (value - mx) ** 2;
        yy += (y[i]! - my) ** 2;
        xy += (value - mx) * (y[i]! - my);
      });
      const { at: _, ...finding } = lint([dense, make[a](), dense, make[b]()]).find(
        ({ rule }) => rule === "shared-key",
      )!;
      // 6.1 / sqrt(N) = 0.031: 1 in 1e9; a concrete mask is not quite a decision.
      expect(Math.abs(finding.numbers.correlation! - xy / Math.sqrt(xx * yy))).toBeLessThan(0.035);
      const isApart = (a === "Dropout") !== (b === ("Dropout" as string));
      expect(finding.severity).toBe(isApart ? "warning" : "error");
    },
  );

  test("Gaussian with uniform noise: -sqrt(3 / (2 pi))", () => {
    const [finding] = lint([dense, make.GaussianDropout(), dense, make.UniformDropout()]);
    expect(finding!.numbers.correlation).toBeCloseTo(-Math.sqrt(3 / (2 * Math.PI)), 3);
    const [apart] = lint([dense, make.GaussianDropout(), dense, make.Dropout()]);
    expect(apart!.message).toBe(
      "GaussianDropout (1) and Dropout (3) have one key, but they are made of different random words, so nothing is " +
        "shared today; derive a key for each with split or foldIn",
    );
  });
});
