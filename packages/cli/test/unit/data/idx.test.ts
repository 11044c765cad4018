import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { DataError } from "../../../src/data/data-error.js";
import { isIdxFolder, readIdx, readIdxFolder } from "../../../src/data/idx.js";
import { loadDataset } from "../../../src/data/load.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
let folders = 0;

/** An IDX file of unsigned bytes: 00 00 08, the number of sizes, the sizes, the values. */
function idx(shape: readonly number[], values: readonly number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return Uint8Array.of(0, 0, 8, shape.length, ...sizes, ...values);
}

const counting = (n: number): number[] => Array.from({ length: n }, (_, i) => i % 256);

const GOOD: Readonly<Record<string, Uint8Array>> = {
  "train-images-idx3-ubyte": idx([3, 2, 2], counting(12)),
  "train-labels-idx1-ubyte": idx([3], [0, 2, 1]),
  "t10k-images-idx3-ubyte": idx([2, 2, 2], [255, 0, 0, 0, 9, 9, 9, 9]),
  "t10k-labels-idx1-ubyte": idx([2], [1, 0]),
};

function folder(files: Readonly<Record<string, Uint8Array>>): string {
  const name = path(`folder${folders++}`);
  mkdirSync(name);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(name, file), bytes);
  return name;
}

function file(bytes: Uint8Array): string {
  return join(folder({ file: bytes }), "file");
}

describe("readIdx", () => {
  test("reads shape and values, compressed or not", () => {
    const bytes = idx([2, 3], [1, 2, 3, 4, 5, 255]);
    for (const name of [file(bytes), file(gzipSync(bytes))]) {
      const { shape, values } = readIdx(name);
      expect({ shape, values: [...values] }).toEqual({ shape: [2, 3], values: [1, 2, 3, 4, 5, 255] });
    }
  });

  test.each([
    ["a PNG", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1), "byte 0: an IDX file begins with 0000, got 8950"],
    ["nothing", Uint8Array.of(), "byte 0: an IDX file begins with 0000, got the end"],
    ["floats", Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 0), "byte 2: the element type must be 08 (unsigned byte), got 0d"],
    ["half a header", Uint8Array.of(0, 0, 8, 3, 0, 0), "byte 3: the header needs 16 bytes for 3 sizes, got 6"],
    ["no sizes", Uint8Array.of(0, 0, 8, 0), "byte 3: the header needs 4 bytes for 0 sizes, got 4"],
    ["too few values", idx([2, 3], [1, 2, 3, 4, 5]), "byte 12: 2 × 3 values need 6 bytes, got 5"],
    ["too many values", idx([2], [1, 2, 3]), "byte 8: 2 values need 2 bytes, got 3"],
  ])("refuses %s", (_, bytes, message) => {
    const name = file(bytes);
    expect(() => readIdx(name)).toThrow(new DataError(`${name}: ${message}`));
  });
});

describe("readIdxFolder", () => {
  test("reads the four files, under the names that are about", () => {
    const named = folder({
      "train-images.idx3-ubyte": GOOD["train-images-idx3-ubyte"]!,
      "train-labels.idx1-ubyte": GOOD["train-labels-idx1-ubyte"]!,
      "test-images-idx3-ubyte.gz": gzipSync(GOOD["t10k-images-idx3-ubyte"]!),
      "t10k-labels-idx1-ubyte.gz": gzipSync(GOOD["t10k-labels-idx1-ubyte"]!),
    });
    for (const name of [folder(GOOD), named]) {
      const { train, test: testTable, image } = readIdxFolder(name);
      expect({ rows: train.rows, features: [...train.features], labels: [...train.labels] }).toEqual({
        rows: 3,
        features: counting(12),
        labels: [0, 2, 1],
      });
      expect({ rows: testTable.rows, labels: [...testTable.labels], image }).toEqual({
        rows: 2,
        labels: [1, 0],
        image: { height: 2, width: 2 },
      });
    }
  });

  test("becomes a data set of inputs in [0, 1] with its own test rows", async () => {
    const data = await loadDataset(folder(GOOD));
    expect(data.notes).toBeUndefined();
    expect(data).toMatchObject({ featureCount: 4, classes: ["0", "1", "2"], scaling: 1 / 255, defaultTrainRows: 3 });
    expect(data.test?.rows).toBe(2);
    expect(Object.getPrototypeOf(data.pool.features)).toBe(Uint8Array.prototype); // no Buffer of Node's
  });

  test("labels that training lacks are told", async () => {
    const notes = async (train: number[], test: number[]) => {
      const labels = { "train-labels-idx1-ubyte": idx([3], train), "t10k-labels-idx1-ubyte": idx([2], test) };
      return (await loadDataset(folder({ ...GOOD, ...labels }))).notes;
    };
    expect(await notes([0, 1, 255], [1, 0])).toEqual([
      "the highest label is 255, so there are 256 classes; 253 of them have no training row",
    ]);
    expect(await notes([0, 1, 0], [2, 2])).toEqual([
      "the highest label is 2, so there are 3 classes; 1 of them has no training row",
      "2 test rows have classes without a training row",
    ]);
  });

  test("says which file is missing", () => {
    const { "t10k-labels-idx1-ubyte": _, ...three } = GOOD;
    const name = folder(three);
    expect(() => readIdxFolder(name)).toThrow(
      new DataError(`${name}: there is no t10k-labels-idx1-ubyte (nor t10k-labels-idx1-ubyte.gz) in it`),
    );
    expect(isIdxFolder(name)).toBe(true);
    expect(isIdxFolder(folder({ "readme.txt": Uint8Array.of(1) }))).toBe(false);
  });

  test("says which files do not fit each other", () => {
    const labels = folder({ ...GOOD, "train-labels-idx1-ubyte": idx([2], [0, 1]) });
    expect(() => readIdxFolder(labels)).toThrow(
      new DataError(
        `${join(labels, "train-labels-idx1-ubyte")}: has 2 labels for the 3 pictures of train-images-idx3-ubyte`,
      ),
    );
    const sizes = folder({ ...GOOD, "t10k-images-idx3-ubyte": idx([2, 2, 3], counting(12)) });
    expect(() => readIdxFolder(sizes)).toThrow(
      new DataError(`${sizes}: training pictures are 2 × 2, test pictures 2 × 3`),
    );
    const axes = folder({ ...GOOD, "train-labels-idx1-ubyte": idx([3, 1], [0, 2, 1]) });
    expect(() => readIdxFolder(axes)).toThrow(
      new DataError(`${join(axes, "train-labels-idx1-ubyte")}: byte 3: must have 1 size, got 2`),
    );
  });
});
