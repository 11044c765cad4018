import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { npyHeader } from "../../../src/files/npy.js";
import { noNumpy, runPython } from "../../support/python.js";
import type { Run } from "../../support/run.js";
import { features, labels, uncertainty, uncertaintyFolder } from "../../support/uncertainty.js";

const { fixture, path } = uncertaintyFolder();
const mlp = fixture("mlp-train.onnx");

// More rows than are read at a time: three pieces. Each row differs, so that there is an order of doubt.
const ROWS = 2500;
const row = (r: number): number[] => features(r).map((value, c) => value + 0.001 * ((r * 31 + c) % 97));
const csv = Array.from({ length: ROWS }, (_, r) => [...row(r), labels[r % 48]].join(","));
writeFileSync(path("many.csv"), `${csv.join("\r\n")}\r\n\r\n`);
const arrayOf = (change: (values: Float32Array) => void = () => {}): Buffer => {
  const all = new Float32Array(ROWS * 64);
  for (let r = 0; r < ROWS; r++) all.set(row(r), 64 * r);
  change(all);
  return Buffer.concat([npyHeader("'<f4'", [ROWS, 64]), new Uint8Array(all.buffer)]);
};

describe("--stream", () => {
  test("gives the rows, the table and the sentences of a run that has all rows at hand", async () => {
    const args = [
      mlp,
      path("many.csv"),
      "--kind",
      "classes",
      "--labels",
      "65",
      "--samples",
      "6",
      "--json",
      "--strange",
      "none",
      "--out",
    ];
    const whole = await uncertainty(...args, path("whole.json"));
    const streamed = await uncertainty(...args, path("streamed.json"), "--stream");
    expect(streamed.code).toBe(0);
    const [a, b] = [JSON.parse(whole.out), JSON.parse(streamed.out)];
    expect(b.rows).toBe(ROWS);
    expect(b.leastCertain).toEqual(a.leastCertain);
    expect(b.judgement.plain.accuracy).toEqual(a.judgement.plain.accuracy);
    expect(b.judgement.monteCarlo.nll.value).toBeCloseTo(a.judgement.monteCarlo.nll.value, 6);
    expect(b.findings).toEqual(a.findings);
    const rowsOf = (name: string) => JSON.parse(readFileSync(path(name), "utf8")).rows as { mean: number[] }[];
    const [left, right] = [rowsOf("whole.json"), rowsOf("streamed.json")];
    expect(right).toHaveLength(ROWS);
    // Runs of another number of rows may add in another order.
    const far = left.filter(({ mean }, r) => mean.some((p, c) => Math.abs(p - right[r]!.mean[c]!) > 1e-5));
    expect(far).toEqual([]);
  });

  test("reads .npy, compressed or not, like the table; and writes the three formats alike", async () => {
    writeFileSync(path("many.npy"), arrayOf());
    writeFileSync(path("many.npy.gz"), gzipSync(arrayOf()));
    const write = async (data: string, out: string): Promise<string> => {
      const { code, err } = await uncertainty(
        mlp,
        path(data),
        "--kind",
        "classes",
        "--samples",
        "3",
        "--stream",
        "--out",
        path(out),
      );
      expect({ code, err }).toEqual({ code: 0, err: "" });
      return readFileSync(path(out), "utf8");
    };
    const first = await write("many.npy", "npy.csv");
    expect(await write("many.npy.gz", "gz.csv")).toBe(first);
    const lines = first.trimEnd().split("\n");
    expect(lines).toHaveLength(ROWS + 1);
    expect(lines.map((line) => line.split(",")[0])).toEqual([
      "row",
      ...Array.from({ length: ROWS }, (_, r) => `${r + 1}`),
    ]);
  });

  test.skipIf(noNumpy)("numpy.load reads what was written piece by piece", async () => {
    writeFileSync(path("many.npy"), arrayOf());
    await uncertainty(
      mlp,
      path("many.npy"),
      "--kind",
      "classes",
      "--samples",
      "3",
      "--stream",
      "--out",
      path("rows.npy"),
    );
    const script =
      `import numpy as np; a = np.load(${JSON.stringify(path("rows.npy"))}); print(a.shape[0], ` +
      `np.isfinite(a["mean"]).all())`;
    expect(runPython(script).trim()).toBe(`${ROWS} True`);
  });

  test.each<[string, () => void, string]>([
    [
      "bad.csv",
      () =>
        writeFileSync(
          path("bad.csv"),
          csv.map((line, r) => (r === 2200 ? line.replace(/^[^,]+/, "x") : line)).join("\n"),
        ),
      'line 2201: column 1 must be a number, got "x"',
    ],
    [
      "short.csv",
      () => writeFileSync(path("short.csv"), csv.map((line, r) => (r === 2200 ? "1,2" : line)).join("\n")),
      "line 2201: must have 65 columns like line 1, got 2",
    ],
    [
      "bad.npy",
      () =>
        writeFileSync(
          path("bad.npy"),
          arrayOf((values) => {
            values[64 * 2200 + 5] = Number.NaN;
          }),
        ),
      "row 2201, value 6: must be a finite number, got NaN",
    ],
  ])("%s: a bad value far inside is named, and nothing is left", async (name, make, message) => {
    make();
    const more = name.endsWith("csv") ? ["--labels", "65"] : [];
    const found = await uncertainty(mlp, path(name), "--samples", "2", "--stream", "--out", path("never.csv"), ...more);
    expect(found).toMatchObject({ code: 1, out: "", err: `${path(name)}: ${message}\n` });
    expect(readdirSync(path(".")).filter((file) => file.includes("never"))).toEqual([]);
  });

  test.each([
    ["--rate choose", ["--labels", "65", "--rate", "choose"]],
    ["--report", ["--labels", "65", "--report", "somewhere"]],
    ["--strange", ["--labels", "65", "--strange", "noise"]],
  ])("%s needs all rows at once", async (option, args) => {
    expect(await uncertainty(mlp, path("many.csv"), "--stream", ...args)).toMatchObject({
      code: 2,
      err: `uncertainty: --stream does not go with ${option}, which needs all rows at once\n`,
    });
  });
});

