// The law of every layer's output: mean and covariance against closed form, over all masks where they can be counted,
// and from the real stream otherwise and besides; independence of steps, passes, keys and samples.

import { key } from "hadamask";
import { expectedMoments } from "hadamask/theory";
import { describe, expect, test } from "vitest";
import { FALSE_ALARM, normalBound } from "../support/bounds.js";
import { LAYER_ROWS } from "./layers.js";
import type { AnyLayer, ForwardOptions, LayerRow } from "./row.js";

type LawRow = LayerRow & Required<Pick<LayerRow, "law">>;

/** Passes drawn for a row. */
const DRAWS = 8_000;

/** The deviations of `DRAWS` outputs from their mean, one row each. */
class Sample {
  readonly #deviations: Float64Array;
  readonly #d: number;

  constructor(row: LawRow, layer: AnyLayer, options: ForwardOptions = {}) {
    const x = Float64Array.from(row.x);
    const { mean } = row.law(layer);
    this.#d = row.outputs;
    this.#deviations = new Float64Array(DRAWS * row.outputs);
    for (let t = 0; t < DRAWS; t++) {
      const y = layer.forward(x, { ...row.options, ...options });
      for (let i = 0; i < y.length; i++) this.#deviations[t * this.#d + i] = y[i]! - mean[i]!;
    }
  }

  /** How many standard errors the mean of output i lies from its closed form. */
  mean(i: number): number {
    let [sum, squares] = [0, 0];
    for (let t = 0; t < DRAWS; t++) {
      const v = this.#deviations[t * this.#d + i]!;
      sum += v;
      squares += v * v;
    }
    return standardErrors(sum, squares);
  }

  /**
   * How many standard errors the mean of (output i) * (output j of `other`, `lag` passes later) lies from `expected`.
   */
  product(i: number, other: Sample, j: number, lag: number, expected: number): number {
    const [a, b, d] = [this.#deviations, other.#deviations, this.#d];
    let [sum, squares] = [0, 0];
    for (let t = 0; t < DRAWS; t++) {
      const later = t + lag < DRAWS ? t + lag : t + lag - DRAWS;
      const v = a[t * d + i]! * b[later * d + j]! - expected;
      sum += v;
      squares += v * v;
    }
    return standardErrors(sum, squares);
  }
}

/** How many of its standard errors a mean of `DRAWS` values lies from 0. */
function standardErrors(sum: number, squares: number): number {
  const mean = sum / DRAWS;
  const variance = squares / DRAWS - mean ** 2;
  if (variance < 1e-24) return Math.abs(mean) < 1e-12 ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(mean) / Math.sqrt(variance / DRAWS);
}

/**
 * The bound on a deviation in standard errors, for `comparisons` of them in one test: that of the normal law, to
 * which means of 8000 passes are close enough even for products of skewed noise (the rate of false alarms is then at
 * most 1e-8).
 */
const boundFor = (comparisons: number): number => normalBound(FALSE_ALARM / comparisons);

/** Rows without a closed form have tests of their own, in unit/layers. */
const ROWS = LAYER_ROWS.filter((row): row is LawRow => row.law !== undefined);

describe.each(ROWS)("$name", (row) => {
  const d = row.outputs;

  if (row.decisions !== undefined) {
    test("mean and covariance over all masks are those of the closed form", () => {
      const layer = row.make();
      const x = Float64Array.from(row.x);
      const keep = row.drawKeep?.(layer) ?? 1 - (layer as unknown as { rate: number }).rate;
      const exact = expectedMoments({ n: row.decisions ?? 0, keep }, (mask) =>
        layer.forward(x, { ...row.options, mask }),
      );
      const { mean, covariance } = row.law(layer);
      for (let i = 0; i < d; i++) expect(exact.mean[i]).toBeCloseTo(mean[i]!, 12);
      for (let i = 0; i < d * d; i++) expect(exact.covariance[i]).toBeCloseTo(covariance[i]!, 11);
    });
  }

  // Drawn once, by the first test that runs, for all of them.
  const drawn = new Map<string, Sample>();
  const sampleOf = (name: string, layer: () => AnyLayer, options?: ForwardOptions): Sample => {
    const known = drawn.get(name) ?? new Sample(row, layer(), options);
    drawn.set(name, known);
    return known;
  };
  const steps = (): Sample => sampleOf("steps", () => row.make());
  const passes = (): Sample => sampleOf("passes", () => row.make({ mode: "sample" }));

  test.each([
    { mode: "train", sampled: steps },
    { mode: "sample", sampled: passes },
  ])("mean and covariance of the real stream in mode $mode are those of the closed form", ({ sampled }) => {
    const sample = sampled();
    const { covariance } = row.law(row.make());
    const bound = boundFor(d + d * d);
    for (let i = 0; i < d; i++) {
      expect(sample.mean(i), `mean of output ${i}`).toBeLessThan(bound);
      for (let j = 0; j <= i; j++) {
        const far = sample.product(i, sample, j, 0, covariance[i * d + j]!);
        expect(far, `covariance of outputs ${i} and ${j}`).toBeLessThan(bound);
      }
    }
  });

  test("consecutive steps, training and sampling, and two keys are uncorrelated", () => {
    const others = sampleOf("another key", () => row.make({ key: key(2) }));
    const bound = boundFor(3 * d * d);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) {
        expect(steps().product(i, steps(), j, 1, 0), `steps, outputs ${i}, ${j}`).toBeLessThan(bound);
        expect(steps().product(i, passes(), j, 0, 0), `step and pass, outputs ${i}, ${j}`).toBeLessThan(bound);
        expect(steps().product(i, others, j, 0, 0), `keys, outputs ${i}, ${j}`).toBeLessThan(bound);
      }
    }
  });

  if (row.samples !== undefined) {
    const ids = Array.from({ length: row.samples }, (_, b) => b);
    test("one sample at different steps, and different samples at one step, are uncorrelated", () => {
      const sample = new Sample(row, row.make(), { sampleIds: ids });
      const width = d / ids.length;
      const bound = boundFor(2 * d * d);
      for (let i = 0; i < d; i++) {
        for (let j = 0; j < d; j++) {
          expect(sample.product(i, sample, j, 1, 0), `steps, ${i}, ${j}`).toBeLessThan(bound);
          if (Math.floor(i / width) === Math.floor(j / width)) continue;
          expect(sample.product(i, sample, j, 0, 0), `samples, ${i}, ${j}`).toBeLessThan(bound);
        }
      }
    });
  }
});
