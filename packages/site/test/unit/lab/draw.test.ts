// The lab's drawing: ink, what the data set's makers would have counted of it, and the network's passes.

import { key, uniform } from "hadamask";
import { describe, expect, test } from "vitest";
import { exampleOf } from "../../../src/lab/draw/examples.js";
import { EDGE, inkField, inkLine, noInk, pixelsOf, turned } from "../../../src/lab/draw/ink.js";
import { FIELDS, present, votesOf } from "../../../src/lab/draw/model.js";
import { answerOf, type DigitNetwork, networkFrom, passesOf } from "../../../src/lab/draw/network.js";
import { WORDS } from "../../../src/lab/draw/words.js";
import { startState } from "../../../src/state/fields.js";

const inked = (ink: Uint8Array): number => ink.reduce((sum, cell) => sum + cell, 0);

describe("ink", () => {
  test("is in an address and back, to the cell", () => {
    const field = inkField(noInk());
    for (const ink of [noInk(), exampleOf(8), noInk().fill(1)]) expect(field.parse(field.print(ink))).toEqual(ink);
    expect(field.print(noInk())).toBe("");
    for (const wrong of ["*", "A".repeat(200)]) expect(field.parse(wrong)).toBeUndefined();
  });

  test("follows the pen, stays in the square, and leaves what was there alone", () => {
    const before = noInk();
    const line = inkLine(before, [-5, 16], [40, 16]);
    expect(inked(before)).toBe(0);
    for (let column = 0; column < EDGE; column++) expect(line[16 * EDGE + column]).toBe(1);
    expect(line[10 * EDGE + 16]).toBe(0);
  });

  test("four quarter turns are none; one sends the top to the right", () => {
    const ink = exampleOf(4);
    expect(turned(turned(turned(turned(ink))))).toEqual(ink);
    const top = noInk();
    top[3] = 1;
    expect(turned(top).indexOf(1)).toBe(3 * EDGE + EDGE - 1);
  });

  test("is counted in 8 x 8 squares, at any size and place alike", () => {
    expect([...pixelsOf(noInk())]).toEqual(Array(64).fill(0));
    expect([...pixelsOf(noInk().fill(1))]).toEqual(Array(64).fill(16));
    const square = (left: number, top: number, size: number) => {
      const ink = noInk();
      for (let row = 0; row < size; row++) ink.fill(1, (top + row) * EDGE + left, (top + row) * EDGE + left + size / 2);
      return pixelsOf(ink);
    };
    const half = Array.from({ length: 64 }, (_, i) => (i % 8 >= 2 && i % 8 < 6 ? 16 : 0));
    expect([...square(0, 0, 32)]).toEqual(half);
    expect([...square(10, 4, 16)]).toEqual(half);
  });
});

/** 64-24-10 with arbitrary weights. */
const sizes = [64, 24, 10];
const weights = Float32Array.from(uniform(64 * 24 + 24 + 240 + 10, { key: key(3) }), (u) => 2 * u - 1);
const network: DigitNetwork = networkFrom({
  sizes,
  scale: 1 / 16,
  inputRate: 0.1,
  rate: 0.3,
  trainRows: 1,
  testRows: 1,
  testError: 0,
  weights: Buffer.from(weights.buffer).toString("base64"),
});

describe("the network", () => {
  const pixels = pixelsOf(exampleOf(5));

  test("without dropout, every pass is the plain product of its weights", () => {
    const all = passesOf(network, pixels, { passes: 2, rate: 0, seed: 0 });
    const layer = (x: ArrayLike<number>, start: number, inputs: number, outputs: number) =>
      Array.from({ length: outputs }, (_, o) => {
        let sum = weights[start + inputs * outputs + o]!;
        for (let i = 0; i < inputs; i++) sum += x[i]! * weights[start + i * outputs + o]!;
        return sum;
      });
    const hidden = layer(
      pixels.map((count) => count / 16),
      0,
      64,
      24,
    ).map((z) => Math.max(0, z));
    const logits = layer(hidden, 64 * 24 + 24, 24, 10);
    const total = logits.reduce((sum, z) => sum + Math.exp(z), 0);
    logits.forEach((z, c) => {
      for (const pass of [0, 1]) expect(all[10 * pass + c]).toBeCloseTo(Math.exp(z) / total, 12);
    });
  });

  test("a pass depends on the seed and its number alone, and differs from the others", () => {
    const few = passesOf(network, pixels, { passes: 5, rate: 0.4, seed: 1 });
    const many = passesOf(network, pixels, { passes: 20, rate: 0.4, seed: 1 });
    expect(many.subarray(0, 50)).toEqual(few);
    expect(new Set(Array.from({ length: 20 }, (_, pass) => many.subarray(10 * pass, 10 * pass + 10).join())).size).toBe(
      20,
    );
    expect(passesOf(network, pixels, { passes: 5, rate: 0.4, seed: 2 })).not.toEqual(few);
  });

  test("what is said of it has the same numbers in both languages", () => {
    const state = { ...startState(FIELDS), passes: 30 };
    const [en, zh] = [present(network, state, WORDS.en), present(network, state, WORDS.zh!)];
    const numbers = (text: string) => text.match(/\d+(\.\d+)?/g)!.toSorted();
    expect(numbers(zh.summary)).toEqual(numbers(en.summary));
    expect(zh.table.rows).toEqual(en.table.rows);
    const found = answerOf(network, pixelsOf(state.ink), state);
    expect(votesOf(found, 10)).toHaveLength(30);
    expect(en.table.rows.reduce((sum, row) => sum + (row[5] as number), 0)).toBe(30);
    expect(en.summary).toContain(`: ${found.statistics.predicted[0]} with probability`);
  });
});