describe("Ctrl-C", () => {
  const many = [mlp, path("many.csv"), "--kind", "classes", "--labels", "65", "--strange", "none", "--samples", "2000"];

  /** Runs the command and ends it some time after it began to listen. */
  const interrupted = async (waitMs: number, args: readonly string[]): Promise<Run> => {
    const before = process.listeners("SIGINT");
    const running = uncertainty(...many, ...args);
    const added = (): NodeJS.SignalsListener | undefined =>
      process.listeners("SIGINT").find((listener) => !before.includes(listener));
    while (added() === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    added()?.("SIGINT");
    const found = await running;
    expect(process.listeners("SIGINT")).toEqual(before);
    return found;
  };

  /** As early as there is something to keep: how long that takes depends on the machine. */
  const stopped = async (...args: string[]): Promise<Run> => {
    for (let waitMs = 200; ; waitMs *= 2) {
      const found = await interrupted(waitMs, args);
      if (!found.err.includes("nothing is written")) return found;
    }
  };

  test.each(["json", "csv"])("rows with passes are kept in .%s, and said; the exit code is 130", async (format) => {
    const file = path(`stopped.${format}`);
    const { code, out, err } = await stopped("--out", file);
    expect({ code, out }).toEqual({ code: 130, out: "" });
    const match =
      /^uncertainty: stopped: (\d+) of 2500 rows are done, (\d+) more have fewer passes; they are in (.*)\n$/.exec(
        err,
      )!;
    expect(match[3]).toBe(file);
    const written = Number(match[1]) + Number(match[2]);
    const text = readFileSync(file, "utf8");
    const rows = format === "json" ? JSON.parse(text).rows.length : text.trimEnd().split("\n").length - 1;
    expect(rows).toBe(written);
    expect(readdirSync(path(".")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.skipIf(noNumpy)("a record array tells the number of rows that it has", async () => {
    const { err } = await stopped("--stream", "--out", path("stopped.npy"));
    const script =
      `import numpy as np; a = np.load(${JSON.stringify(path("stopped.npy"))}); print(len(a), a["samples"].min() ` +
      `>= 2)`;
    const [, done, more] = /(\d+) of 2500 rows are done, (\d+) more/.exec(err)!;
    expect(runPython(script).trim()).toBe(`${Number(done) + Number(more)} True`);
  });

  test("before there is anything nothing is written", async () => {
    const { code, err } = await interrupted(0, ["--out", path("nothing.json")]);
    expect({ code, err }).toEqual({
      code: 130,
      err: "uncertainty: stopped: 0 of 2500 rows are done; nothing is written\n",
    });
    expect(existsSync(path("nothing.json"))).toBe(false);
  });

  test("without --out it says that nothing is kept", async () => {
    const { code, err } = await stopped();
    expect(code).toBe(130);
    expect(err).toMatch(/^uncertainty: stopped: \d+ of 2500 rows are done, .*; --out FILE would have kept them\n$/);
  });
});
