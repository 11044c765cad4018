import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { Failure } from "../../../src/failure.js";
import { writeFileWhole } from "../../../src/files/write-file.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();

describe("writeFileWhole", () => {
  test("writes text, bytes and pieces of both", () => {
    writeFileWhole(path("text"), "dropout ✓\n");
    expect(readFileSync(path("text"), "utf8")).toBe("dropout ✓\n");
    writeFileWhole(path("bytes"), Uint8Array.of(0, 255, 7));
    expect([...readFileSync(path("bytes"))]).toEqual([0, 255, 7]);
    writeFileWhole(path("pieces"), ["a", Uint8Array.of(98), "c"]);
    expect(readFileSync(path("pieces"), "utf8")).toBe("abc");
  });

  test("replaces a file", () => {
    writeFileSync(path("old"), "a longer text than the new one");
    writeFileWhole(path("old"), "new");
    expect(readFileSync(path("old"), "utf8")).toBe("new");
  });

  test("the old file stands until the new one is complete, and stays when that fails", () => {
    writeFileSync(path("kept"), "old");
    const seen: string[] = [];
    function* failing() {
      yield "new ";
      seen.push(readFileSync(path("kept"), "utf8"));
      throw new Error("no more");
    }
    expect(() => writeFileWhole(path("kept"), failing())).toThrow(new Error("no more"));
    expect(seen).toEqual(["old"]);
    expect(readFileSync(path("kept"), "utf8")).toBe("old");
    expect(readdirSync(dirname(path("kept"))).filter((name) => name.includes("kept"))).toEqual(["kept"]);
  });

  test("says in a sentence why a file cannot be written", () => {
    mkdirSync(path("folder"));
    writeFileSync(path("file"), "");
    for (const [name, reason] of [
      ["missing/file", "its folder does not exist"],
      ["file/inside", "its folder is a file"],
      ["folder", "it is a folder"],
    ] as const) {
      expect(() => writeFileWhole(path(name), "x")).toThrow(new Failure(`cannot write ${path(name)}: ${reason}`));
    }
    expect(readdirSync(path(".")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)("says so when it has no permission (not testable as root)", () => {
    mkdirSync(path("locked"));
    chmodSync(path("locked"), 0o500);
    expect(() => writeFileWhole(path("locked/file"), "x")).toThrow(/^cannot write .*: permission denied$/);
  });
});
