import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../../src/data/csv.js";
import { DataError } from "../../../src/data/data-error.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
let files = 0;

/** A file with this text, and its path. */
function file(text: string | Uint8Array): string {
  const name = path(`${files++}.csv`);
  writeFileSync(name, text);
  return name;
}

describe("readCsv", () => {
  test("reads numbers, with the last column as the label", () => {
    const { table, featureCount, classes, labelName } = readCsv(file("1,2,b\n3,-4.5e1,a\n"));
    expect([...table.features]).toEqual([1, 2, 3, -45]);
    expect([...table.labels]).toEqual([1, 0]);
    expect({ rows: table.rows, featureCount, classes, labelName }).toEqual({
      rows: 2,
      featureCount: 2,
      classes: ["a", "b"],
      labelName: undefined,
    });
  });

  test("takes the first line for a heading where a feature in it is not a number", () => {
    const { table, labelName } = readCsv(file("width,height,kind\n1,2,0\n3,4,1\n"));
    expect({ rows: table.rows, labelName }).toEqual({ rows: 2, labelName: "kind" });
  });

  test("takes the first line for a heading where only its label is not a number", () => {
    const { table, classes } = readCsv(file("0,1,label\n1,2,0\n3,4,1\n"));
    expect({ rows: table.rows, classes }).toEqual({ rows: 2, classes: ["0", "1"] });
  });

  test("finds the label by name or by number", () => {
    const text = "kind,x,y\nlow,1,2\nhigh,3,4\n";
    for (const label of ["kind", "1"]) {
      const { table, classes } = readCsv(file(text), label);
      expect({ features: [...table.features], classes }).toEqual({ features: [1, 2, 3, 4], classes: ["high", "low"] });
    }
  });

  test("orders classes by number where all are numbers", () => {
    expect(readCsv(file("1,10\n1,9\n1,-2\n")).classes).toEqual(["-2", "9", "10"]);
  });

  test("reads compressed files, Windows line ends, quotes, spaces and a missing last line end", () => {
    const text = '"a, b",c,label\r\n 1 ,"2","x ""y"""\r\n3,4,z\r\n5,6,z';
    const { table, classes, labelName } = readCsv(file(gzipSync(text)));
    expect([...table.features]).toEqual([1, 2, 3, 4, 5, 6]);
    expect({ classes, labelName }).toEqual({ classes: ['x "y"', "z"], labelName: "label" });
  });

  test("finds a heading by the name of the label, whatever the others are", () => {
    const { table, labelName } = readCsv(file("2019,2020,label\n1,2,a\n3,4,b\n"), "label");
    expect({ rows: table.rows, labelName, features: [...table.features] }).toEqual({
      rows: 2,
      labelName: "label",
      features: [1, 2, 3, 4],
    });
  });

  test("takes columns that are chosen, and leaves out what is ignored", () => {
    const name = file("name,x,y,z,kind\nann,1,2,3,a\nbob,4,5,6,b\n");
    const of = (asked: object) => [...readCsv(name, undefined, asked).table.features];
    expect(of({ ignore: ["name"] })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(of({ columns: ["z", "2"] })).toEqual([3, 1, 6, 4]);
    expect(() => of({ columns: ["x"], ignore: ["x"] })).toThrow(`${name}: column 2 is asked for twice`);
    expect(() => of({ ignore: ["age"] })).toThrow(
      `${name}: line 1: has no column named "age" for --ignore; pass a name in the heading or a number from 1 to 5`,
    );
    expect(() => readCsv(file("x,x,c\n1,2,a\n"), "x")).toThrow(/has two columns named "x"; pass a number from 1 to 3$/);
  });

  test("--heading decides where the first line could be both", () => {
    const text = "1O,2,a\n3,4,b\n5,6,a\n";
    expect(readCsv(file(text), undefined, { heading: "yes" }).table.rows).toBe(2);
    expect(() => readCsv(file(text), undefined, { heading: "no" })).toThrow(
      /line 1: column 1 must be a number, got "1O"/,
    );
  });

  test("1, 1.0 and 01 are one class; names that differ in nothing else are kept", () => {
    const labels = (list: string[]) => readCsv(file(list.map((label) => `1,${label}\n`).join("")));
    expect(labels(["1", "1.0", "01", "2"])).toMatchObject({
      classes: ["1", "2"],
      table: { labels: Uint16Array.of(0, 0, 0, 1) },
    });
    expect(labels(["01", "02", "01"]).classes).toEqual(["01", "02"]);
    expect(labels(["1.0", "a", "1"]).classes).toEqual(["1", "1.0", "a"]);
  });

  test.each([
    ["semicolons and decimal commas", "1,5;2;a\n-3,25;,5;b\n", [1.5, 2, -3.25, 0.5]],
    ["tabs", "x\ty\tc\n1.5\t2\ta\n3\t4\tb\n", [1.5, 2, 3, 4]],
    ["commas, with semicolons in the labels", "1,2,a;b\n3,4,c;d\n", [1, 2, 3, 4]],
    ["a byte order mark", "\ufeffx,y,c\n1,2,a\n3,4,b\n", [1, 2, 3, 4]],
    ["the line ends of old Macs", "1,2,a\r3,4,b\r", [1, 2, 3, 4]],
    ["line ends in quotes", '1,2,"a\nb"\n3,4,"c"\n\n\n', [1, 2, 3, 4]],
  ])("reads %s", (_, text, features) => {
    const { table, classes } = readCsv(file(text));
    expect({ rows: table.rows, features: [...table.features], classes: classes.length }).toEqual({
      rows: 2,
      features,
      classes: 2,
    });
  });

  test("reads other encodings, and rows across the pieces that it reads", () => {
    const bytes = Buffer.from("1,2,caf\xe9\n3,4,caf\xe8\n", "latin1");
    expect(readCsv(file(bytes), undefined, { encoding: "latin1" }).classes).toEqual(["cafè", "café"]);
    const utf16 = Buffer.from("\ufeff1,2,ü\n3,4,ö\n", "utf16le");
    expect(readCsv(file(utf16), undefined, { encoding: "utf-16le" }).classes).toEqual(["ö", "ü"]);
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${i % 13},"class ü${i % 3}"`).join("\r\n");
    const { table, classes } = readCsv(file(rows));
    expect({ rows: table.rows, classes }).toEqual({ rows: 60_000, classes: ["class ü0", "class ü1", "class ü2"] });
    expect([table.features[2 * 59_999], table.labels[59_999]]).toEqual([59_999, 59_999 % 3]);
  });

  test.each([
    ["", "is empty"],
    ["\n\n", "is empty"],
    ["5\n6\n", "line 1: must have two columns or more, separated by commas, semicolons or tabs, got 1"],
    ["a,b,label\n", "there is a heading and no row after it"],
    ["1,2,0\n3,1\n", "line 2: must have 3 columns like line 1, got 2"],
    ["1,2,0\n\n3,4,1\n", "line 2: is empty; take it out"],
    ["\n1,2,0\n", "line 1: is empty; take it out"],
    ["1,2,0\n3,four,1\n", 'line 2: column 2 must be a number, got "four"; for categories pass --categories 2'],
    ["1,2,0\n3,1e39,1\n", 'line 2: column 2 must be a number of 32 bits, at most 3.4e38, got "1e39"'],
    ["1,2,0\n3,0x10,1\n", 'line 2: column 2 must be a number, got "0x10"; for categories pass --categories 2'],
    ["1,2,0\n3,4,\n", "line 2: column 3: the label is missing"],
    [
      "1O,2,a\n3,4,b\n",
      'line 1: could be a heading or a row: column 1 is "1O", column 2 is 2; mend it, or pass --heading yes or no',
    ],
    [
      "1,2,a\n3,4,0\n5,6,b\n",
      'line 3: the label "b" is not a number, so line 1 may be a row and not a heading; pass --heading yes or no',
    ],
    ['1,2,0\n3,"4,1\n5,6,0\n', "line 2: has a quote that is never closed"],
    ["1;2,5;a\n1.5;3;b\n", 'line 2: column 1 has a decimal point, got "1.5"; line 1 has a decimal comma'],
    [
      "1,2,a\n1\0,3,b\n",
      "line 2: has a character of number 0, which no table has; if it is UTF-16, pass --encoding utf-16le",
    ],
    [
      Buffer.from("1,2,caf\xe9\n1,3,b\n", "latin1"),
      "line 1: is not UTF-8; pass its encoding, for instance --encoding latin1",
    ],
    [Buffer.from("\ufeff1,2,a\n", "utf16le"), "line 1: is not utf-8; pass --encoding utf-16le"],
    [
      Buffer.from("PK\x03\x04"),
      "must be .csv, .npy or IDX, got a zip archive (.npz, .xlsx); save one array as .npy, or the table as .csv",
    ],
    ["1,2,0\n3,Infinity,1\n", 'line 2: column 2 must be a number, got "Infinity"; for categories pass --categories 2'],
    ['1,2,0\n3,"4"5,1\n', "line 2: column 2 has a quote out of place"],
    ["1,2,0\n3,4,0\n", 'column 3 has one class only, "0"; choose another column with --label'],
    [
      Array.from({ length: 30 }, (_, i) => `1,name ${i}`).join("\n"),
      "column 2 has 30 classes in 30 rows; choose another with --label",
    ],
  ])("refuses %j", (text, message) => {
    const name = file(text);
    expect(() => readCsv(name)).toThrow(new DataError(`${name}: ${message}`));
  });

  test("refuses a label column that is not there", () => {
    const name = file("a,b\n1,2\n3,4\n");
    expect(() => readCsv(name, "species")).toThrow(
      new DataError(
        `${name}: line 1: has no column named "species"; pass a name in the heading or a number from 1 to 2`,
      ),
    );
    expect(() => readCsv(name, "3")).toThrow(DataError);
  });

  test("says which file cannot be read", () => {
    expect(() => readCsv(path("none.csv"))).toThrow(
      new DataError(`cannot read ${path("none.csv")}: there is no such file`),
    );
    const broken = file(gzipSync("1,2\n3,4\n").subarray(0, 20));
    expect(() => readCsv(broken)).toThrow(new DataError(`cannot decompress ${broken}: unexpected end of file`));
  });
});
