// Files of data: tables, compressed or not, arrays and folders of pictures. Most cases are made from sound files, so
// that a change gets past the first check; the rest from those that are wrong already.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readCsv } from "../../dist/data/csv.js";
import { readIdxFolder } from "../../dist/data/idx.js";
import { openRows } from "../../dist/data/model-inputs.js";
import { readNpy } from "../../dist/data/npy.js";
import { tryAll } from "./fault.mjs";
import { mutatedBytes, mutatedText } from "./mutate.mjs";
import { folder, hostileFile, hostileFiles, inFolder } from "./place.mjs";

const rows = (line, n = 24) => Array.from({ length: n }, (_, i) => line(i)).join("");
const letter = (i) => "abc"[i % 3];
const SOUND = [
  rows((i) => `${i},${(7 * i) % 5},${letter(i)}\n`),
  `width,height,label\n${rows((i) => `${i / 8},${-i},${letter(i)}\n`)}`,
  rows((i) => `${i};${i},5;"${letter(i)}"\r\n`),
  `a\tb\tc\n${rows((i) => `${i}e-3\t.5\t${i % 2}\n`)}`,
  `"the ""first""",second,class\n${rows((i) => `${i},1e${i},"${letter(i)},\n${letter(i)}"\n`)}`,
  rows((i) => `${i % 4},${i}\n`),
].map((text) => Buffer.from(text));
const tables = hostileFiles("csv", ".csv");
const table = (random) => random.pick(random.isSo(0.7) ? SOUND : tables);

/** An array with values 0, 1, 2 … of any type. */
function npyOf(descr, shape, version = 1) {
  const n = shape.reduce((a, b) => a * b, 1);
  const size = Number(/\d+$/.exec(descr)[0]);
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = `${text.padEnd(117)}\n`;
  const length = version === 1 ? [header.length, 0] : [header.length, 0, 0, 0];
  return Buffer.concat([
    Buffer.from([0x93, 78, 85, 77, 80, 89, version, 0, ...length]),
    Buffer.from(header),
    Uint8Array.from({ length: n * size }, (_, i) => i % 7),
  ]);
}

const SOUND_ARRAYS = [
  npyOf("<f4", [6, 4]),
  npyOf(">f8", [6, 2, 2]),
  npyOf("|u1", [6, 4], 2),
  npyOf("<i8", [6, 1], 3),
  npyOf("|b1", [6, 4]),
];
const arrays = hostileFiles("npy", ".npy");

const parts = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"];
function idxOf(sizes, values) {
  const head = Buffer.alloc(4 + 4 * sizes.length);
  head.set([0, 0, 8, sizes.length]);
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([head, Uint8Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, values)]);
}
const idx = {
  "train-images-idx3": idxOf([12, 4, 4], (_, i) => (i * 37) % 256),
  "train-labels-idx1": idxOf([12], (_, i) => i % 3),
  "t10k-images-idx3": idxOf([6, 4, 4], (_, i) => (i * 31) % 256),
  "t10k-labels-idx1": hostileFile("idx/sizes/t10k-labels-idx1-ubyte"),
};

/** As `uncertainty` reads. */
function readTable(path, labels) {
  const source = openRows(path, labels, {});
  try {
    for (const _ of source.batches(5));
  } finally {
    source.close();
  }
}

export const DATA_FILES = {
  csv: {
    make: (random) => (random.isSo(0.6) ? mutatedText : mutatedBytes)(table(random), random),
    put: (bytes) => {
      const path = inFolder("x.csv", bytes);
      tryAll(
        () => readCsv(path),
        () => readTable(path, "3"),
        () => readTable(path),
      );
    },
  },
  gz: {
    make: (random) =>
      random.isSo(0.5) ? gzipSync(mutatedText(table(random), random)) : mutatedBytes(gzipSync(table(random)), random),
    put: (bytes) => readTable(inFolder("x.csv.gz", bytes), "3"),
  },
  npy: {
    make: (random) => mutatedBytes(random.pick(random.isSo(0.8) ? SOUND_ARRAYS : arrays), random),
    put: (bytes) =>
      tryAll(
        () => readTable(inFolder("x.npy", bytes)),
        () => readNpy("x.npy", bytes),
      ),
  },
  idx: {
    make: (random) => {
      const part = random.pick(parts);
      return Buffer.concat([Buffer.from(`${part}\n`), mutatedBytes(idx[part], random)]);
    },
    put: (bytes) => {
      const end = bytes.indexOf(10);
      const changed = bytes.subarray(0, end).toString();
      const place = join(folder, "idx");
      mkdirSync(place, { recursive: true });
      for (const part of parts) {
        writeFileSync(join(place, `${part}-ubyte`), part === changed ? bytes.subarray(end + 1) : idx[part]);
      }
      readIdxFolder(place);
    },
  },
};
