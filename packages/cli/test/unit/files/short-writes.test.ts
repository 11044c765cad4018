// Systems may write less than they were given (a full pipe, a quota, a signal): nothing is lost then.

import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { writeFileWhole } from "../../../src/files/write-file.js";
import { testFolder } from "../../support/folder.js";

let calls = 0;

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    writeSync: (file: number, bytes: Uint8Array, offset: number, length: number, position: number | null) => {
      if (calls++ === 3) throw Object.assign(new Error("try again"), { code: "EAGAIN" });
      return fs.writeSync(file, bytes, offset, Math.min(length, 7), position);
    },
  };
});

test("whatever the system writes at a time, all of it is written, once", () => {
  const path = testFolder();
  const text = Array.from({ length: 50 }, (_, i) => `row ${i}\n`).join("");
  writeFileWhole(path("file"), [text, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]);
  expect(readFileSync(path("file"), "latin1")).toBe(`${text}\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b`);
  expect(calls).toBeGreaterThan(50);
});
