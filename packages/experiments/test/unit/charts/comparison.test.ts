// The charts of a comparison: what they show of the data. How they look was judged by eye; see the report's browser
// test for what can break there.

import { describe, expect, test } from "vitest";
import { comparisonFigures } from "../../../../cli/src/train/report/comparison-figures.js";
import { byVariant } from "../../../src/charts/by-variant.js";
import { firstLayer, firstLayerSize, weightLimit } from "../../../src/charts/first-layer.js";
import { learningCurves } from "../../../src/charts/learning-curves.js";
import { reliability } from "../../../src/charts/reliability.js";
import { dark, light } from "../../../src/charts/theme.js";
import { sampleResult } from "../../support/sample-result.js";

const result = sampleResult();
const { comparison } = result;
const { variants, data } = comparison;
const of = (legend: readonly { name: string; title: string }[]) => ({ ...comparison, variants: legend });
const image = data.image!;

interface Series {
  readonly type: string;
  readonly name?: string;
  readonly stack?: string;
  readonly symbol?: string;
  readonly data: readonly (number | null | readonly (number | null)[] | { readonly value: readonly number[] })[];
  readonly lineStyle?: { readonly color?: string; readonly type?: unknown };
}
const seriesOf = (option: { series?: unknown }): Series[] => option.series as Series[];

describe("every chart", () => {
  test.each(comparisonFigures(result))(
    "$name is plain data, the same for the same input, and has both themes",
    ({ option }) => {
      for (const theme of [light, dark]) {
        const drawn = option(theme);
        expect(JSON.parse(JSON.stringify(drawn))).toEqual(withoutUndefined(drawn));
        expect(option(theme)).toEqual(drawn);
        expect(drawn.backgroundColor).toBe(theme.background);
        // No colour of the other theme has slipped in.
        const other = theme === light ? dark : light;
        for (const colour of [other.ink, other.softInk, other.grid])
          expect(JSON.stringify(drawn)).not.toContain(colour);
      }
    },
  );
});

/** What JSON leaves out anyway; functions and other things that it cannot hold would differ. */
const withoutUndefined = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(withoutUndefined)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, withoutUndefined(item)]])),
        )
      : value;

