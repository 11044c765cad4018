// What a path that is to be written leads to, and that nothing but regular files is replaced.

import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { describe, expect, test } from "vitest";
import { createFileWhole, writeFileWhole } from "../../../src/files/write-file.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
const temporaries = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

describe("writeFileWhole", () => {
  test("follows links, and leaves them links", () => {
    mkdirSync(path("elsewhere"));
    writeFileSync(path("elsewhere/real"), "old");
    symlinkSync("elsewhere/real", path("link"));
    symlinkSync("link", path("second"));
    writeFileWhole(path("second"), "new");
    expect(readFileSync(path("elsewhere/real"), "utf8")).toBe("new");
    expect(lstatSync(path("second")).isSymbolicLink() && lstatSync(path("link")).isSymbolicLink()).toBe(true);
  });

  test("makes the file that a link leads to, where there is none yet", () => {
    mkdirSync(path("there"));
    symlinkSync("there/missing", path("dangling"));
    writeFileWhole(path("dangling"), "made");
    expect(readFileSync(path("there/missing"), "utf8")).toBe("made");
    expect(lstatSync(path("dangling")).isSymbolicLink()).toBe(true);
  });

  test("refuses links that go round", () => {
    symlinkSync("b", path("a"));
    symlinkSync("a", path("b"));
    expect(() => writeFileWhole(path("a"), "x")).toThrow(`cannot write ${path("a")}: its links go round in a circle`);
  });

  test("keeps the mode of the file that it replaces", () => {
    writeFileSync(path("script"), "old");
    chmodSync(path("script"), 0o751);
    writeFileWhole(path("script"), "new");
    expect(statSync(path("script")).mode & 0o7777).toBe(0o751);
  });

  test("other names of a file keep the old content: it is replaced, not written into", () => {
    writeFileSync(path("one"), "old");
    linkSync(path("one"), path("other"));
    writeFileWhole(path("one"), "new");
    expect(readFileSync(path("other"), "utf8")).toBe("old");
  });

  test.skipIf(!existsSync("/dev/null"))("writes into devices, which stay devices", () => {
    writeFileWhole("/dev/null", ["a", "b"]);
    expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    symlinkSync("/dev/null", path("null"));
    writeFileWhole(path("null"), "x");
    expect(lstatSync(path("null")).isSymbolicLink()).toBe(true);
    expect(temporaries("/dev")).toEqual([]);
  });

  test.skipIf(!existsSync("/dev/full"))("says that a device is full", () => {
    expect(() => writeFileWhole("/dev/full", "x")).toThrow("cannot write /dev/full: no space left on the device");
  });

  test("writes into a pipe with a name, all of it, whatever its reader takes at a time", async () => {
    if (spawnSync("mkfifo", [path("pipe")]).status !== 0) return;
    const reader = spawn("cat", [path("pipe")]);
    const chunks: Buffer[] = [];
    reader.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const done = new Promise((resolve) => reader.on("close", resolve));
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
    writeFileWhole(path("pipe"), [bytes.subarray(0, 100_000), bytes.subarray(100_000)]);
    await done;
    expect(Buffer.concat(chunks).equals(Buffer.from(bytes))).toBe(true);
    expect(lstatSync(path("pipe")).isFIFO()).toBe(true);
  });

  test("writes into an open descriptor at its place", () => {
    const file = openSync(path("open"), "w");
    writeFileSync(file, "before ");
    writeFileWhole(`/dev/fd/${file}`, "inside ");
    writeFileSync(file, "after");
    closeSync(file);
    expect(readFileSync(path("open"), "utf8")).toBe("before inside after");
  });
});

describe("temporary files", () => {
  test("two of one file at a time are two, and the last to be committed stays", () => {
    const [first, second] = [createFileWhole(path("twice")), createFileWhole(path("twice"))];
    expect(temporaries(path("."))).toHaveLength(2);
    first.write("first");
    second.write("second");
    second.commit();
    first.commit();
    expect(readFileSync(path("twice"), "utf8")).toBe("first");
    expect(temporaries(path("."))).toEqual([]);
  });

  test("names cannot be told before, and say whose they are", () => {
    const names = [1, 2, 3, 4].map(() => {
      const file = createFileWhole(path("guess"));
      const [name] = temporaries(path("."));
      file.discard();
      return name!;
    });
    expect(new Set(names).size).toBe(4);
    const host = Buffer.from(hostname()).toString("hex").slice(-12);
    for (const name of names) {
      expect(name.replace(/[0-9a-f]{16}\.tmp$/, "…")).toBe(`.hadamask-${host}-${process.pid}-…`);
    }
  });

  test("names do not grow with the file's", () => {
    const long = path("n".repeat(250));
    writeFileWhole(long, "x");
    expect(readFileSync(long, "utf8")).toBe("x");
    expect(() => writeFileWhole(path("n".repeat(256)), "x")).toThrow(/: its name is too long$/);
  });

  test("those of processes that are gone are removed, others are not", () => {
    mkdirSync(path("stale"));
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const host = Buffer.from(hostname()).toString("hex").slice(-12);
    const name = (pid: number, of = host): string => path(`stale/.hadamask-${of}-${pid}-0123456789abcdef.tmp`);
    const [dead, living, distant] = [name(gone), name(process.ppid), name(gone, "abc123")];
    for (const file of [dead, living, distant, path("stale/.other.1.tmp")]) writeFileSync(file, "");
    writeFileWhole(path("stale/new"), "x");
    expect([dead, living, distant, path("stale/.other.1.tmp")].map((file) => existsSync(file))).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
