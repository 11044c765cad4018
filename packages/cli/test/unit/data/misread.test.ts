// Tables and archives that read well and mean something else: labels that only look alike, numbers of many digits,
// numerals of other kinds, encodings that are not what is said, archives that do not hold what they promise.

import { mkdirSync, writeFileSync } from "node:fs";
import { deflateRawSync, gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { inMemory } from "../../../src/data/byte-source.js";
import { csvTable } from "../../../src/data/csv-table.js";
import { readIdxFolder } from "../../../src/data/idx.js";
import { readNpy } from "../../../src/data/npy.js";
import { readAllNpz } from "../../../src/data/npz.js";
import { isOtherNumeral, sameNumber } from "../../../src/data/numerals.js";
import { readBytes } from "../../../src/data/read.js";
import { npyHeader } from "../../../src/files/npy.js";
import { classNumbers } from "../../../src/uncertainty/labels.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
const read = (content: string | Uint8Array, encoding?: string) =>
  csvTable("t", inMemory(typeof content === "string" ? Buffer.from(content) : content), { encoding });
/** Twelve rows under a heading. */
const table = (cell: (i: number) => string, label: (i: number) => string = (i) => "ab"[i % 2]!): string =>
  `x,y,label\n${Array.from({ length: 12 }, (_, i) => `${cell(i)},${(7 * i) % 5},${label(i)}\n`).join("")}`;
const labels = (...names: string[]): string => table(String, (i) => names[i % names.length]!);

describe("labels", () => {
  test.each([
    [
      ["1", "1.0", "01", "2"],
      ["1", "2"],
    ],
    [
      ["1e1", "10", "+10", "5"],
      ["5", "10"],
    ],
    [
      ["10000000000000000001", "10000000000000000002"],
      ["10000000000000000001", "10000000000000000002"],
    ],
    [
      ["9007199254740993", "9007199254740992", "9007199254740992.0"],
      ["9007199254740992", "9007199254740993"],
    ],
    [
      ["1e400", "1e401", "1"],
      ["1", "1e400", "1e401"],
    ],
  ])("%j are the classes %j", (texts, classes) => expect(read(labels(...texts)).classes).toEqual(classes));

  test.each([
    [["TRUE", "true"], 'classes "TRUE" and "true" look alike and are 2: if they are one, write them alike'],
    [["é", "e\u0301"], 'classes "e\\u{301}" and "\\u{e9}" look alike and are 2: if they are one, write them alike'],
    [["a", "a\u200b"], 'classes "a" and "a\\u{200b}" look alike and are 2: if they are one, write them alike'],
    [["a", "NA", "null"], '"NA" and "null" read as missing labels and are taken for classes'],
    [["a", "b", "NA"], '"NA" reads as a missing label and is taken for a class'],
  ])("%j are told", (texts, note) => expect(read(labels(...texts)).notes).toContain(note));

  test.each([
    ["NaN", 'the label is missing, got "NaN"; leave such rows out with --missing drop'],
    ["?", 'the label is missing, got "?"; leave such rows out with --missing drop'],
    ["inf", 'the label must be a number like the others, got "inf"; leave such rows out with --missing drop'],
  ])("%j among numbers is no class", (text, message) => {
    expect(() => read(labels("0", "1", text))).toThrow(`t: row 3: label: ${message}`);
  });

  test("of a model are told apart by all their digits", () => {
    const names = ["10000000000000000001", "10000000000000000002"];
    expect([...classNumbers("l", ["10000000000000000002", "10000000000000000001.0"], 2, names)]).toEqual([1, 0]);
    expect(() => classNumbers("l", ["0", "1", "NaN"], 3, undefined)).toThrow(
      'l: row 3: the label is missing, got "NaN"',
    );
  });

  test("are names, and no texts", () => {
    expect(() => read(labels("a", "b".repeat(1001)))).toThrow(
      't: line 3: column 3 ("label"): a label must have at most 1000 characters, got 1001',
    );
    expect(() => read(`${"x".repeat(1001)},y\n1,a\n2,b\n`)).toThrow(
      "t: line 1: the name of column 1 must have at most",
    );
  });
});

describe("numbers", () => {
  test("of one value have one text, and no others", () => {
    const one = ["1", "+1", "1.0", "01", "1e0", "10e-1", "0.1e1", "1,0"];
    expect(new Set(one.map(sameNumber)).size).toBe(1);
    const others = ["0", "-1", "10", "0.1", "1.0000000000000000001", "1e400", "1e-400"];
    expect(new Set([...others, "1"].map(sameNumber)).size).toBe(8);
    expect(["-0", "0.0", "0e5"].map(sameNumber)).toEqual(["0", "0", "0"]);
  });

  const odd = ["12%", "$5", "€ 5", "1,100", "1 234 567", "1'000.5", "1_000", "−3", "٣٫", "٣٤", "(5)", "0x1F", "1d5"];
  test.each([...odd.filter((text) => text !== "٣٫"), '="5"', "inf", "-∞", "'5", "-$5"])("%j is one", (text) => {
    expect(isOtherNumeral(text)).toBe(true);
  });
  test.each(["5", "red", "5 cm", "A1", "<=50K", "10-20", "3rd", "1.2.3", "", "b"])("%j is none", (text) => {
    expect(isOtherNumeral(text)).toBe(false);
  });

  test.each(["%", " €"])("with %j behind are no categories", (unit) => {
    expect(() => read(table((i) => i + unit))).toThrow(
      `t: line 2: column 1 ("x") has numbers that are written in another way, for instance "0${unit}"; write them as ` +
        "1234.5, or pass --categories x if they are categories",
    );
  });

  test("that 32 bits do not tell apart are told", () => {
    const note = "x: 12 different numbers are 1 as numbers of 32 bits, which have seven digits";
    expect(read(table((i) => String(1_700_000_000 + i))).notes).toEqual([
      `${note}; subtract what they have in common first`,
    ]);
    expect(read(table((i) => String(i / 7))).notes).toEqual([]);
  });
});

describe("encodings", () => {
  const text = table(String);
  const wide = [0xff, 0xfe, 0, 0, ...[...Buffer.from(text)].flatMap((byte) => [byte, 0, 0, 0])];
  test.each([
    [
      "utf-8 read as latin1",
      Buffer.from(`\ufeff${text}`),
      "latin1",
      "line 1: is not windows-1252; pass --encoding utf-8",
    ],
    ["utf-16be as utf-16le", Buffer.from(`\ufeff${text}`, "utf16le").swap16(), "utf-16le", "pass --encoding utf-16be"],
    ["utf-8 as utf-16le", Buffer.from(text), "utf-16le", "is not utf-16le; pass another --encoding, or none for UTF-8"],
    ["utf-32", Uint8Array.from(wide), undefined, "is UTF-32, which is not read; save it as UTF-8"],
    ["half a character", Buffer.from(`\ufeff${text}`, "utf16le").subarray(0, -1), "utf-16le", "the file is cut off"],
    [
      "zeros",
      Buffer.from(`\ufeff${text}\0`, "utf16le"),
      "utf-16le",
      "has a character of number 0, which no table has; save",
    ],
  ])("%s", (_, bytes, encoding, message) => expect(() => read(bytes, encoding)).toThrow(message));

  test.each([
    ["BZh91AY", "a file that is compressed, other than by gzip; unpack it first"],
    ["\x80\x04\x95", "a pickle of Python; save it as .csv or .npy"],
    ["SQLite format 3\0", "an SQLite database; save the table as .csv"],
    ["<!DOCTYPE html>", "a web page or XML, as a download that failed may be"],
    [
      "version https://git-lfs.github.com/spec/v1\n",
      "the pointer of a file that Git LFS keeps elsewhere; run git lfs pull",
    ],
  ])("%j is another format", (begin, what) => {
    expect(() => read(Buffer.from(begin, "latin1"))).toThrow(`t: must be .csv, .npy or IDX, got ${what}`);
  });

  test("gzip in gzip is told", () => {
    writeFileSync(path("twice.gz"), gzipSync(gzipSync("1,a\n")));
    expect(() => readBytes(path("twice.gz"))).toThrow(/: is compressed twice; decompress it once first$/);
  });
});

describe("archives", () => {
  const x = Buffer.concat([npyHeader("'<f4'", [2, 2]), Buffer.alloc(16, 1)]);
  /** With a changed byte: counted from the end, where the directory is, or at an offset. */
  const changed = (bytes: Uint8Array, at: number, to: number): Uint8Array => {
    const out = Uint8Array.from(bytes);
    out[at < 0 ? out.length + at : at] = to;
    return out;
  };
  const stored = zipSync({ "x.npy": [x, { level: 0 }] });
  const list = stored.length - 22 - 46 - 5;

  test("hold what they promise", () => {
    expect(readAllNpz("z", stored).get("x")).toEqual(readNpy("x", x));
    expect(readAllNpz("z", zipSync({ "x.npy": x })).get("x")).toEqual(readNpy("x", x));
  });

  test.each([
    ["a byte", changed(stored, list - 1, 2), '"x.npy" is damaged; save it again'],
    ["the size", changed(stored, list + 24, 9), '"x.npy" is damaged; save it again'],
    ["encryption", changed(stored, list + 8, 1), '"x.npy" is encrypted; save it without a password'],
    ["the method", changed(stored, list + 10, 14), '"x.npy" is packed by method 14; save it with numpy.savez'],
    ["the place", changed(stored, list + 42, 9), '"x.npy" is not where the archive says; save it again'],
    ["the directory", changed(stored, list, 0), "is a broken zip archive: its directory is damaged; save it again"],
    ["the end", stored.subarray(0, -1), "is a broken zip archive: its directory is missing, so it is cut off"],
    [
      "what it is",
      zipSync({ "x.npy": deflateRawSync(x) }),
      '"x.npy" is no .npy file; save the arrays with numpy.savez',
    ],
  ])("are refused where %s is not right", (_, bytes, message) => {
    expect(() => readAllNpz("z", bytes)).toThrow(`z: ${message}`);
  });

  test("headers of arrays are those that NumPy writes", () => {
    const npy = (header: string): Uint8Array =>
      Buffer.concat([Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]), Buffer.from(header)]);
    const header = (shape: string, order = "False"): string =>
      `{'descr': '<f4', 'fortran_order': ${order}, 'shape': ${shape}, }`;
    for (const shape of ["(0x0, 4)", "(0e0, 4)", "(0,, 4)", "(+0, 4)"])
      expect(() => readNpy("a", npy(header(shape)))).toThrow("a: its shape must be of whole numbers");
    expect(() => readNpy("a", npy(header("(0, 4)", "1")))).toThrow("a: has a header without the order");
    expect(() => readNpy("a", npy("").subarray(0, 6))).toThrow("a: ends in its header");
    expect(readNpy("a", npy(header("(0,)"))).shape).toEqual([0]);
  });

  test("two files of one kind in a folder must be one", () => {
    const idx = (sizes: number[], bytes: number[]): Uint8Array => {
      const head = Buffer.alloc(4 + 4 * sizes.length);
      head.set([0, 0, 8, sizes.length]);
      for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
      return Buffer.concat([head, Buffer.from(bytes)]);
    };
    mkdirSync(path("idx"));
    for (const part of ["train", "t10k"]) {
      writeFileSync(path(`idx/${part}-images-idx3-ubyte`), idx([2, 1, 1], [1, 2]));
      writeFileSync(path(`idx/${part}-labels-idx1-ubyte`), idx([2], [0, 1]));
    }
    writeFileSync(path("idx/train-labels-idx1-ubyte.gz"), gzipSync(idx([2], [0, 1])));
    expect(readIdxFolder(path("idx")).train.rows).toBe(2);
    writeFileSync(path("idx/train-labels-idx1-ubyte.gz"), gzipSync(idx([2], [1, 0])));
    expect(() => readIdxFolder(path("idx"))).toThrow(
      "has both train-labels-idx1-ubyte and train-labels-idx1-ubyte.gz, which differ; take one of them away",
    );
  });
});
