import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readCsv } from "../../../src/data/csv.js";
import { DataError } from "../../../src/data/read.js";
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

  test("takes the first line for a heading where a feature in it is no number", () => {
    const { table, labelName } = readCsv(file("width,height,kind\n1,2,0\n3,4,1\n"));
    expect({ rows: table.rows, labelName }).toEqual({ rows: 2, labelName: "kind" });
  });

  test("takes the first line for a heading where only its label is no number", () => {
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

  test.each([
    ["", "is empty"],
    ["\n\n", "is empty"],
    ["5\n6\n", "line 1: must have two columns or more separated by commas, got 1"],
    ["a,b,label\n", "there is a heading and no row after it"],
    ["1,2,0\n3,1\n", "line 2: must have 3 columns like line 1, got 2"],
    ["1,2,0\n\n3,4,1\n", "line 2: must have 3 columns like line 1, got 1"],
    ["1,2,0\n3,four,1\n", 'line 2: column 2 must be a number, got "four"'],
    ["1,2,0\n3,,1\n", 'line 2: column 2 must be a number, got ""'],
    ["1,2,0\n3,Infinity,1\n", 'line 2: column 2 must be a number, got "Infinity"'],
    ['1,2,0\n3,"4"5,1\n', "line 2: column 2 has a quote out of place"],
    ["1,2,0\n3,4,0\n", 'the label column has one class only, "0"'],
    [
      Array.from({ length: 30 }, (_, i) => `1,${i}.5`).join("\n"),
      "the label column has 30 classes in 30 rows; choose another with --label",
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