describe("learningCurves", () => {
  test("draws the mean over the seeds, and a band from the lowest to the highest", () => {
    const series = seriesOf(learningCurves(result.curves, comparison, "testNll", light));
    expect(series).toHaveLength(3 * variants.length);
    const runs = result.curves.filter(({ variant }) => variant === "none").map(({ testNll }) => testNll);
    const [low, height, mean] = series;
    for (const epoch of [1, 30, 60]) {
      const values = runs.map((run) => run[epoch - 1]!);
      expect(mean!.data[epoch]).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 3);
      expect(low!.data[epoch]).toBeCloseTo(Math.min(...values), 3);
      expect((low!.data[epoch] as number) + (height!.data[epoch] as number)).toBeCloseTo(Math.max(...values), 3);
    }
    expect(low!.stack).toBe(height!.stack);
    expect(mean!.data).toHaveLength(61);
  });

  test("shows what was measured where it was measured, and a variant that was stopped for as long as it ran", () => {
    const curves = [
      { variant: "none", seed: 0, trainLoss: [1, 1, 1, 1], epochs: [2, 4], testNll: [0.5, 0.25], testError: [1, 1] },
      { variant: "early-stopping", seed: 0, trainLoss: [1, 1], epochs: [1, 2], testNll: [0.5, 0.4], testError: [1, 1] },
    ];
    const legend = ["none", "early-stopping"].map((name) => ({ name, title: name }));
    const drawn = seriesOf(learningCurves(curves, of(legend), "testNll", light));
    expect(drawn[2]!.data).toEqual([null, null, 0.5, null, 0.25]);
    expect(drawn[5]!.data).toEqual([null, 0.5, 0.4]);
  });

  test("a mean without an interval is a mark alone", () => {
    const { ci95, ...nll } = variants[0]!.nll;
    const one = [{ ...variants[0]!, nll }];
    const series = seriesOf(byVariant({ ...comparison, variants: one }, "nll", light));
    expect(series.filter(({ symbol }) => symbol === "rect")).toEqual([]);
    expect(JSON.stringify(series)).not.toContain("95 % interval");
    expect(ci95).toBeDefined();
  });

  test("errors are in percent", () => {
    const curves = [{ variant: "none", seed: 0, trainLoss: [1], epochs: [1], testNll: [1], testError: [0.031] }];
    const series = seriesOf(learningCurves(curves, of([{ name: "none", title: "no dropout" }]), "testError", light));
    expect(series[2]!.data).toEqual([null, 3.1]);
    expect(series[2]!.symbol).toBe("circle"); // one epoch is a point: a line could not be seen
  });

  test("a value of 0 leaves a gap: it has no place on a logarithmic scale", () => {
    const curves = [{ variant: "none", seed: 0, trainLoss: [0.5, 0, 0.25], epochs: [], testNll: [], testError: [] }];
    const option = learningCurves(curves, of([{ name: "none", title: "no dropout" }]), "trainLoss", light);
    expect(seriesOf(option)[2]!.data).toEqual([null, 0.5, null, 0.25]);
    expect(option.yAxis).toMatchObject({ type: "log", logBase: 2, min: 0.25 });
    expect(JSON.stringify(option)).not.toMatch(/Infinity|NaN/);
  });

  test.each([0.1, 0.01, 0.001, 0.0002, 0.00001])("the axis begins at a round number below %s", (lowest) => {
    const curves = [{ variant: "none", seed: 0, trainLoss: [3, lowest], epochs: [], testNll: [], testError: [] }];
    const { yAxis } = learningCurves(curves, of([{ name: "none", title: "no dropout" }]), "trainLoss", light);
    const { min } = yAxis as { min: number };
    expect(min).toBeLessThanOrEqual(lowest);
    expect(String(min).length).toBeLessThanOrEqual(8); // not 0.00009999999999999999
  });

  test("variants differ by colour and by line", () => {
    const drawn = seriesOf(learningCurves(result.curves, comparison, "testNll", light)).filter(
      ({ name }) => name !== undefined,
    );
    expect(new Set(drawn.map(({ lineStyle }) => lineStyle?.color)).size).toBe(variants.length);
    expect(new Set(drawn.map(({ lineStyle }) => JSON.stringify(lineStyle?.type))).size).toBe(variants.length);
  });
});

