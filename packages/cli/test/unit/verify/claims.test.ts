// Every row of the inventory and of the errata is there, every check comes out, and every check can fail.

import { describe, expect, test } from "vitest";
import { claims } from "../../../src/verify/claims.js";
import type { Measure } from "../../../src/verify/measure.js";
import { check, countVerdicts, judge } from "../../../src/verify/verify.js";

const upTo = (n: number, name: (i: number) => string) => Array.from({ length: n }, (_, i) => name(i + 1));
const two = (i: number) => String(i).padStart(2, "0");

/** Rows of each document, as its inventory counts them. */
const INVENTORY = [16, 42, 35, 41, 20].flatMap((n, s) => upTo(n, (i) => `S${s}-${two(i)}`));

/** The errata of each document with their severities, in order. */
const SEVERITIES: Record<string, string> = {
  "E-X": "AAB",
  "E-000-": "ABCCC",
  "E-001-": "AABACCCCC",
  "E-002-": "AAAABABBAAABBBBBC",
  "E-003-": "CBCBCBBBCABBABACABBCBCC",
  "E-004-": "AAAAACABC",
};
const ERRATA = Object.entries(SEVERITIES).flatMap(([prefix, grades]) => upTo(grades.length, (i) => `${prefix}${i}`));

const rows = claims.map(check);
const computed = rows.filter(({ measures }) => measures.length > 0);

/** The source that a row's id names. */
function sourceNamedBy(id: string): string {
  if (id.startsWith("R-")) return "references";
  if (id.startsWith("E-X")) return "across";
  return id.startsWith("S") ? `00${id[1]}` : id.slice(2, 5);
}

describe("completeness", () => {
  test("the rows on other libraries, in order", () => {
    expect(claims.map(({ id }) => id).filter((id) => id.startsWith("R"))).toEqual(upTo(13, (i) => `R-${i}`));
  });

  test("all 154 rows of the inventory, each once", () => {
    expect(claims.map(({ id }) => id).filter((id) => id.startsWith("S"))).toEqual(INVENTORY);
    expect(INVENTORY).toHaveLength(154);
  });

  test("all 66 errata, each once, with their severities", () => {
    const errata = claims.filter(({ id }) => id.startsWith("E"));
    expect(new Set(errata.map(({ id }) => id))).toEqual(new Set(ERRATA));
    expect(errata).toHaveLength(66);
    for (const { id, severity } of errata) {
      const [, prefix, number] = /^(E-X|E-\d+-)(\d+)$/.exec(id)!;
      expect(severity, id).toBe(SEVERITIES[prefix!]![Number(number) - 1]);
    }
    const grades = errata.map(({ severity }) => severity);
    expect(["A", "B", "C"].map((grade) => grades.filter((g) => g === grade).length)).toEqual([24, 23, 19]);
  });

  test("every row belongs to the source that its id names, and only errata have a severity", () => {
    for (const { id, source, severity } of claims) {
      const named = sourceNamedBy(id);
      expect(source, id).toBe(named);
      expect(severity !== undefined, id).toBe(id.startsWith("E"));
    }
  });
});

describe("checks", () => {
  test("none fails", () => {
    const failing = rows.filter(({ verdict }) => verdict === "fails");
    expect(failing.map(({ id, error, measures }) => ({ id, error, bad: measures.filter((m) => !m.passes) }))).toEqual(
      [],
    );
  });

  test("what is not noted is measured, and what is noted is not", () => {
    for (const { id, verdict, measures } of rows) expect(measures.length > 0, id).toBe(verdict !== "noted");
    expect(countVerdicts(rows).noted).toBeLessThan(25);
  });

  test("corrected rows state what is right, prove it, and refute the source or show where it stops", () => {
    for (const { id, right, severity, measures } of rows.filter((row) => row.verdict === "corrected")) {
      expect(right, id).toMatch(/\S/);
      expect(
        measures.some(({ relation }) => relation !== "differs from"),
        `${id} proves something`,
      ).toBe(true);
      // Incomplete statements and notation (C) need not be refuted.
      if (severity === "C") continue;
      const refutes = measures.some(({ relation }) => relation !== "equals");
      expect(refutes, `${id} refutes something`).toBe(true);
    }
  });

  test("each of the measures fails when its result is off", () => {
    const claimOf = new Map(claims.map((claim) => [claim.id, claim]));
    for (const { id, measures } of computed) {
      measures.forEach((measure, m) => {
        const disturbed = measures.map((other, k) => (k === m ? disturb(other) : other));
        expect(judge(claimOf.get(id)!, disturbed).verdict, `${id}: ${measure.what}`).toBe("fails");
      });
    }
  });

  test("an error in a check is a failure of its row, with its sentence", () => {
    const broken = { ...claims[1]!, measure: () => JSON.parse("{") };
    expect(check(broken)).toMatchObject({ verdict: "fails", measured: null, error: expect.stringContaining("JSON") });
    expect(check({ ...claims[1]!, measure: () => [] })).toMatchObject({
      verdict: "fails",
      error: "nothing was measured",
    });
  });

  test("results are the same every time", () => {
    const sample = claims.filter((_, i) => i % 7 === 0);
    expect(sample.map(check)).toEqual(sample.map((claim) => rows.find(({ id }) => id === claim.id)));
  });
});

/** A measure whose result is just beyond what it allows. */
function disturb(measure: Measure): Measure {
  const { relation, measured, expected, bound } = measure;
  const first = typeof measured === "number" ? measured : measured[0];
  const goal = typeof expected === "number" ? expected : expected[0];
  if (relation === "differs from") return { ...measure, measured: expected };
  const step = bound + 1e-9 * Math.max(1, Math.abs(goal ?? 0));
  const off =
    relation === "at least" ? goal! - 2 * step : relation === "at most" ? goal! + 2 * step : (first ?? 0) + 3 * step;
  const isNumber = Number.isFinite(off);
  if (typeof measured === "number") return { ...measure, measured: isNumber ? off : 0 };
  return { ...measure, measured: measured.length === 0 ? [1] : [isNumber ? off : 0, ...measured.slice(1)] };
}
