// What is saved of a comparison, and of runs in training, is told from what was altered since.

import { appendFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../../src/train/checkpoint-file.js";
import { comparisonDamage, writeComparison } from "../../../src/train/comparison-file.js";
import type { Provenance } from "../../../src/train/run-file.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

test("a checkpoint that was altered is named, one of other settings is none", () => {
  const provenance = { format: 0, variant: "none", seed: 3 } as unknown as Provenance;
  const view = Float32Array.of(8, 1, Number.NaN, 9).subarray(1, 3);
  const checkpoint = { seconds: 2, trainer: { w: view } } as never;
  expect(loadCheckpoint(path("parts"), provenance)).toBeUndefined();
  saveCheckpoint(path("parts"), provenance, checkpoint);
  const file = path("parts/none-seed3.json.part");
  const whole = readFileSync(file, "utf8");
  expect(loadCheckpoint(path("parts"), provenance)).toEqual({ checkpoint });
  expect(loadCheckpoint(path("parts"), { ...provenance, epochs: 7 } as Provenance)).toBeUndefined();
  const altered = [whole.replace('"seconds":2', '"seconds":3'), whole.slice(0, -40), `${whole}more`, "", `\n${whole}`];
  for (const text of altered) {
    writeFileSync(file, text);
    expect(loadCheckpoint(path("parts"), provenance), text).toEqual({
      damage: `${file} was altered: its sum does not fit`,
    });
  }
});

test("comparison.json has its sum beside it, as sha256sum reads it", () => {
  expect(comparisonDamage(path("."))).toBeUndefined();
  writeComparison(path("."), "{}\n");
  expect(readFileSync(path("comparison.json.sha256"), "utf8")).toBe(
    "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356  comparison.json\n",
  );
  expect(comparisonDamage(path("."))).toBeUndefined();
  writeFileSync(path("comparison.json"), "{ }\n");
  expect(comparisonDamage(path("."))).toBe(`${path("comparison.json")} was altered: its sum does not fit`);
});

test("train --resume names the comparison that was altered, and makes the same again from its runs", async () => {
  const args = "train --train-size 60 --epochs 1 --hidden 4 --seeds 1 --threads 0 --variants none --json --out".split(
    " ",
  );
  const first = await run([...args, path("out")]);
  expect(first.code, first.err).toBe(0);
  appendFileSync(path("out/comparison.json"), " ");
  const again = await run([...args, path("out"), "--resume"]);
  expect(again.err).toContain(
    `train: ${path("out/comparison.json")} was altered: its sum does not fit; it is made again from the runs\n`,
  );
  expect(again.out).toBe(first.out);
  expect(readFileSync(path("out/comparison.json"), "utf8")).toBe(first.out);
  const [runs] = readdirSync(path("out/runs"));
  rmSync(path(`out/runs/${runs}`));
  expect((await run([...args, path("out"), "--resume"])).err).not.toContain("altered");
});
