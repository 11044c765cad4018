// Each file of the corpus gives the sentence that cases.json says, or a right answer; none reaches the sentence for
// faults of our own, and none steers the terminal. make.mjs makes the files.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { testFolder } from "../support/folder.js";
import { run } from "../support/run.js";

interface Case {
  readonly args: string;
  readonly code: number;
  readonly says: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const cases = JSON.parse(readFileSync(here("cases.json"), "utf8")) as readonly Case[];
const TRAIN = "--epochs 1 --hidden 2 --seeds 1 --threads 0 --variants none --json --out DIR/out --force";

const dir = testFolder()("corpus");
cpSync(here("files"), dir, { recursive: true });
const chain = join(dir, "onnx/chain-of-20000.onnx");
symlinkSync("/etc/hostname", join(dir, "onnx/link.bin")); // links that lead out of the folder are in no repository
mkdirSync(join(dir, "outside"));
writeFileSync(join(dir, "outside/short.bin"), new Uint8Array(128));
symlinkSync(join(dir, "outside"), join(dir, "onnx/linked"));
writeFileSync(chain, gunzipSync(readFileSync(`${chain}.gz`)));

describe("hostile files", () => {
  test.each(cases)("$args", async ({ args, code, says }) => {
    const words = args.replace("TRAIN", TRAIN).split(" ");
    const found = await run(words.map((word) => word.replace("DIR", dir)));
    const err = found.err.replaceAll(dir, "DIR");
    const lines = err.split("\n").filter((line) => line !== "" && !/^\d+\/\d+ {2}/.test(line)); // runs that ended
    const said = lines.join("\n");
    const isBegun = says.endsWith("…") && said.startsWith(says.slice(0, -1)); // a list that grows
    expect({ code: found.code, says: isBegun ? says : said }).toEqual({ code, says });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(found.out + err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  });

  test("every file has a case", () => {
    const files = readdirSync(here("files"), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const names = files.map(({ name, parentPath }) => (/idx\d-/.test(name) ? parentPath.split("/").at(-1)! : name));
    const missing = names.filter(
      (name) => name !== "short.bin" && !cases.some(({ args }) => args.includes(name.replace(/\.onnx\.gz$/, ".onnx"))),
    );
    expect(missing).toEqual([]);
  });

  test("the files are what make.mjs makes", () => {
    const made = testFolder()("made");
    execFileSync(process.execPath, [here("make.mjs"), made]);
    for (const name of readdirSync(made, { recursive: true, withFileTypes: true })) {
      if (!name.isFile() || name.name.endsWith(".gz")) continue; // zlib's versions compress differently
      const path = join(name.parentPath, name.name);
      const kept = readFileSync(here(`files/${path.slice(made.length + 1)}`));
      expect(readFileSync(path).equals(kept), path).toBe(true);
    }
  });
});
