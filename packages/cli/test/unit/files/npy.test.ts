import { describe, expect, test } from "vitest";
import { npyBoolHeader } from "../../../src/files/npy.js";

const textOf = (header: Uint8Array): string => Buffer.from(header.subarray(10)).toString("latin1");

describe("npyBoolHeader", () => {
  test.each([
    [[4, 5], "(4, 5)"],
    [[7], "(7,)"],
    [[], "()"],
    [[2, 0, 3], "(2, 0, 3)"],
    [[128, 1024, 1024, 1024, 1024, 1024, 1024], "(128, 1024, 1024, 1024, 1024, 1024, 1024)"],
  ])("shape %j is the tuple %s", (shape, tuple) => {
    const header = npyBoolHeader(shape);
    expect([...header.subarray(0, 8)]).toEqual([0x93, ...Buffer.from("NUMPY"), 1, 0]);
    expect(header.length % 64).toBe(0);
    expect(header[8]! + 256 * header[9]!).toBe(header.length - 10);
    expect(textOf(header)).toMatch(/^[^\n]* *\n$/);
    expect(textOf(header).trimEnd()).toBe(`{'descr': '|b1', 'fortran_order': False, 'shape': ${tuple}, }`);
  });
});
