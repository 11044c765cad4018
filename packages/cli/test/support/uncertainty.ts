// Models and rows for the tests of `hadamask uncertainty`: the fixtures of @hadamask/onnx, in the folder of a test
// file.

import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import { bytesOf, type Graph, info, network, node, rows } from "../../../onnx/test/support/graphs.js";
import { npyHeader } from "../../src/files/npy.js";
import { testFolder } from "./folder.js";
import { type Run, run } from "./run.js";

const fixtures = new URL("../../../onnx/test/fixtures/", import.meta.url);

/** What PyTorch says about the fixtures (oracles/onnx_fixtures.py). */
export const expected = JSON.parse(readFileSync(new URL("expected.json", fixtures), "utf8")) as Record<
  string,
  { x: { dims: number[]; data: number[] }; mean: number[]; deterministic: { data: number[] } }
>;

/**
 * The digits that PyTorch was asked about, 4 times over, labelled with what the plain network says of them, one of
 * them wrongly.
 */
export const labels = Array.from({ length: 48 }, (_, row) => {
  const answers = expected.mlp!.deterministic.data.slice(10 * (row % 12), 10 * (row % 12) + 10);
  const says = answers.indexOf(Math.max(...answers));
  return row === 5 ? (says + 1) % 10 : says;
});

export const features = (row: number): number[] => expected.mlp!.x.data.slice(64 * (row % 12), 64 * (row % 12) + 64);

/** A folder with digits.csv (with labels), plain.csv (without) and text.onnx, which is not a model. */
export function uncertaintyFolder() {
  const path = testFolder();
  const heading = [...Array.from({ length: 64 }, (_, c) => `p${c}`), "digit"].join(",");
  const labelled = labels.map((label, row) => [...features(row), label].join(","));
  writeFileSync(path("digits.csv"), `${[heading, ...labelled].join("\n")}\n`);
  writeFileSync(path("plain.csv"), `${labels.map((_, row) => features(row).join(",")).join("\n")}\n`);
  writeFileSync(path("text.onnx"), "this is no model");
  /** Copies a fixture into the folder. */
  const fixture = (name: string): string => {
    copyFileSync(new URL(name, fixtures), path(name));
    return path(name);
  };
  /** Writes a model that a test builds. */
  const save = (name: string, graph: Graph): string => {
    writeFileSync(path(name), bytesOf(graph));
    return path(name);
  };
  return { path, fixture, save, digits: path("digits.csv") };
}

export const uncertainty = (...args: string[]): Promise<Run> => run(["uncertainty", ...args]);

/** What a run prints, and the rows that it writes to `out`. */
export async function predicted<Row>(out: string, ...args: string[]): Promise<{ text: string; rows: Row[] }> {
  const { code, out: text, err } = await uncertainty(...args, "--out", out);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return { text, rows: JSON.parse(readFileSync(out, "utf8")).rows };
}

/** What is printed on stderr by a run that is refused. */
export async function refused(...args: string[]): Promise<string> {
  const { code, out, err } = await uncertainty(...args);
  expect(code).toBeGreaterThan(0);
  expect(out).toBe("");
  return err.trimEnd();
}

/** Writes numbers as an .npy file. */
export function writeNpy(path: string, shape: readonly number[], values: ArrayLike<number>, type = "<f4"): string {
  const numbers =
    type === "<i8" ? BigInt64Array.from(Array.from(values, BigInt)) : Float32Array.from(values as ArrayLike<number>);
  const body = new Uint8Array(numbers.buffer);
  writeFileSync(path, Buffer.concat([npyHeader(`'${type}'`, shape), body]));
  return path;
}

/** Six rows of four numbers for small models by hand, their outputs, and files of right answers. */
export function smallAnswers() {
  const { path, save } = uncertaintyFolder();
  return {
    path,
    save,
    x: writeNpy(path("x.npy"), [6, 4], rows(6, 4)),
    end: (operator: string, columns: number): Graph =>
      network(columns, [node(operator, ["z"], "y")], [info("y", ["rows", columns])]),
    labelFile(name: string, ...lines: (number | string)[]): string {
      writeFileSync(path(name), `${lines.join("\n")}\n`);
      return path(name);
    },
  };
}
