import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { figureOf } from "../../../src/reproduce/curves/figure.js";
import { ratePlan, type SharedSettings, sizePlan } from "../../../src/reproduce/curves/plan.js";
import type { FigureResult } from "../../../src/reproduce/curves/run.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

/** Pictures of 4 × 4 pixels in three classes, told apart by where they are bright. */
function idxFolder(): string {
  const folder = path("pictures");
  mkdirSync(folder);
  const header = (type: number, ...sizes: number[]): Buffer => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    bytes.writeUInt32BE(0x0800 + type);
    sizes.forEach((size, i) => {
      bytes.writeUInt32BE(size, 4 + 4 * i);
    });
    return bytes;
  };
  for (const [name, rows] of [
    ["train", 60],
    ["t10k", 30],
  ] as const) {
    const pixels = Buffer.from(
      Array.from({ length: 16 * rows }, (_, i) => {
        const [row, pixel] = [Math.floor(i / 16), i % 16];
        return (pixel + row * 7) % 5 === 0 ? 90 : pixel % 3 === row % 3 ? 200 : 20;
      }),
    );
    writeFileSync(join(folder, `${name}-images-idx3-ubyte`), Buffer.concat([header(3, rows, 4, 4), pixels]));
    const labels = Buffer.from(Array.from({ length: rows }, (_, row) => row % 3));
    writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), Buffer.concat([header(1, rows), labels]));
  }
  return folder;
}

const data = idxFolder();
const SMALL = "--hidden 6 --steps 6 --batch-size 10 --seeds 1 --threads 0".split(" ");
const reproduce = (figure: string, ...args: string[]) => run(["reproduce", figure, "--data", data, ...SMALL, ...args]);
const read = (file: string): FigureResult => JSON.parse(readFileSync(path(file), "utf8"));

describe("hadamask reproduce rate", () => {
  test("prints a table and draws the figure; the same line trains nothing twice", { timeout: 180_000 }, async () => {
    const args = ["--rates", "0,0.5", "--train-size", "20", "--out", path("rate")];
    const first = await reproduce("rate", ...args);
    expect(first.code, first.err).toBe(0);
    expect(first.out).toMatch(/^pictures: test error on 30 rows; 1 seed, batches of 10, max-norm 3\n/);
    expect(first.out).toMatch(/\nrate +layers +hidden layers of 6 units +layers +3 units kept on average\n/);
    expect(first.out).toMatch(/\n +0 +6 +\d.* % .* 3 +\d.* %/);
    expect(first.out).toContain(`Figure: ${path("rate/rate.png")}`);
    expect(existsSync(path("rate/rate.png"))).toBe(true);
    expect(first.err.match(/test error/g)).toHaveLength(3);
    const again = await reproduce("rate", ...args);
    expect(again.out).toBe(first.out);
    expect(again.err).not.toContain("test error");
    const other = await reproduce("rate", ...args, "--input-rate", "0.1");
    expect({ code: other.code, err: other.err }).toEqual({
      code: 2,
      err: expect.stringMatching(
        /^reproduce: --out: \S+seed0\.json was made with input rate 0, not 0\.1; ask for the same, or choose another --out\n$/,
      ),
    });
    const { curves } = read("rate/rate.json");
    // The curves meet at rate 0.5: the same network, the same numbers.
    expect(curves[0]!.points[1]!.testError).toEqual(curves[1]!.points[1]!.testError);
    expect(curves.map(({ points }) => points.map(({ hidden }) => hidden[0]))).toEqual([
      [6, 6],
      [3, 6],
    ]);
  });
});

describe("hadamask reproduce size", () => {
  test("trains each size with and without dropout, and pairs them", { timeout: 180_000 }, async () => {
    const { code, out, err } = await reproduce(
      "size",
      "--sizes",
      "10,40",
      "--seeds",
      "2",
      "--out",
      path("size"),
      "--json",
    );
    expect(code, err).toBe(0);
    const result = JSON.parse(out) as FigureResult;
    expect(result).toEqual(read("size/size.json"));
    expect(result.curves.map(({ title }) => title)).toEqual(["no dropout", "dropout, inputs 0.2, hidden 0.5"]);
    // Six steps whatever the rows: six epochs of one batch, and one and a half of four.
    expect(result.curves[0]!.points.map(({ x, epochs }) => [x, epochs])).toEqual([
      [10, 6],
      [40, 2],
    ]);
    result.differences!.forEach(({ testError }, i) => {
      const [plain, dropped] = result.curves.map(({ points }) => points[i]!.testError.mean);
      expect(testError.mean).toBeCloseTo(dropped! - plain!, 10);
    });
  });
});

test.each([
  [["size", "--sizes", "0"], /^reproduce: --sizes must be at least 1, got 0\n$/],
  [["rate", "--rates", "0.5,0.5"], /^reproduce: --rates has a number twice\n$/],
  [["rate", "--rates", "1"], /^reproduce: --rates must be in \[0, 1\), got 1\n$/],
  [["size", "--sizes", "10,10"], /^reproduce: --sizes has a number twice\n$/],
  [
    ["size", "--sizes", "61", "--out", path("unused")],
    /^reproduce: --train-size must be between 1 and 60 for pictures, got 61\n$/,
  ],
  [
    ["size", "--data", fileURLToPath(new URL("../../../../../examples/houses.csv", import.meta.url))],
    /^reproduce: --data must be pictures: mnist, fashion-mnist, or a folder of IDX files, got houses\.csv\n$/,
  ],
  [
    ["size", "--data", path("nowhere")],
    /^reproduce: --data must be .*, got ".*nowhere"; there is no file or folder of that name\n$/,
  ],
  [["size", "--max-norm", "0"], /^reproduce: --max-norm must be above 0, got 0\n$/],
])("%j is misuse", async ([figure, ...args], sentence) => {
  const { code, err } = await reproduce(figure!, ...args);
  expect(code).toBe(2);
  expect(err).toMatch(sentence);
});

const SHARED: SharedSettings = {
  ...{ hidden: [512, 256], steps: 100, batchSize: 50, seeds: 3, maxNorm: 3, inputRate: 0 },
};

test("plans keep half of the units on average, and count epochs by steps", () => {
  const { jobs } = ratePlan([0, 0.5, 0.8], 1000, SHARED);
  expect(jobs.map(({ request }) => request.hidden)).toEqual([
    [512, 256],
    [256, 128],
    [1280, 640],
  ]);
  expect(jobs[0]!.request).toMatchObject({ epochs: 5, evaluate: 5, trainSize: 1000, maxNorm: 3 });
  expect(sizePlan([10, 10_000], 0.5, SHARED).jobs.map(({ request }) => request.epochs)).toEqual([100, 1]);
});

test("the figure's axes hold its points", () => {
  const point = (x: number, mean: number) => ({
    ...{ x, testError: { mean, perSeed: [mean] }, trainError: { mean: 0, perSeed: [0] }, hidden: [1], epochs: 1 },
  });
  const result: FigureResult = {
    ...{ figure: "size", data: "mnist", testRows: 1, seeds: 1, maxNorm: 3, batchSize: 1 },
    curves: [{ title: "no dropout", points: [point(100, 0.231), point(5000, 0.04)] }],
  };
  const { x, y, curves } = figureOf(result);
  expect(x).toEqual({ min: 2, max: 4, interval: 1 });
  expect(y).toEqual({ min: 0, max: 30 });
  expect(curves[0]!.points[0]).toEqual([2, 23.1]);
});
