import { keepMask, keepMasks, key, sampleKey } from "hadamask";
import { describe, expect, test } from "vitest";

const IDS = [0, 7, 2 ** 32 + 5, 3, 7];

describe("masks of many rows", () => {
  // either side of a word, of a block, and of where a kernel is called for each row
  const sizes = [0, 1, 31, 32, 33, 63, 64, 65, 95, 96, 128, 255, 256, 257, 1023, 1024, 1025];
  test.each(sizes)("%i elements: each row is keepMask under the key of its id", (n) => {
    for (const rate of [0, 1e-12, 0.1, 0.5, 0.75, 0.9, 1 - 1e-12, 1]) {
      const words = Math.ceil(n / 32);
      const out = new Uint32Array(words * IDS.length).fill(0xdeadbeef);
      expect(keepMasks(n, { rate, key: key(3), sampleIds: IDS, out })).toBe(out);
      const wanted = IDS.flatMap((id) => [...keepMask(n, { rate, key: sampleKey(key(3), id) })]);
      expect([...out]).toEqual(wanted);
    }
  });

  test("no rows are no words", () => {
    expect(keepMasks(8, { rate: 0.5, key: key(1), sampleIds: [] })).toHaveLength(0);
  });

  test.each<[object, string]>([
    [{ sampleIds: [0, -1] }, "keepMasks: sampleIds[1] must be"],
    [{ sampleIds: [0.5] }, "keepMasks: sampleIds[0] must be"],
    [{ sampleIds: undefined }, "keepMasks: sampleIds must be an array of ids, got undefined"],
    [{ out: new Uint32Array(3) }, "keepMasks: out must have 2 elements (1 words for each of 2 rows), got 3"],
    [{ out: [0, 0] }, "keepMasks: out must be a Uint32Array, got"],
    [{ rate: 1.5 }, "keepMasks: rate must be in [0, 1], got 1.5"],
    [{ key: 1 }, "keepMasks: key must be"],
    [{ offset: 1 }, "keepMasks: "],
  ])("wrong: %j", (wrong, message) => {
    expect(() => keepMasks(8, { rate: 0.5, key: key(1), sampleIds: [0, 1], ...wrong } as never)).toThrow(message);
  });
});
