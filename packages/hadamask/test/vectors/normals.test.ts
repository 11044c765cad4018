// Normals against a table of exact values, and against the specification read literally: what docs/stream.md says,
// with the coefficients that stand there, has to give the same bits.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { normalOfWord } from "../../src/random/normal.js";
import { bitsHex } from "./stream-vectors.js";

const rows = readFileSync(new URL("normals.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(" "))
  .map(([word, exact, bits]) => ({ word: Number.parseInt(word!, 16), exact: Number(exact), bits: bits! }));

const bitsOf = (z: number): string => bitsHex(Float64Array.of(z))[0]!;

/**
 * The promise of the docs: a relative error of at most 5e-13. Half a unit in the last place comes from reading the
 * table.
 */
const BOUND = 5e-13;

describe("normals", () => {
  test("the table covers both ends, both sides of the join and both signs", () => {
    const ks = rows.map(({ word }) => word & 0x7fffffff);
    for (const k of [0, 1, 2 ** 25 - 1, 2 ** 25, 2 ** 31 - 2, 2 ** 31 - 1]) expect(ks).toContain(k);
    expect(ks.filter((k) => k < 2 ** 25).length).toBeGreaterThan(200);
    const negative = rows.filter(({ word }) => word >= 2 ** 31).length;
    expect(negative).toBeGreaterThan(300);
    expect(rows.length - negative).toBeGreaterThan(300);
  });

  test("the relative error is at most 5e-13 everywhere", () => {
    for (const { word, exact } of rows) {
      const error = Math.abs(normalOfWord(word) / exact - 1);
      expect(error, `word ${word.toString(16)}`).toBeLessThan(BOUND);
    }
  });

  test("the bits are those of the same sequence in Python", () => {
    for (const { word, bits } of rows) expect(bitsOf(normalOfWord(word)), word.toString(16)).toBe(bits);
  });

  test("the specification, read literally, gives the same bits", () => {
    const specified = specifiedNormal();
    for (const { word, bits } of rows) expect(bitsOf(specified(word)), word.toString(16)).toBe(bits);
  });
});

type Polynomial = (x: number, s: number) => number;

/** The normal of a word by docs/stream.md, "Continuous draws": each polynomial from its line of coefficients. */
function specifiedNormal(): (word: number) => number {
  const page = readFileSync(new URL("../../../../docs/stream.md", import.meta.url), "utf8");
  const coefficients = (name: string): number[] => {
    const line = page.split("\n").find((text) => text.startsWith(`    ${name} = `));
    if (line === undefined) throw new Error(`docs/stream.md has no line for ${name}`);
    return line
      .slice(line.indexOf("=") + 1)
      .trim()
      .split(/\s+/)
      .map(Number);
  };
  const horner = (c: number[], s: number): number => c.reduceRight((value, coefficient) => value * s + coefficient, 0);
  const polynomial = (name: string): Polynomial => {
    const c = coefficients(name);
    const even = c.filter((_, i) => i % 2 === 0);
    const odd = c.filter((_, i) => i % 2 === 1);
    return (x, s) => horner(even, s) + x * horner(odd, s);
  };
  const [P, Q, R, S] = [polynomial("P"), polynomial("Q"), polynomial("R"), polynomial("S")];
  return (word) => {
    const k = word % 2 ** 31;
    const v = (k + 0.5) / 2 ** 31;
    const sign = word >= 2 ** 31 ? -1 : 1;
    if (k >= 2 ** 25) {
      const s = v * (2 - v);
      const x = Math.sqrt(s);
      return (sign * ((1 - v) * P(x, s))) / Q(x, s);
    }
    const s = Math.sqrt(Math.sqrt(Math.sqrt(v)));
    const x = Math.sqrt(s);
    return (sign * R(x, s)) / S(x, s);
  };
}