describe("byVariant", () => {
  test("shows each mean, its interval, and each seed, in percent", () => {
    const series = seriesOf(byVariant(comparison, "testError", light));
    const points = (type: string) => series.filter((s) => s.type === type);
    variants.forEach(({ testError: { mean, ci95, perSeed } }, v) => {
      const percent = (share: number) => Number((share * 100).toPrecision(4));
      const marks = points("scatter").map((s) =>
        s.data.map((d) => (Array.isArray(d) ? d : (d as { value: number[] }).value)),
      );
      expect(marks).toContainEqual(perSeed.map((value) => [percent(value), v + 0.22]));
      expect(marks).toContainEqual([[percent(mean), v]]);
      expect(points("line").map((s) => s.data)).toContainEqual(ci95!.map((end) => [percent(end), v]));
    });
  });

  test("says values with their unit, and the seeds by the numbers that the tables have", () => {
    const option = byVariant(comparison, "testError", light);
    const [names] = option.yAxis as { data: string[] }[];
    expect(names!.data[0]).toBe(`{title|no dropout  }{mean|${(100 * variants[0]!.testError.mean).toFixed(2)} %}`);
    const tips = JSON.stringify(option.series);
    for (const [s, value] of variants[1]!.testError.perSeed.entries()) {
      expect(tips).toContain(`"seed ${s}: ${Number((100 * value).toPrecision(4)).toFixed(2)} %"`);
    }
    expect(tips).toMatch(/<br>\d+\.\d\d %, 95 % interval \d+\.\d\d to \d+\.\d\d %"/);
  });

  test("the axis begins at 0 where it would reach below, and near the values where they are far from 0", () => {
    const wide = variants.map((variant) => ({
      ...variant,
      testError: { ...variant.testError, ci95: [0, 1] as const },
    }));
    expect(byVariant({ ...comparison, variants: wide }, "testError", light).xAxis).toMatchObject({ min: 0 });
    const far = variants.map((variant) => ({ ...variant, nll: { mean: 2, ci95: [1.9, 2.1] as const, perSeed: [2] } }));
    expect(byVariant({ ...comparison, variants: far }, "nll", light).xAxis).not.toHaveProperty("min");
  });

  test("joins the results of each seed across the variants", () => {
    const lines = seriesOf(byVariant(comparison, "nll", light)).filter((s) => s.symbol === "none");
    expect(lines).toHaveLength(5);
    expect(lines[3]!.data).toEqual(variants.map(({ nll }, v) => [Number(nll.perSeed[3]!.toPrecision(4)), v + 0.22]));
  });
});

describe("reliability", () => {
  test("has the diagonal and one mark for each bin that is not empty; the line skips bins of fewer than 20", () => {
    const [diagonal, ...marks] = seriesOf(reliability(result.reliability, variants, light));
    expect(diagonal!.data).toEqual([
      [0, 0],
      [1, 1],
    ]);
    expect(marks.map(({ type }) => type)).toEqual(["line", "scatter", "line", "scatter", "line", "line"]);
    const bins = result.reliability[0]!.bins.filter(({ count }) => count > 0);
    const shares = (some: typeof bins) =>
      some.map((bin) => [bin.confidence, bin.accuracy].map((share) => Number(share.toPrecision(4))));
    const valuesOf = (series: Series) => series.data.map((mark) => (mark as { value: number[] }).value);
    expect(valuesOf(marks[0]!)).toEqual(shares(bins.filter(({ count }) => count >= 20)));
    expect(valuesOf(marks[1]!)).toEqual(shares(bins.filter(({ count }) => count < 20)));
    expect(marks[1]!.data.length).toBeGreaterThan(0);
    expect(valuesOf(marks[4]!).map(([, count]) => count)).toEqual(bins.map(({ count }) => count));
  });
});

describe("firstLayer", () => {
  test("lays each unit's weights out as a picture, with a gap between pictures", () => {
    const units = [
      [1, 2, 3, 4, 5, 6],
      [-1, -2, -3, -4, -5, -6],
    ];
    const layer = { variant: "none", seed: 3, features: 6, units };
    const shape = { height: 2, width: 3 };
    const option = firstLayer(layer, shape, "no dropout", 6, light);
    expect(seriesOf(option)[0]!.data).toEqual([
      [0, 0, 1],
      [1, 0, 2],
      [2, 0, 3],
      [0, 1, 4],
      [1, 1, 5],
      [2, 1, 6],
      [4, 0, -1],
      [5, 0, -2],
      [6, 0, -3],
      [4, 1, -4],
      [5, 1, -5],
      [6, 1, -6],
    ]);
    expect(option.visualMap).toMatchObject({ min: -6, max: 6 });
  });

  test("cells are whole units of length, so that no seams show, and large pictures get fewer units", () => {
    const units = Array.from({ length: 64 }, () => Array(784).fill(0.1));
    const layer = { variant: "none", seed: 0, features: 784, units };
    const shape = { height: 28, width: 28 };
    const option = firstLayer(layer, shape, "no dropout", 1, light);
    const grid = option.grid as { width: number; height: number };
    expect(grid.width).toBe(4 * (4 * 29 - 1)); // four pictures in a row, 4 a cell
    expect(seriesOf(option)[0]!.data.length).toBeLessThanOrEqual(16_000);
    expect(firstLayerSize(layer, shape).height).toBeGreaterThan(grid.height);
  });

  test("the colours reach to the weight under which 99 % lie, for all variants the same", () => {
    expect(weightLimit(result.firstLayers, image)).toBeCloseTo(0.2, 1);
    const zero = { variant: "none", seed: 0, features: 1, units: [[0]] };
    expect(weightLimit([zero], { height: 1, width: 1 })).toBe(1);
  });
});
