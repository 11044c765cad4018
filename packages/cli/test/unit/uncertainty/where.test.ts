import { describe, expect, test } from "vitest";
import { readWhere } from "../../../src/uncertainty/where.js";

describe("--where", () => {
  test.each([
    ["dropout", {}],
    ["after:Relu", { after: ["Relu"] }],
    ["after:Relu, after:Gelu", { after: ["Relu", "Gelu"] }],
    ["before:Gemm,last:1", { before: ["Gemm"], last: 1 }],
    ["weights,head*", { weights: true, where: "head*" }],
    ["after:Relu,channel", { after: ["Relu"], share: "channel" }],
    ["dropout,sample", { share: "sample" }],
  ])("%s", (text, placement) => {
    expect(readWhere(text)).toEqual(placement);
  });

  test("several names are alternatives; a dot is a dot", () => {
    const { where } = readWhere("after:Relu,/a.1/*,b");
    expect(["/a.1/Relu", "b"].every((name) => (where as RegExp).test(name))).toBe(true);
    expect(["/ax1/Relu", "bb", "a/a.1/"].some((name) => (where as RegExp).test(name))).toBe(false);
  });

  test("many stars cost no more than the characters that they are held against", () => {
    const { where } = readWhere(`${"*a".repeat(900)}*b,c`);
    const start = performance.now();
    expect((where as RegExp).test("a".repeat(5000))).toBe(false);
    expect((where as RegExp).test(`${"xa".repeat(900)}yb`)).toBe(true);
    expect(performance.now() - start).toBeLessThan(5000); // it would be years
    expect(() => readWhere("*".repeat(5000))).toThrow(
      "uncertainty: --where must have at most 2000 characters, got 5000",
    );
  });

  test.each(["", "after:", "after:Relu,", "last:0", "last:x", "last:1,last:2", "channel,sample"])(
    "%j makes no sense",
    (text) => {
      expect(() => readWhere(text)).toThrow(
        `uncertainty: --where must be terms as --help lists them, separated by commas, got ${JSON.stringify(text)}`,
      );
    },
  );
});
