// Every `npx hadamask` line of the README runs in one folder, as a reader would type it: in the README's order, but
// those about a model last, since the model comes from another line.

import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const bin = join(root, "packages/hadamask/bin/hadamask.js");
const folder = mkdtempSync(join(tmpdir(), "hadamask-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const readme = readFileSync(join(root, "README.md"), "utf8");
const shell = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1]!).join("");
const lines = [...shell.matchAll(/^npx hadamask (.*?)(?:\s+#.*)?$/gm)]
  .map((match) => match[1]!.trim())
  // The laboratory serves until Ctrl-C, and has a test of its own (unit/lab).
  .filter((line) => !line.startsWith("lab"))
  .sort((a, b) => Number(a.includes("model.onnx")) - Number(b.includes("model.onnx")));

/** Training is cut short: the command's own tests cover the rest. Of two equal options the last one counts. */
const shortened = (line: string): string[] => [
  ...line.split(" "),
  ...(/^(train|sweep)/.test(line) ? ["--epochs", "2", "--seeds", "1", "--hidden", "32"] : []),
];

/** `model.onnx` and `x.csv` stand for a reader's own: here the digits' model, and their rows without the label. */
function putReadersOwnFiles(): void {
  copyFileSync(join(folder, "digits.onnx"), join(folder, "model.onnx"));
  const rows = readFileSync(join(folder, "digits-test.csv"), "utf8").trimEnd().split("\n").slice(0, 50);
  const label = rows[0]!.split(",").indexOf("label");
  const without = rows.map((row) => row.split(",").filter((_, column) => column !== label));
  writeFileSync(join(folder, "x.csv"), `${without.map((cells) => cells.join(",")).join("\n")}\n`);
}

test("the README shows commands", () => expect(lines.length).toBeGreaterThan(8));

test.each(lines)("npx hadamask %s", { timeout: 120_000 }, (line) => {
  if (line.includes("model.onnx")) putReadersOwnFiles();
  if (line.includes("examples/")) cpSync(join(root, "examples/houses.csv"), join(folder, "examples/houses.csv"));
  if (line.includes("mask.npy"))
    spawnSync(process.execPath, [bin, "mask", "--shape", "64,64", "--out", "mask.npy"], { cwd: folder });
  const { status, stderr } = spawnSync(process.execPath, [bin, ...shortened(line)], { cwd: folder, encoding: "utf8" });
  expect(status, stderr).toBe(0);
});
