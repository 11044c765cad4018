import { describe, expect, test } from "vitest";
import { dark, light } from "../../../src/charts/theme.js";

/**
 * Linear light of a channel, and from it relative luminance and contrast: WCAG 2.1, "relative luminance", "contrast
 * ratio".
 */
const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const channels = (hex: string): number[] =>
  [1, 3, 5].map((at) => linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
const luminance = ([r, g, b]: number[]): number => 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
const contrast = (a: string, b: string): number => {
  const [low, high] = [luminance(channels(a)), luminance(channels(b))].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
};

/** What people without red or without green cones see, in linear light: Viénot, Brettel, Mollon (1999). */
const protan = ([r, g, b]: number[]): number[] => [
  0.11238 * r! + 0.88762 * g!,
  0.11238 * r! + 0.88762 * g!,
  0.00401 * r! - 0.00401 * g! + b!,
];
const deutan = ([r, g, b]: number[]): number[] => [
  0.29275 * r! + 0.70725 * g!,
  0.29275 * r! + 0.70725 * g!,
  -0.02234 * r! + 0.02234 * g! + b!,
];
const distance = (a: number[], b: number[]): number =>
  Math.hypot(...a.map((value, i) => Math.cbrt(value) - Math.cbrt(b[i]!)));

describe.each([light, dark])("the $name theme", (theme) => {
  test("text stands out from the background: contrast of at least 4.5", () => {
    for (const colour of [theme.ink, theme.softInk]) expect(contrast(colour, theme.background)).toBeGreaterThan(4.5);
  });

  test("drawn colours stand out from the background: contrast of at least 3", () => {
    const { series, input, kept, dropped, gradient, background } = theme;
    for (const colour of [...series, input, kept, dropped, gradient]) {
      expect(contrast(colour, background), colour).toBeGreaterThan(3);
    }
  });

  test("the first four series, and kept and dropped, differ for colour-blind eyes too", () => {
    const { series, kept, dropped } = theme;
    const pairs = series.slice(0, 4).flatMap((a, i, four) => four.slice(i + 1).map((b) => [a, b] as const));
    for (const [a, b] of [...pairs, [kept, dropped] as const]) {
      for (const see of [protan, deutan]) {
        expect(distance(see(channels(a)), see(channels(b))), `${a} ${b}`).toBeGreaterThan(0.1);
      }
    }
  });
});
