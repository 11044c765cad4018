// Tables of people's own: categories, missing values, what is to be predicted, and what a reader is told of them.

import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../../experiments/src/usage.js";
import { readCsv } from "../../../src/data/csv.js";
import type { TableAsked } from "../../../src/data/csv-table.js";
import { DataError } from "../../../src/data/data-error.js";
import { isDate } from "../../../src/data/dates.js";
import { loadDataset } from "../../../src/data/load.js";
import { openRows } from "../../../src/data/model-inputs.js";
import { npyHeader } from "../../../src/files/npy.js";
import { testFolder } from "../../support/folder.js";

const path = testFolder();
let files = 0;
function file(text: string | Uint8Array, ending = "csv"): string {
  const name = path(`${files++}.${ending}`);
  writeFileSync(name, text);
  return name;
}
const read = (text: string, asked: TableAsked = {}, label?: string) => readCsv(file(text), label, asked);

const HOUSES = "size,colour,age,price\n50,red,10,1.5\n60,blue,,2.5\n70,red,30,3.25\n80,green,40,4\n";

describe("categories and missing values", () => {
  test("become features of 0 and 1, and NaN, to be filled in from training rows", () => {
    const { table, featureCount, columns, classes, labelName } = read(HOUSES);
    expect(columns).toEqual([
      { kind: "number", name: "size" },
      { kind: "category", name: "colour", categories: ["blue", "green", "red"] },
      { kind: "number", name: "age", missing: "mean" },
    ]);
    expect(featureCount).toBe(5);
    expect([...table.features]).toEqual(
      [
        [50, 0, 0, 1, 10],
        [60, 1, 0, 0, Number.NaN],
        [70, 0, 0, 1, 30],
        [80, 0, 1, 0, 40],
      ].flat(),
    );
    expect(table.labels).toEqual(Float64Array.of(1.5, 2.5, 3.25, 4));
    expect({ classes, labelName }).toEqual({ classes: [], labelName: "price" });
  });

  test("--missing indicator adds a column, drop leaves rows out", () => {
    const { table, featureCount } = read(HOUSES, { missing: "indicator" });
    expect(featureCount).toBe(6);
    expect(Array.from({ length: 4 }, (_, row) => table.features[6 * row + 5])).toEqual([0, 1, 0, 0]);
    const dropped = read(HOUSES, { missing: "drop" });
    expect([dropped.table.rows, dropped.columns[2]]).toEqual([3, { kind: "number", name: "age" }]);
    expect(dropped.notes).toContain("1 row with missing values is left out (--missing drop)");
    expect(read("a,y\n1,x\n2,\n3,z\n4,x\n", { missing: "drop" }).table.rows).toBe(3);
    expect(() => read("a,b,y\n1,,x\n,2,z\n", { missing: "drop" })).toThrow(
      /every row has a missing value; pass --missing mean/,
    );
  });

  test("a missing category is none of them", () => {
    const { table, columns } = read("c,y\nred,a\n?,b\nblue,a\n");
    expect(columns[0]).toMatchObject({ categories: ["blue", "red"], missing: "mean" });
    expect([...table.features]).toEqual([0, 1, Number.NaN, Number.NaN, 1, 0]);
  });

  test("--categories makes them of numbers, in their order", () => {
    const { columns } = read("zip,y\n10,a\n9,b\n10,b\n", { categories: ["zip"] });
    expect(columns).toEqual([{ kind: "category", name: "zip", categories: ["9", "10"] }]);
  });

  test("a first row whose texts come again is no heading", () => {
    const text = "1,red,a\n2,blue,b\n3,red,a\n";
    expect(read(text).table.rows).toBe(3);
    expect(read(text).columns[1]!.name).toBe("column 2");
    expect(read("red,a\nblue,b\nred,a\n").table.rows).toBe(3);
  });

  test("with semicolons, decimal commas, quotes, a byte order mark and Windows line ends", () => {
    const text = '\ufeffsize;"colour, of sorts";price\r\n1,5;"red; dark";2,5\r\n2,5;blue;3,5\r\n3,5;blue;4,75\r\n';
    const { table, columns } = readCsv(file(gzipSync(text), "csv.gz"));
    expect(columns.map(({ name }) => name)).toEqual(["size", "colour, of sorts"]);
    expect([...table.features]).toEqual([1.5, 0, 1, 2.5, 1, 0, 3.5, 1, 0]);
    expect([...table.labels]).toEqual([2.5, 3.5, 4.75]);
  });
});

