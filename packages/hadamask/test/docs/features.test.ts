// docs/features.json and the page made from it: what they name exists, and nothing is missing without a reason.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as tfjs from "hadamask/tfjs";
import { describe, expect, test } from "vitest";

interface Row {
  readonly capability: string;
  readonly has: "yes" | "partly" | "no";
  readonly files: readonly string[];
  readonly tests: readonly string[];
  readonly note?: string;
  /** Of the variants: the layers of hadamask/tfjs, or why there is none. */
  readonly tfjs?: { readonly layers: readonly string[]; readonly note?: string };
  readonly references: Readonly<Record<string, unknown>>;
}

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const { references, sections } = JSON.parse(readFileSync(`${root}/docs/features.json`, "utf8")) as {
  references: readonly string[];
  sections: readonly { readonly title: string; readonly rows: readonly Row[] }[];
};
const rows = sections.flatMap((section) => section.rows);

describe("docs/features.json", () => {
  test.each(rows)("$capability: its files and tests exist, and what is missing says why", (row) => {
    for (const file of [...row.files, ...row.tests]) expect(existsSync(`${root}/${file}`), file).toBe(true);
    for (const file of row.tests) expect(file).toMatch(/\.test\.ts$/);
    if (row.has === "no") expect(row.files).toEqual([]);
    else {
      expect(row.files.length).toBeGreaterThan(0);
      expect(row.tests.length).toBeGreaterThan(0);
    }
    if (row.has !== "yes") expect(row.note).toMatch(/\S/);
    expect(Object.keys(row.references)).toEqual([...references]);
  });

  test("has every row of the comparison once", () => {
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row.capability)).size).toBe(rows.length);
  });

  test("says of every variant which layer of TensorFlow.js it is, or why it is none; and forgets no layer", () => {
    for (const { capability, tfjs: found } of sections[0]!.rows) {
      expect(found, capability).toBeDefined();
      for (const name of found!.layers) expect(tfjs).toHaveProperty(name);
      if (found!.layers.length === 0) expect(found!.note, capability).toMatch(/\S/);
    }
    const page = readFileSync(`${root}/docs/features.md`, "utf8");
    for (const name of Object.keys(tfjs).filter((key) => key.startsWith("Tf"))) expect(page).toContain(`\`${name}\``);
  });

  test("is what the page shows", () => {
    const script = fileURLToPath(new URL("../../../../scripts/features-page.mjs", import.meta.url));
    expect(() => execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" })).not.toThrow();
  });
});
