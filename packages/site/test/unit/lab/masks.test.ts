// The lab's masks: those of the command, byte for byte; and what the doctor says of files.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../../../cli/test/support/folder.js";
import { run } from "../../../../cli/test/support/run.js";
import { findingsOf } from "../../../src/lab/masks/diagnosis.js";
import { examine } from "../../../src/lab/masks/examine.js";
import {
  agreement,
  commandOf,
  drawMask,
  FIELDS,
  type MaskOf,
  masksOf,
  npyOf,
  STREAMS,
} from "../../../src/lab/masks/model.js";
import { WORDS } from "../../../src/lab/masks/words.js";
import { startState } from "../../../src/state/fields.js";

const path = testFolder();

describe("masks", () => {
  test.each(STREAMS)("of %s are the file that the copied command writes", async (stream) => {
    const mask: MaskOf = { stream, rate: 0.3, seed: 7, rows: 5, columns: 13 };
    const words = commandOf(mask).replace("npx hadamask ", "").replace("mask.npy", path("mask.npy")).split(" ");
    expect(await run(words)).toMatchObject({ code: 0, err: "" });
    expect(Buffer.from(npyOf(mask))).toEqual(readFileSync(path("mask.npy")));
  });

  test("of one row are a vector", async () => {
    const mask: MaskOf = { stream: "numpy", rate: 0.5, seed: 1, rows: 1, columns: 9 };
    expect(commandOf(mask)).toBe("npx hadamask mask --shape 9 --rate 0.5 --seed 1 --stream numpy --out mask.npy");
    expect(examine("m.npy", npyOf(mask), undefined).shape).toEqual([9]);
  });

  test("two differ in one thing; a higher rate only takes away", () => {
    const state = { ...startState(FIELDS), second: "rate" as const, otherRate: 0.8 };
    const [low, high] = masksOf(state).map(drawMask) as [Uint8Array, Uint8Array];
    high.forEach((bit, i) => {
      expect(bit).toBeLessThanOrEqual(low[i]!);
    });
    expect([...agreement(Uint8Array.of(0, 0, 1, 1), Uint8Array.of(0, 1, 0, 1))]).toEqual([0.5, 0, 0, 1]);
    expect(masksOf({ ...state, second: "none" })).toHaveLength(1);
    expect(masksOf({ ...state, second: "stream" })[1]).toMatchObject({ stream: "torch", seed: 42, rate: 0.5 });
    expect(masksOf({ ...state, second: "seed" })[1]).toMatchObject({ stream: "hadamask", seed: 43 });
  });
});

describe("the doctor", () => {
  const mask: MaskOf = { stream: "torch", rate: 0.5, seed: 42, rows: 16, columns: 16 };
  const texts = (found: ReturnType<typeof examine>, language: "en" | "zh" = "en") =>
    findingsOf("m.npy", found, WORDS[language]!);

  test("names the stream of a mask that is as it should be", () => {
    const found = examine("m.npy", npyOf(mask), 0.5);
    expect(texts(found).filter(({ isBad }) => isBad)).toEqual([]);
    expect(texts(found).at(-1)!.text).toBe("It was drawn by torch, seed 42, call 1.");
    expect(texts(found, "zh").at(-1)!.text).toBe("它由 torch 生成，种子 42，第 1 次调用。");
    expect(texts(found, "zh")).toHaveLength(texts(found).length);
  });

  test("says what is wrong: the rate, decisions that are shared, and what is no mask", () => {
    const wrong = texts(examine("m.npy", npyOf({ ...mask, rate: 0.9 }), 0.5));
    expect(wrong.find(({ isBad }) => isBad)!.text).toContain("not the rate that was asked for");
    const shared = npyOf(mask);
    const start = shared.length - 256;
    for (let i = 0; i < 256; i++) shared[start + i] = shared[start + (i % 16)]!;
    expect(texts(examine("m.npy", shared, undefined)).filter(({ isBad }) => isBad)[0]!.text).toBe(
      "One decision for all elements along axes 0: 16 decisions for 256 elements.",
    );
    expect(() => examine("m.csv", new TextEncoder().encode("1,0"), 0.5)).toThrow(
      "m.csv: is no .npy file; save the array with numpy.save",
    );
  });
});
