// A folder of PNG and JPEG files as rows for a model, and right answers by the names of the files.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "@hadamask/experiments/settings";
import { named, reasonOf } from "../../files/reasons.js";
import { inMemory } from "../byte-source.js";
import { quote } from "../cells.js";
import { csvRows, delimiterIn } from "../csv-rows.js";
import { DataError } from "../data-error.js";
import { readBytes } from "../read.js";
import type { RowData, RowSource } from "../row-source.js";
import { sizeOf } from "../size.js";
import { type JpegCodec, readPicture } from "./decode.js";
import { type PictureMaker, pictureNote, prepared, rowShapeOf, writeRow } from "./settings.js";

const PICTURE = /\.(png|jpe?g)$/i;

/** What `--labels` says where the folders are the classes. */
export const FOLDERS = "folders";

/** Names of the pictures in a folder and the folders in it, with "/" between, in the order of their characters. */
function pictureNames(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch (error) {
    throw new DataError(`cannot read ${named(folder)}: ${reasonOf(error)}`, { cause: error });
  }
  return names
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => PICTURE.test(name))
    .sort();
}

/**
 * Opens a folder of pictures. A row is a picture, called by its name in the folder.
 *
 * @param labels A file with names and right answers, or "folders".
 * @throws {DataError | UsageError} If there is no picture, the first cannot be read, or one has no right answer.
 */
export function openPictures(
  folder: string,
  labels: string | undefined,
  maker: PictureMaker,
  jpeg: JpegCodec,
): RowSource {
  const names = pictureNames(folder);
  if (names.length === 0) throw new DataError(`${folder}: must have .png, .jpg or .jpeg files in it, got none`);
  const { texts, elsewhere } = labels === undefined ? NO_LABELS : labelsOf(folder, names, labels);
  const perRow = texts === undefined ? 0 : texts.length / names.length;
  const read = (name: string) => {
    const path = join(folder, name);
    return prepared(path, readPicture(path, jpeg), maker);
  };
  const first = read(names[0]!);
  const dims = rowShapeOf(maker.target, first);
  const size = sizeOf(dims);
  return {
    path: folder,
    dims: [names.length, ...dims],
    bytes: 4 * size * names.length,
    hasLabels: texts !== undefined,
    note: pictureNote(maker, first) + elsewhereNote(labels, elsewhere),
    *batches(most): Generator<RowData> {
      for (let row = 0; row < names.length; row += most) {
        const some = names.slice(row, row + most);
        const values = new Float32Array(some.length * size);
        some.forEach((name, i) => {
          const pixels = read(name);
          if (pixels.width !== first.width || pixels.height !== first.height)
            throw new DataError(
              `${join(folder, name)}: must be ${first.height}x${first.width} like ${names[0]}, got ` +
                `${pixels.height}x${pixels.width}; pass --size ${first.height}x${first.width}`,
            );
          writeRow(pixels, maker, values, i * size);
        });
        const own = texts?.slice(row * perRow, (row + some.length) * perRow);
        yield { path: folder, dims: [some.length, ...dims], values, labels: own, ids: some };
      }
    },
    close: () => {},
  };
}

/** Right answers, row after row, and how many rows of their file are of pictures that are elsewhere. */
interface PictureLabels {
  readonly texts?: readonly string[];
  readonly elsewhere: number;
}

const NO_LABELS: PictureLabels = { elsewhere: 0 };

/** A list may be of more pictures than the folder has, and a picture may have been lost. */
function elsewhereNote(labels: string | undefined, rows: number): string {
  if (rows === 0) return "";
  return `; ${rows === 1 ? "1 row" : `${rows} rows`} of ${labels} ${rows === 1 ? "names" : "name"} no picture in it`;
}

function labelsOf(folder: string, names: readonly string[], labels: string): PictureLabels {
  if (labels === FOLDERS) return { texts: names.map((name) => classFolder(folder, name)), elsewhere: 0 };
  const rows = readNamed(labels);
  const known = new Set(names);
  const bases = new Map<string, string[]>();
  for (const name of names) {
    const base = name.slice(name.lastIndexOf("/") + 1);
    bases.set(base, [...(bases.get(base) ?? []), name]);
  }
  const found = new Map<string, readonly string[]>();
  let heading: readonly string[] | undefined;
  let elsewhere = 0;
  rows.forEach(([cell = "", ...answers], i) => {
    const text = cell.replaceAll("\\", "/").replace(/^\.\//, "");
    const alone = bases.get(text.slice(text.lastIndexOf("/") + 1));
    const name = known.has(text) ? text : alone?.length === 1 ? alone[0]! : undefined;
    if (name === undefined) {
      if (i === 0) heading = answers;
      else elsewhere++;
      return;
    }
    if (found.has(name)) throw new DataError(`${labels}: row ${i + 1}: has ${quote(text)} a second time`);
    if (answers.includes("")) throw new DataError(`${labels}: row ${i + 1}: the label is missing`);
    found.set(name, answers);
  });
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    const more = missing.length === 1 ? "" : ` and ${missing.length - 1} more`;
    throw new DataError(`${labels}: must have a row for each picture of ${folder}, got none for ${missing[0]}${more}`);
  }
  const columns = heading?.length ?? found.get(names[0]!)!.length;
  const odd = names.find((name) => found.get(name)!.length !== columns);
  if (columns === 0 || odd !== undefined)
    throw new DataError(
      `${labels}: must have the name of a file and its label in each row, got ` +
        `${columns === 0 ? "one column" : `${found.get(odd!)!.length + 1} columns for ${odd}`}`,
    );
  return { texts: names.flatMap((name) => found.get(name)!), elsewhere };
}

/** "cat/1.png" is of class cat. */
function classFolder(folder: string, name: string): string {
  const at = name.indexOf("/");
  if (at > 0) return name.slice(0, at);
  throw new UsageError(
    `uncertainty: --labels ${FOLDERS} goes with pictures in folders of their class, got ${name} in ${folder} itself`,
  );
}

function readNamed(path: string): string[][] {
  const bytes = inMemory(readBytes(path));
  const rows = csvRows(path, bytes, delimiterIn(path, bytes, undefined), undefined);
  return Array.from(rows, ({ cells }) => cells.map((cell) => cell.trim()));
}
