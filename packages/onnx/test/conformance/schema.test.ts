// The table of the file format's fields is what the onnx package says, where the machine has it (PYTHON names an
// interpreter that has it).

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { MESSAGES } from "../../src/protobuf/schema.js";

const python = process.env.PYTHON ?? "python3";
const version = spawnSync(python, ["-c", "import onnx; print(onnx.__version__)"], { encoding: "utf8" }).stdout?.trim();
const path = fileURLToPath(new URL("../../src/protobuf/schema.ts", import.meta.url));
const isSame = version !== "" && version !== undefined && readFileSync(path, "utf8").includes(`from onnx ${version} `);
if (!isSame) console.log(`the schema is not made again: ${python} does not have the version of onnx it was made with`);

test.skipIf(!isSame)("schema.ts is what oracles/onnx_schema.py writes", { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), "hadamask-schema-"));
  const script = fileURLToPath(new URL("../../../../oracles/onnx_schema.py", import.meta.url));
  const made = join(folder, "schema.ts");
  expect(spawnSync(python, [script, made], { encoding: "utf8" }).stderr).toBe("");
  expect(readFileSync(made, "utf8")).toBe(readFileSync(path, "utf8"));
  rmSync(folder, { recursive: true });
});

test("every type that a field names is in the table, and every number is there once", () => {
  const scalars = new Set("double float int64 uint64 int32 string bytes".split(" "));
  for (const [name, text] of Object.entries(MESSAGES)) {
    const fields = text.split(", ").map((field) => field.split(" "));
    const numbers = fields.map(([number]) => number);
    expect(new Set(numbers).size, name).toBe(numbers.length);
    for (const [, , type = ""] of fields) {
      const bare = type.replace(/^[*+]/, "");
      expect(scalars.has(bare) || Object.hasOwn(MESSAGES, bare), `${name}: ${bare}`).toBe(true);
    }
  }
});
