// What commands write under names of their own, beside what was named or in a folder, replaces nothing that is read
// and nothing of somebody else's. A name that ends in a slash is no file's.

import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";
import { uncertaintyFolder } from "../../support/uncertainty.js";

const path = testFolder();
const { fixture, path: inside } = uncertaintyFolder();
const ROWS = `x,z,label\n${Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${"ab"[i % 2]}\n`).join("")}`;
const SMALL = "--epochs 1 --hidden 4 --seeds 1 --threads 0 --variants none".split(" ");
const refused = async (...args: string[]) => {
  const { code, err } = await run(args);
  return { code, err: err.replaceAll(path("."), "DIR") };
};

function folderWith(name: string, file: string, content = ROWS): string {
  mkdirSync(path(`${name}/${file}/..`), { recursive: true });
  writeFileSync(path(`${name}/${file}`), content);
  return path(`${name}/${file}`);
}

describe("a folder of results", () => {
  test.each(["report.html", "comparison.json", "runs/none-seed0.json", "x.png"])(
    "with the data as its %s",
    async (file) => {
      const data = folderWith(`own-${file.replace("/", "-")}`, file);
      const folder = path(`own-${file.replace("/", "-")}`);
      symlinkSync(folder, `${folder}-link`);
      for (const out of [folder, `${folder}/.`, `${folder}-link`]) {
        const { code, err } = await run(["train", "--data", data, ...SMALL, "--out", out, "--force"]);
        expect({ code, err }).toEqual({
          code: 2,
          err: `train: --data is ${data}, where --out writes files of its own; choose another folder\n`,
        });
      }
      expect(readFileSync(data, "utf8")).toBe(ROWS);
    },
  );

  test("with data of another name is fine to look at", async () => {
    const data = folderWith("other", "t.csv");
    expect((await run(["train", "--data", data, ...SMALL, "--out", path("other")])).code).toBe(0);
    expect(readFileSync(data, "utf8")).toBe(ROWS);
  });

  test("with the grid of a sweep as its sweep.json", async () => {
    const grid = folderWith("grid", "sweep.json", '{ "variants": ["none"] }');
    expect(await refused("sweep", grid, "--out", path("grid"), "--force")).toEqual({
      code: 2,
      err: `sweep: the grid is ${grid}, where --out writes files of its own; choose another folder\n`.replaceAll(
        path("."),
        "DIR",
      ),
    });
  });

  test.each([
    ["train", "comparison.json"],
    ["sweep", "runs.csv"],
  ])("of %s, with somebody's %s in it", async (command, file) => {
    const taken = folderWith(`taken-${command}`, file, "mine");
    const { code, err } = await run([command, "--out", path(`taken-${command}`)]);
    expect({ code, err }).toEqual({
      code: 2,
      err:
        `${command}: --out would replace ${taken}, which is not from a report of ours; ` +
        "choose another folder, or pass --force\n",
    });
    expect(readFileSync(taken, "utf8")).toBe("mine");
  });

  test("is no place for a file of another option", async () => {
    mkdirSync(path("both"));
    const data = folderWith("data", "t.csv");
    for (const [file, said] of [
      ["both", "--export and --out must be two places, got DIR/both for both"],
      [
        "both/report.html",
        "--export is DIR/both/report.html, where --out writes files of its own; choose another folder",
      ],
    ] as const) {
      expect(await refused("train", "--data", data, ...SMALL, "--out", path("both"), "--export", path(file))).toEqual({
        code: 2,
        err: `train: ${said}\n`,
      });
    }
    const rows = [fixture("mlp-train.onnx"), inside("plain.csv"), "--samples", "2"];
    expect(await refused("uncertainty", ...rows, "--out", path("a.csv"), "--report", path("a.csv"))).toEqual({
      code: 2,
      err: "uncertainty: --out and --report must be two places, got DIR/a.csv for both\n",
    });
    expect(existsSync(path("a.csv"))).toBe(false);
  });
});

describe("beside --export", () => {
  test("the columns are written over nothing", async () => {
    const data = folderWith("beside", "t.csv");
    writeFileSync(path("beside/m-columns.json"), "mine");
    const args = ["train", "--data", data, ...SMALL, "--out", path("beside-out"), "--export", path("beside/m.onnx")];
    expect(await refused(...args)).toEqual({
      code: 2,
      err:
        "train: --export would replace DIR/beside/m-columns.json, which has other columns; " +
        "choose another name, or pass --force\n",
    });
    expect(readFileSync(path("beside/m-columns.json"), "utf8")).toBe("mine");
    expect((await run([...args, "--force"])).code).toBe(0);
    expect((await run([...args, "--resume"])).code).toBe(0); // its own are the same
  });

  test.skipIf(!existsSync("/dev/null"))("of a device nothing is written", async () => {
    const data = folderWith("device", "t.csv");
    expect(
      await refused("train", "--data", data, ...SMALL, "--out", path("device-out"), "--export", "/dev/null"),
    ).toEqual({
      code: 2,
      err: "train: --export must be a file, since others are written beside it, got /dev/null\n",
    });
    expect(readdirSync("/dev").filter((name) => name.startsWith("null-"))).toEqual([]);
  });
});

test("a name that ends in a slash is no file's", async () => {
  const kept = folderWith("slash", "m.txt", "mine");
  expect(await refused("mask", "--shape", "4", "--out", `${kept}/`)).toEqual({
    code: 1,
    err: "cannot write DIR/slash/m.txt/: it is a folder\n",
  });
  expect(readFileSync(kept, "utf8")).toBe("mine");
  expect((await refused("mask", "--shape", "4", "--out", path("slash/new/"))).code).toBe(1);
  expect(readdirSync(path("slash"))).toEqual(["m.txt"]);
  expect(await refused("mask", "--shape", "4", "--out", "")).toMatchObject({
    err: 'cannot write "": it is a folder\n',
  });
});
