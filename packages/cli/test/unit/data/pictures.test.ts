// Pictures as rows: decoded, resized and cut as Pillow does it, to the byte (oracles/pictures.py), and scaled as
// torchvision does it.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { allRows, openRows } from "../../../src/data/model-inputs.js";
import { type JpegCodec, loadJpegCodec, type Pixels, readPicture } from "../../../src/data/pictures/decode.js";
import { centerCrop, inChannels, resized, shortSide } from "../../../src/data/pictures/resize.js";
import { type PictureOptions, type PictureTarget, pictureMaker } from "../../../src/data/pictures/settings.js";
import { testFolder } from "../../support/folder.js";

const fixtures = fileURLToPath(new URL("../../fixtures/pictures/", import.meta.url));
interface Numbers {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
}
const expected = JSON.parse(readFileSync(`${fixtures}expected.json`, "utf8")) as {
  readonly files: Readonly<Record<string, { readonly rgb: Numbers; readonly grey: Numbers }>>;
} & Readonly<Record<"resized" | "short" | "cropped", Readonly<Record<string, Numbers>>>>;
const path = testFolder();
let jpeg: JpegCodec;
let rgb: Pixels;
beforeAll(async () => {
  jpeg = await loadJpegCodec();
  rgb = readPicture(`${fixtures}rgb.png`, jpeg);
});

const plain = ({ width, height, values }: Pixels): Numbers => ({ width, height, values: [...values] });
const TARGET: PictureTarget = { channels: 3, height: undefined, width: undefined, order: "chw", isBytes: false };
const rowsOf = (folder: string, options: PictureOptions = {}, target: Partial<PictureTarget> = {}, labels?: string) => {
  const maker = pictureMaker(options, { ...TARGET, ...target });
  return allRows(openRows(folder, { labels, pictures: { maker, jpeg } }));
};

const noteOf = (folder: string, labels: string) => {
  const rows = openRows(folder, { labels, pictures: { maker: pictureMaker({}, TARGET), jpeg } });
  rows.close();
  return rows.note;
};

test.each(Object.entries(expected.files))("%s is read to the byte", (name, { rgb: colours, grey }) => {
  const pixels = readPicture(fixtures + name, jpeg);
  expect(plain(inChannels(pixels, 3))).toEqual(colours);
  expect(plain(inChannels(pixels, 1))).toEqual(grey);
});

test("is resized, along its shorter side and not, and cut as Pillow and torchvision do", () => {
  const sizeOf = (text: string): { height: number; width: number } => {
    const [height = 0, width = height] = text.split("x").map(Number);
    return { height, width };
  };
  for (const [size, want] of Object.entries(expected.resized)) expect(plain(resized(rgb, sizeOf(size)))).toEqual(want);
  for (const [short, want] of Object.entries(expected.short))
    expect(plain(resized(rgb, shortSide(rgb, Number(short))))).toEqual(want);
  for (const [size, want] of Object.entries(expected.cropped))
    expect(plain(centerCrop(rgb, sizeOf(size)))).toEqual(want);
});

