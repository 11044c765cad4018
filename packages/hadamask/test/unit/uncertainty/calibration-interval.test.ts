// Ends of the range for intervals of calibration errors, and how their error is shared between the sides. How often
// they hold the truth is in test/statistics/calibration.test.ts.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ABSOLUTE, type BinSums, SQUARED } from "../../../src/uncertainty/bins.js";
import { calibrationInterval, tested } from "../../../src/uncertainty/calibration-interval.js";
import { tailsAt } from "../../../src/uncertainty/tails.js";

/** Of each bin: rows, the sum of their confidences, right ones. */
type Rows = [number, number, number][];

const sumsOf = (bins: Rows): BinSums => ({
  count: Float64Array.from(bins, ([count]) => count),
  value: Float64Array.from(bins, ([, value]) => value),
  right: Float64Array.from(bins, ([, , right]) => right),
});

const intervalOf = (bins: Rows, measure = ABSOLUTE, level = 0.95): readonly [number, number] =>
  calibrationInterval(sumsOf(bins), measure, level);

/** Tails by accepting the points of a grid in the order of their likelihood ratio until their mass is 1 - error. */
function tailsByOrder(distance: number, error: number): { below: number; above: number } {
  const step = 1e-3;
  const points = Array.from({ length: 20_000 }, (_, i) => {
    const x = distance - 10 + step * (i + 0.5);
    const log = (mean: number): number => -((x - mean) ** 2) / 2;
    return {
      x,
      mass: (step * Math.exp(log(distance))) / Math.sqrt(2 * Math.PI),
      ratio: log(distance) - log(Math.max(0, x)),
    };
  });
  let [mass, least, most] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of [...points].sort((a, b) => b.ratio - a.ratio)) {
    if (mass >= 1 - error) break;
    mass += point.mass;
    [least, most] = [Math.min(least, point.x), Math.max(most, point.x)];
  }
  const sum = (isIn: (x: number) => boolean): number =>
    points.reduce((total, point) => total + (isIn(point.x) ? point.mass : 0), 0);
  return { below: sum((x) => x < least), above: sum((x) => x > most) };
}

describe("tails", () => {
  test.each([0.3, 0.5, 1, 1.5, 3])("at distance %d they are what ordering by likelihood ratio gives", (distance) => {
    const [tails, order] = [tailsAt(distance, 0.05), tailsByOrder(distance, 0.05)];
    expect(tails.below).toBeCloseTo(order.below, 3);
    expect(tails.above).toBeCloseTo(order.above, 3);
  });

  test("at 0 all is above, far away half of it on each side", () => {
    expect(tailsAt(0, 0.05).below).toBe(0);
    expect(tailsAt(0, 0.05).above).toBeCloseTo(0.05, 6);
    for (const distance of [4, Number.POSITIVE_INFINITY]) {
      expect(tailsAt(distance, 0.05).below).toBeCloseTo(0.025, 6);
      expect(tailsAt(distance, 0.05).above).toBeCloseTo(0.025, 6);
    }
  });
});

describe("intervals", () => {
  test("always wrong, though surely right, or the other way round: up to 1, and well above 0", () => {
    for (const bins of [[[50, 50, 0]], [[50, 0, 50]]] as Rows[]) {
      const [low, high] = intervalOf(bins);
      expect(low).toBeGreaterThan(0.9);
      expect(high).toBe(1);
    }
  });

  test("nothing seen is no proof: 50 rows, all as said with certainty, allow what 50 rows cannot show", () => {
    for (const bins of [[[50, 50, 50]], [[50, 0, 0]]] as Rows[]) {
      const [low, high] = intervalOf(bins);
      expect(low).toBe(0);
      // A share of 5 % of wrong rows leaves 50 right ones in 8 % of cases, one of 7 % in 2.7 %.
      expect(high).toBeGreaterThan(0.04);
      expect(high).toBeLessThan(0.08);
    }
  });

  test("many rows: 10^5 of confidence 0.8, right in 60 %, give 0.2 within 1.96 standard errors", () => {
    const [low, high] = intervalOf([[100_000, 80_000, 60_000]]);
    const error = Math.sqrt((0.6 * 0.4) / 100_000);
    expect(low).toBeCloseTo(0.2 - 1.96 * error, 4);
    expect(high).toBeCloseTo(0.2 + 1.96 * error, 4);
  });

  test.each([ABSOLUTE, SQUARED])("the ends are where errors begin and cease to be too low or too high", (measure) => {
    const bins: Rows = [
      [40, 22, 12],
      [60, 45, 44],
      [100, 92, 81],
    ];
    const [low, high] = intervalOf(bins, measure);
    const { isTooLow, isTooHigh } = tested(sumsOf(bins), measure, 0.95);
    expect(low).toBeGreaterThan(0);
    expect([0.99, 1.01].map((part) => isTooLow(part * low))).toEqual([true, false]);
    expect([0.99, 1.01].map((part) => isTooHigh(part * high))).toEqual([false, true]);
  });

  test("any bins: the ends are in order and in [0, 1], and a higher level holds a lower one", () => {
    const bin = fc
      .record({ rows: fc.integer({ min: 0, max: 60 }), p: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.nat() })
      .map(({ rows, p, right }): [number, number, number] => [rows, rows * p, right % (rows + 1)]);
    const bins = fc.array(bin, { minLength: 1, maxLength: 15 }).filter((all) => all.some(([rows]) => rows > 0));
    fc.assert(
      fc.property(bins, fc.boolean(), (all, isSquared) => {
        const measure = isSquared ? SQUARED : ABSOLUTE;
        const [inner, outer] = [intervalOf(all, measure, 0.8), intervalOf(all, measure, 0.95)];
        for (const [low, high] of [inner, outer]) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeGreaterThanOrEqual(low);
          expect(high).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(outer[0]).toBeLessThanOrEqual(inner[0] + 1e-3);
        expect(outer[1]).toBeGreaterThanOrEqual(inner[1] - 1e-3);
      }),
      { numRuns: 100, seed: 13 },
    );
  });
});
