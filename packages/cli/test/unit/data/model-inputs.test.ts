import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ColumnsAsked } from "../../../src/data/columns.js";
import { allRows, openRows } from "../../../src/data/model-inputs.js";
import { readNpy } from "../../../src/data/npy.js";
import type { RowData } from "../../../src/data/row-source.js";
import { npyHeader } from "../../../src/files/npy.js";
import { classNumbers, labelValues } from "../../../src/uncertainty/labels.js";
import { testFolder } from "../../support/folder.js";
import { noNumpy, runPython } from "../../support/python.js";

const path = testFolder();
const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(path(name), content);
  return path(name);
};
const npy = (descr: string, shape: number[], bytes: Uint8Array): Uint8Array =>
  Buffer.concat([npyHeader(descr, shape), bytes]);
const bytesOf = (values: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
/** All rows of a file. */
function readRows(path: string, labels?: string, table: ColumnsAsked = {}): RowData {
  const source = openRows(path, { labels, table });
  try {
    return allRows(source);
  } finally {
    source.close();
  }
}

describe("rows from CSV", () => {
  test("numbers alone, with and without a heading", () => {
    expect(readRows(write("a.csv", "1,2\n3,4.5\n"), undefined)).toMatchObject({
      dims: [2, 2],
      values: Float32Array.of(1, 2, 3, 4.5),
      labels: undefined,
    });
    expect(readRows(write("b.csv", "x,y\n3,4\n"), undefined)).toMatchObject({
      dims: [1, 2],
      values: Float32Array.of(3, 4),
    });
    expect(readRows(write("c.csv.gz", gzipSync("1,2\n")), undefined)).toMatchObject({ dims: [1, 2] });
  });

  test("right answers in a column, by name or number", () => {
    const named = write("d.csv", "x,kind,y\n1,cat,2\n3,dog,4\n");
    const expected = { dims: [2, 2], values: Float32Array.of(1, 2, 3, 4), labels: ["cat", "dog"] };
    expect(readRows(named, "kind")).toMatchObject(expected);
    expect(readRows(named, "2")).toMatchObject(expected);
    expect(readRows(write("e.csv", "1,cat,2\n3,dog,4\n"), "2")).toMatchObject(expected);
  });

  test("right answers in a file of their own", () => {
    const rows = write("f.csv", "1,2\n3,4\n");
    expect(readRows(rows, write("g.csv", "label\n1\n0\n")).labels).toEqual(["1", "0"]);
    expect(readRows(rows, write("h.npy", npy("'<i8'", [2], bytesOf(BigInt64Array.of(5n, -1n))))).labels).toEqual([
      "5",
      "-1",
    ]);
    expect(() => readRows(rows, write("i.csv", "1\n"))).toThrow(
      `i.csv: must have 2 labels, one for each row of ${rows}, got 1`,
    );
  });

  test("rows by name, columns by choice", () => {
    const file = write("k.csv", "key;x;note;kind\na1;1,5;hm;cat\nb2;2;ha;dog\n");
    expect(readRows(file, "kind", { id: "key", ignore: ["note"] })).toMatchObject({
      dims: [2, 1],
      values: Float32Array.of(1.5, 2),
      labels: ["cat", "dog"],
      ids: ["a1", "b2"],
    });
  });

  test("a heading in a file of labels is told by the number of rows", () => {
    const rows = write("l.csv", "1,2\n3,4\n");
    expect(readRows(rows, write("m.csv", "class\ncat\ndog\n")).labels).toEqual(["cat", "dog"]);
    expect(() => readRows(rows, write("n.csv", "cat\n\n"))).toThrow(/must have 2 labels/);
    expect(() => readRows(rows, write("o.csv", "cat\n\ndog\n"))).toThrow(/row 2: the label is missing/);
  });

  test.each([
    ["1,2\n3,x\n", undefined, 'line 2: column 2 must be a number, got "x"'],
    ["a,b\n1,nan\n", undefined, 'line 2: column 2 ("b") must be a number, got "nan"; the value is missing'],
    ["1,2\n3\n", undefined, "line 2: must have 2 columns like line 1, got 1"],
    ["a,b\n", undefined, "there is a heading and no row after it"],
    ["", undefined, "is empty"],
    ["a,b\n1,2\n", "c", "uncertainty: --labels must be a file, a column of"],
  ])("%j with labels %s is refused", (text, labels, message) => {
    expect(() => readRows(write("bad.csv", text), labels)).toThrow(message);
  });
});

describe("rows from .npy", () => {
  test("types and byte orders", () => {
    expect(
      readRows(write("a.npy", npy("'<f4'", [2, 2], bytesOf(Float32Array.of(1, 2, 3, 4)))), undefined),
    ).toMatchObject({ dims: [2, 2], values: Float32Array.of(1, 2, 3, 4) });
    expect(readRows(write("b.npy", npy("'|u1'", [1, 2, 2], Uint8Array.of(1, 2, 3, 255))), undefined)).toMatchObject({
      dims: [1, 2, 2],
      values: Uint8Array.of(1, 2, 3, 255),
    });
    const big = Buffer.alloc(16);
    big.writeDoubleBE(-1.5, 0);
    big.writeDoubleBE(2e100, 8);
    expect(readNpy("c.npy", npy("'>f8'", [1, 2], big)).values).toEqual(Float64Array.of(-1.5, 2e100));
  });

  test.skipIf(noNumpy)("what NumPy writes", () => {
    for (const dtype of ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "bool", ">i4", ">f4"]) {
      const file = path(`numpy-${dtype.replace(">", "be")}.npy`);
      runPython(
        `import numpy as np; np.save(${JSON.stringify(file)}, np.array([[0, 1], [100, ` +
          `27]]).astype(${JSON.stringify(dtype)}))`,
      );
      const { dims, values } = readRows(file, undefined);
      expect([dims, Array.from(values)]).toEqual([[2, 2], dtype === "bool" ? [0, 1, 1, 1] : [0, 1, 100, 27]]);
    }
  });

  test.each([
    ["'<c8'", [1, 1], 8, "must hold numbers, got type '<c8'"],
    ["[('a', '<f4')]", [1], 4, "must hold numbers, got type [('a', '<f4')]"],
    ["'<f4'", [-1, -64], 256, "its shape must be of whole numbers, got (-1, -64)"],
    ["'<f4'", [1.5], 4, "its shape must be of whole numbers, got (1.5,)"],
    ["'<f4'", [2, 2], 12, "shape (2, 2) needs 16 bytes of values, got 12"],
  ])("%s %j with %d bytes is refused", (descr, shape, n, message) => {
    expect(() => readRows(write("bad.npy", npy(descr, shape, new Uint8Array(n))), undefined)).toThrow(message);
  });

  test("NaN and infinity are found, with their place; Fortran order and lists are refused", () => {
    const nan = write("nan.npy", npy("'<f4'", [2, 3], bytesOf(Float32Array.of(1, 2, 3, 4, Number.NaN, 6))));
    expect(() => readRows(nan, undefined)).toThrow(`${nan}: row 2, value 2: must be a finite number, got NaN`);
    const list = write("list.npy", npy("'<f4'", [2], new Uint8Array(8)));
    expect(() => readRows(list, undefined)).toThrow("must have rows of values, got shape (2)");
    const fortran = Buffer.from(npy("'<f4'", [1, 2], new Uint8Array(8)));
    fortran.write("True ,", fortran.indexOf("False,"));
    expect(() => readRows(write("fortran.npy", fortran), undefined)).toThrow(
      "is in Fortran order; save it with numpy.ascontiguousarray",
    );
    expect(() => readRows(nan, "label")).toThrow(
      'uncertainty: --labels must be a file for data in .npy or IDX, got "label"',
    );
  });
});