describe("a folder", () => {
  const folder = path("animals");
  beforeAll(() => {
    mkdirSync(`${folder}/cat`, { recursive: true });
    mkdirSync(`${folder}/dog`);
    cpSync(`${fixtures}rgb.png`, `${folder}/cat/a.png`);
    cpSync(`${fixtures}grey.jpg`, `${folder}/dog/b.JPG`);
    writeFileSync(`${folder}/notes.txt`, "not a picture");
  });

  test("is rows in the order of the names; mean and std as torchvision has them, channels first or last", () => {
    const mean = [0.485, 0.456, 0.406];
    const std = [0.229, 0.224, 0.225];
    const found = rowsOf(folder, { size: { height: 8, width: 8 }, mean, std });
    expect(found).toMatchObject({ dims: [2, 3, 8, 8], ids: ["cat/a.png", "dog/b.JPG"], labels: undefined });
    const f = Math.fround;
    const { values } = expected.resized["8x8"]!;
    const want = (c: number, i: number) => f(f(f(values[3 * i + c]! / 255) - f(mean[c]!)) / f(std[c]!));
    for (let c = 0; c < 3; c++) for (let i = 0; i < 64; i++) expect(found.values[64 * c + i]).toBe(want(c, i));
    const last = rowsOf(folder, { size: { height: 8, width: 8 }, mean, std }, { order: "hwc" });
    expect(last.dims).toEqual([2, 8, 8, 3]);
    for (let i = 0; i < 64; i++) expect(last.values[3 * i + 2]).toBe(want(2, i));
  });

  test("is cut after the shorter side is resized; whole numbers and one channel where the model takes these", () => {
    const found = rowsOf(
      folder,
      { size: 9, crop: { height: 8, width: 8 } },
      { channels: 1, order: "hw", isBytes: true },
    );
    expect(found.dims).toEqual([2, 8, 8]);
    const grey = centerCrop(resized(inChannels(rgb, 1), shortSide(rgb, 9)), { height: 8, width: 8 });
    expect([...found.values.subarray(0, 64)]).toEqual([...grey.values]);
    expect(rowsOf(folder, {}, { height: 8, width: 8 }).dims).toEqual([2, 3, 8, 8]); // the model's own size
  });

  test("has right answers by the names of files, or of folders", () => {
    const file = path("right.csv");
    writeFileSync(file, "file,class\nb.JPG,1\nelsewhere.png,5\ncat/a.png,0\n");
    expect(rowsOf(folder, {}, {}, file).labels).toEqual(["0", "1"]);
    expect(noteOf(folder, file)).toMatch(/; 1 row of .*right\.csv names no picture in it$/);
    expect(noteOf(folder, "folders")).not.toMatch(/no picture/);
    expect(rowsOf(folder, {}, {}, "folders").labels).toEqual(["cat", "dog"]);
    writeFileSync(file, "a.png,1,0\nb.JPG,0,1\n");
    expect(rowsOf(folder, {}, {}, file).labels).toEqual(["1", "0", "0", "1"]);
  });

  test("that cannot be used is said in one sentence", () => {
    const file = path("wrong.csv");
    const labelled = (text: string) => () => {
      writeFileSync(file, text);
      return rowsOf(folder, {}, {}, file);
    };
    expect(labelled("a.png,1\n")).toThrow(
      `${file}: must have a row for each picture of ${folder}, got none for dog/b.JPG`,
    );
    expect(labelled("a.png,1\nb.JPG,\n")).toThrow(`${file}: row 2: the label is missing`);
    expect(labelled("a.png,1\nb.JPG,2\na.png,1\n")).toThrow(`${file}: row 3: has "a.png" a second time`);
    expect(labelled("a.png\nb.JPG\n")).toThrow(
      `${file}: must have the name of a file and its label in each row, got one column`,
    );
    expect(() => rowsOf(folder, { crop: { height: 100, width: 4 } })).toThrow(
      `${folder}/cat/a.png: must be at least as large as --crop 100x4, got 17x23`,
    );
    expect(() => rowsOf(folder, { size: 8 }, { height: 8, width: 8 })).toThrow(
      `${folder}/cat/a.png: must be 8x8 as the model takes pictures, got 8x10; pass --crop 8x8, or --size 8x8`,
    );
    const other = path("other");
    mkdirSync(other);
    expect(() => rowsOf(other)).toThrow(`${other}: must have .png, .jpg or .jpeg files in it, got none`);
    writeFileSync(`${other}/a.png`, readFileSync(`${fixtures}rgb.png`).subarray(0, 300));
    expect(() => rowsOf(other)).toThrow(`${other}/a.png: is a broken PNG file`);
    writeFileSync(`${other}/a.png`, readFileSync(`${fixtures}colour.jpg`).subarray(0, 300));
    expect(() => rowsOf(other)).toThrow(`${other}/a.png: is a broken JPEG file`);
    writeFileSync(`${other}/a.png`, "text");
    expect(() => rowsOf(other)).toThrow(`${other}/a.png: must be a PNG or JPEG file, got something else`);
    cpSync(`${fixtures}cmyk.jpg`, `${other}/a.png`);
    expect(() => rowsOf(other)).toThrow(`${other}/a.png: must be grey or in colours of the screen, got 4 components`);
    cpSync(`${fixtures}rgb.png`, `${other}/a.png`);
    writeFileSync(`${other}/b.png`, readFileSync(`${fixtures}rgb.png`));
    expect(rowsOf(other).dims).toEqual([2, 3, 17, 23]);
  });
});

describe("files that are no whole pictures", () => {
  test("a pipe or a device is not waited for", () => {
    mkdirSync(path("odd"));
    for (const [name, target] of [
      ["pipe.png", undefined],
      ["zero.png", "/dev/zero"],
    ] as const) {
      if (target === undefined && spawnSync("mkfifo", [path(`odd/${name}`)]).status !== 0) continue;
      if (target !== undefined) symlinkSync(target, path(`odd/${name}`));
      expect(() => readPicture(path(`odd/${name}`), jpeg)).toThrow(
        `${path(`odd/${name}`)}: must be a PNG or JPEG file, got a pipe or a device`,
      );
    }
  });

  test("a byte that fell over in a PNG is seen by its checksum, and what breaks is said in our words", () => {
    const whole = readFileSync(`${fixtures}rgb.png`);
    for (let at = 8; at < whole.length; at += 7) {
      const odd = Buffer.from(whole);
      odd[at]! ^= 0x10;
      writeFileSync(path("flipped.png"), odd);
      expect(() => readPicture(path("flipped.png"), jpeg), String(at)).toThrow(
        /: (is a broken PNG file|must have 1 to .+)$/,
      );
    }
  });
});
