// The figure of placement: the list, its address, and what lint finds.

import { describe, expect, test } from "vitest";
import { KINDS, type Letter } from "../../../src/figures/placement/letters.js";
import { code, FIELDS, findings, type Item, type State } from "../../../src/figures/placement/model.js";
import { TASKS } from "../../../src/figures/placement/tasks.js";
import { isRight } from "../../../src/learn/task.js";
import { startState } from "../../../src/state/fields.js";

const network = (text: string): State => ({ network: FIELDS.network.parse(text)! });

describe("placement", () => {
  test("the network that it starts with breaks two rules", () => {
    const found = findings(startState(FIELDS));
    expect(found.map(({ rule }) => rule)).toEqual(["input-rate", "dropout-before-batch-norm"]);
    expect(found[1]!.numbers.ratio).toBe(0.5);
  });

  test("addresses are read as they are written, and nothing else is", () => {
    const all = (Object.keys(KINDS) as Letter[]).map(
      (letter): Item => ({ letter, percent: /[okag]/.test(letter) ? 35 : 0 }),
    );
    expect(FIELDS.network.parse(FIELDS.network.print(all))).toEqual(all);
    expect(FIELDS.network.parse("")).toEqual([]);
    for (const text of ["x", "o101", "d.d.d.d.d.d.d.d.d.d.d", "o5.5", "O50"]) {
      expect(FIELDS.network.parse(text), text).toBeUndefined();
    }
  });

  test.each([
    ["d.o50.b.d", "dropout-before-batch-norm"],
    ["o50.d", "input-rate"],
    ["d.g50", "tied-recurrent-masks"],
    ["d.o20.d.k20", "mixed-scaling"],
    ["d.o0", "rate-0-or-1"],
    ["d.r.a20", "alpha-without-selu"],
  ])("%s: %s", (text, rule) => {
    expect(findings(network(text)).map((finding) => finding.rule)).toContain(rule);
  });

  test("the line of code is the call that found it", () => {
    expect(code(network("d.o50.g25"))).toBe(
      [
        "lint([",
        '  { layer: "Dense" },',
        '  { layer: "Dropout", rate: 0.5, scaling: "inverted" },',
        '  { layer: "GRU", dropout: { recurrent: { rate: 0.25, per: "sequence" } }, time: 10 },',
        "]);",
      ].join("\n"),
    );
  });

  test("exercises", () => {
    expect(isRight(TASKS.quiet, network("c.b.r.o20.d.r.o50.d"))).toBe(true);
    expect(isRight(TASKS.quiet, network("o10.c.b.r.o50.d"))).toBe(false); // the noise goes through the convolution
    expect(isRight(TASKS.quiet, startState(FIELDS))).toBe(false);
    expect(isRight(TASKS.quiet, network("d"))).toBe(false);
    expect(isRight(TASKS.shift, "0.8")).toBe(true);
    expect(isRight(TASKS.shift, "1.25")).toBe(false);
    expect(isRight(TASKS.tied, "16")).toBe(true);
    expect(isRight(TASKS.tied, "32")).toBe(false);
    expect(isRight(TASKS.order, "after")).toBe(true);
    expect(isRight(TASKS.order, "any")).toBe(false);
  });
});
