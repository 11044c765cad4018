import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeModel } from "@hadamask/onnx";
import { readModelFile } from "@hadamask/onnx/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { info, modelOf, node } from "../support/graphs.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hadamask-node-"));
  mkdirSync(join(folder, "models"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A model whose weight is in a file of that name: 64 bytes from byte 8 on. */
function write(location: string): string {
  const w = {
    name: "w",
    dims: [4, 4],
    dataType: 1,
    dataLocation: 1,
    externalData: [
      { key: "location", value: location },
      { key: "offset", value: "8" },
      { key: "length", value: "64" },
    ],
  };
  const model = modelOf({
    nodes: [node("MatMul", ["x", "w"], "y")],
    weights: [w],
    inputs: [info("x", ["rows", 4])],
    outputs: [info("y", ["rows", 4])],
  });
  const path = join(folder, "models", "m.onnx");
  writeFileSync(path, writeModel(model));
  return path;
}

test("weights beside the model are read, also through a link inside the folder", () => {
  writeFileSync(join(folder, "models", "w.bin"), new Uint8Array(72).fill(7));
  symlinkSync("w.bin", join(folder, "models", "link.bin"));
  expect(readModelFile(write("w.bin")).externalData["w.bin"]).toHaveLength(72);
  expect(readModelFile(write("link.bin")).externalData["link.bin"]![0]).toBe(7);
});

test("a model that is reached by a link has the folder of the real file", () => {
  writeFileSync(join(folder, "models", "w.bin"), new Uint8Array(72));
  symlinkSync(write("w.bin"), join(folder, "elsewhere.onnx"));
  expect(Object.keys(readModelFile(join(folder, "elsewhere.onnx")).externalData)).toEqual(["w.bin"]);
});

test.each([
  ["a parent folder", () => "../secret.bin"],
  ["an absolute path", () => join(folder, "secret.bin")],
  ["a link that leads out", () => "out.bin"],
  ["a folder that leads out", () => "out/secret.bin"],
  ["nothing", () => ""],
])("%s is refused", (_, location) => {
  writeFileSync(join(folder, "secret.bin"), new Uint8Array(72));
  symlinkSync(join(folder, "secret.bin"), join(folder, "models", "out.bin"));
  symlinkSync(folder, join(folder, "models", "out"));
  expect(() => readModelFile(write(location()))).toThrow(
    `readModelFile: external data must be in the folder of the model, got ${JSON.stringify(location())}`,
  );
});

test("devices, short files and missing ones are said to be that", () => {
  const path = write("w.bin");
  expect(() => readModelFile(path)).toThrow("readModelFile: cannot read w.bin: there is no such file");
  writeFileSync(join(folder, "models", "w.bin"), new Uint8Array(71));
  expect(() => readModelFile(path)).toThrow("readModelFile: w.bin must have 72 bytes for the weights in it, got 71");
  rmSync(join(folder, "models", "w.bin"));
  mkdirSync(join(folder, "models", "w.bin"));
  expect(() => readModelFile(path)).toThrow("readModelFile: w.bin must be a regular file, got something else");
  expect(() => readModelFile("/dev/null")).toThrow(
    "readModelFile: /dev/null must be a regular file, got something else",
  );
  copyFileSync(path, join(folder, "copy.onnx"));
  expect(() => readModelFile(join(folder, "copy.onnx"))).toThrow("cannot read w.bin");
});