describe("what is predicted", () => {
  test("numbers with decimals, or more than 30 whole ones, are values; else classes; and it is said", () => {
    const whole = (count: number) => `x,y\n${Array.from({ length: 100 }, (_, i) => `${i},${i % count}`).join("\n")}\n`;
    expect(read(whole(31)).notes[0]).toBe(
      "y is predicted as a number, of 31 different ones; for classes pass --task classes",
    );
    expect(read(whole(3)).notes[0]).toBe(
      "y is taken for 3 classes (0, 1, 2); to predict numbers pass --task regression",
    );
    expect(read(whole(2)).notes).toEqual([]);
    expect(read(whole(31), { task: "classes" }).classes).toHaveLength(31);
    expect(read(whole(3), { task: "regression" })).toMatchObject({ classes: [], notes: [] });
  });

  test.each([
    ["x,y\n1,a\n2,b\n", { task: "regression" }, 'row 1: the value of y must be a number, got "a"'],
    [
      "x,y\n1,2\n2,NA\n",
      { task: "regression" },
      'row 2: the value of y must be a number, got "NA"; leave such rows out with --missing drop',
    ],
    ["x,y\n1,2\n2,2.0\n", { task: "regression" }, 'y has one value only, "2"'],
    ["x,y\n1,a\n2,a\n", {}, 'y has one class only, "a"; choose another column with --label'],
  ] as const)("refuses %j", (text, asked, message) => {
    const name = file(text);
    expect(() => readCsv(name, undefined, asked)).toThrow(new DataError(`${name}: ${message}`));
  });
});

describe("columns that cannot be taken", () => {
  const ids = Array.from({ length: 30 }, (_, i) => `customer ${i},${i},${i % 2 ? "a" : "b"}`).join("\n");
  test.each([
    [
      "day,x,y\n2024-01-31,1,a\n2024-02-01,2,b\n",
      'line 2: column 1 ("day") has dates or times, for instance "2024-01-31"; put numbers in their place (days, ' +
        "months, hours), or leave it out with --ignore day",
    ],
    [
      `who,x,y\n${ids}\n`,
      'column 1 ("who") has 30 different texts in 30 rows, for instance "customer 0", which are names or sentences ' +
        "and not categories; leave it out with --ignore who, or put categories or numbers in its place",
    ],
    [
      "x,age,y\n1,2,a\n2,3,b\n3,old,a\n",
      'line 4: column 2 ("age") must be a number, got "old"; for categories pass --categories age',
    ],
    ["x,my note,y\n1,,a\n2,NA,b\n", 'column 2 ("my note") has no value at all; leave it out with --ignore 2'],
  ])("%j", (text, message) => {
    const name = file(text);
    expect(() => readCsv(name)).toThrow(new DataError(`${name}: ${message}`));
  });

  test("dates are told by their look", () => {
    const dates = [
      "2024-01-31",
      "2024-01-31T12:30:00Z",
      "31.1.2024",
      "1/31/24",
      "31-Jan-2024",
      "Jan 31, 2024",
      "12:30",
      "8:05 pm",
    ];
    expect(dates.filter((text) => !isDate(text))).toEqual([]);
    expect(["north", "3-4 rooms", "may", "2024", "1.5.2"].filter(isDate)).toEqual([]);
  });
});

describe("what is odd is said", () => {
  test.each([
    ["x,k,y\n1,5,a\n2,5,b\n3,5,a\n4,5,b\n", "k is the same in every row and says nothing"],
    ["x,k,z,y\n1,5,1,a\n2,6,2,b\n3,9,3,a\n4,5,4,b\n", "z has the same values as x"],
    ["x,y\n1,a\n2,b\n3,a\n", "class b has one row: it is trained on or tested on, never both"],
    ["a,b,c,y\n1,4,2,p\n2,3,9,q\n", "there are more columns (3) than rows (2): a network can know the rows by heart"],
    [
      HOUSES,
      "values are missing in age (1): they get the mean of the training rows; --missing indicator adds a column that " +
        "says so, drop leaves the rows out",
    ],
  ])("%j", (text, note) => expect(read(text).notes).toContain(note));
});