test("rows from IDX", () => {
  const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40);
  expect(readRows(write("images-idx3-ubyte", idx), undefined)).toMatchObject({
    dims: [2, 1, 2],
    values: Uint8Array.of(10, 20, 30, 40),
  });
});

describe("labels", () => {
  test("numbers are classes, names are looked up, other texts are numbered in order", () => {
    expect([...classNumbers("f", ["0", "2", "1.0"], 3, undefined)]).toEqual([0, 2, 1]);
    expect([...classNumbers("f", ["dog", "cat"], 2, ["dog", "cat"])]).toEqual([0, 1]);
    expect([...classNumbers("f", ["dog", "cat"], 2, undefined)]).toEqual([1, 0]);
    expect([...classNumbers("f", ["1", "02"], 2, ["01", "2.0"])]).toEqual([0, 1]);
    expect([...classNumbers("f", ["__proto__", "constructor"], 2, undefined)]).toEqual([0, 1]);
  });

  test("what is none of these is named with its row", () => {
    expect(() => classNumbers("f", ["0", "3"], 3, undefined)).toThrow(
      'f: row 2: the label must be one of 0, 1, 2, got "3"',
    );
    expect(() => classNumbers("f", ["a", "b", "c"], 2, undefined)).toThrow(
      "f: the labels must be 2 classes like the model's outputs, got 3 different texts",
    );
    expect(() => classNumbers("f", ["cow"], 2, ["dog", "cat"])).toThrow(
      'f: row 1: the label must be one of dog, cat, got "cow"',
    );
    expect(() => labelValues("f", ["1", "x"])).toThrow('f: row 2: the right value must be a number, got "x"');
  });
});