describe("arrays", () => {
  const bytesOf = ({ buffer }: { buffer: ArrayBufferLike }) => new Uint8Array(buffer);
  const npy = (descr: string, shape: number[], values: { buffer: ArrayBufferLike }): Uint8Array =>
    Buffer.concat([npyHeader(descr, shape), bytesOf(values)]);
  const table = npy("'<f8'", [3, 3], Float64Array.of(1, 2, 0.5, 3, Number.NaN, 1.5, 5, 6, 2.5));

  test(".npy has its answers in the last column, in another, or in a file", async () => {
    const name = file(table, "npy");
    const data = await loadDataset(name);
    expect(data).toMatchObject({ featureCount: 2, target: { name: "column 3" }, scaling: "standardise" });
    expect([...data.pool.features]).toEqual([1, 2, 3, Number.NaN, 5, 6]);
    expect([...data.pool.labels]).toEqual([0.5, 1.5, 2.5]);
    expect([...(await loadDataset(name, { label: "1" })).pool.labels]).toEqual([0, 1, 2]);
    const answers = file(npy("'|u1'", [3], Uint8Array.of(7, 8, 7)), "npy");
    expect(await loadDataset(name, { label: answers })).toMatchObject({ featureCount: 3, classes: ["7", "8"] });
    await expect(loadDataset(name, { label: "4" })).rejects.toThrow(
      new UsageError("train: --label must be a number from 1 to 3, got 4"),
    );
    await expect(loadDataset(name, { ignore: ["1"] })).rejects.toThrow("train: --ignore goes with data in CSV");
  });

  test(".npz has them by name, pictures and test rows, too", async () => {
    const images = npy("'|u1'", [2, 2, 2], Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255));
    const y = npy("'|u1'", [2], Uint8Array.of(1, 0));
    const name = file(
      zipSync({ "x_train.npy": images, "y_train.npy": y, "x_test.npy": images, "y_test.npy": y }),
      "npz",
    );
    const data = await loadDataset(name);
    expect(data).toMatchObject({ image: { height: 2, width: 2 }, scaling: 1 / 255, classes: ["0", "1"] });
    expect([data.test!.rows, [...data.test!.labels]]).toEqual([2, [1, 0]]);
    const two = file(zipSync({ "a.npy": table, "b.npy": npy("'|u1'", [3], Uint8Array.of(1, 0, 1)) }), "npz");
    await expect(loadDataset(two)).rejects.toThrow(
      /must have arrays x and y, or .+, got a, b; name the answers with --label$/,
    );
    expect(await loadDataset(two, { label: "b" })).toMatchObject({ featureCount: 3, classes: ["0", "1"] });
    await expect(loadDataset(file(zipSync({ "sheet.xml": y }), "xlsx"))).rejects.toThrow(
      /got a zip archive without arrays/,
    );
  });

  test(".npz with two arrays that could be meant is refused, unless --label says which", async () => {
    const answers = npy("'|u1'", [3], Uint8Array.of(1, 0, 1));
    const both = file(zipSync({ "x.npy": table, "X.npy": table, "y.npy": answers }), "npz");
    const message = "must have one array of rows, got x and X; save the archive with one of them";
    await expect(loadDataset(both)).rejects.toThrow(`${both}: ${message}`);
    await expect(loadDataset(both, { label: "y" })).rejects.toThrow(`${both}: ${message}`);
    expect(() => openRows(both, { labels: "y", array: "input" })).toThrow(`${both}: ${message}`);
    expect(openRows(both, { labels: "y", array: "X" }).dims).toEqual([3, 3]);
    const twoAnswers = file(zipSync({ "x.npy": table, "y.npy": answers, "label.npy": answers }), "npz");
    await expect(loadDataset(twoAnswers)).rejects.toThrow(
      `${twoAnswers}: must have one array of answers, got y and label; save the archive with one of them or name it ` +
        "with --label",
    );
    expect(await loadDataset(twoAnswers, { label: "label" })).toMatchObject({ classes: ["0", "1"] });
    // what holds the answers holds no rows, whatever it is called
    const named = file(zipSync({ "data.npy": answers, "rows.npy": table }), "npz");
    expect(await loadDataset(named, { label: "data" })).toMatchObject({ featureCount: 3, classes: ["0", "1"] });
    expect(openRows(named, { labels: "data" }).dims).toEqual([3, 3]);
  });
});
