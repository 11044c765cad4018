// docs/stream.py, the NumPy implementation of mask stream 1, run against the vectors of stream 1, against the table
// of normals, and against the library on draws that no vector has. Needs python3 with NumPy; without them it is
// skipped, and says so.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { keepMask, key, siteKey } from "hadamask";
import { describe, expect, test } from "vitest";
import { normalOfWord } from "../../src/random/normal.js";
import { threshold } from "../../src/random/threshold.js";
import { bitsHex, maskHex } from "./stream-vectors.js";

const docs = fileURLToPath(new URL("../../../../docs", import.meta.url));

function python(code: string, input: unknown): unknown {
  const run = spawnSync("python3", ["-c", code], {
    cwd: docs,
    input: JSON.stringify(input),
    encoding: "utf8",
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    maxBuffer: 2 ** 28,
  });
  if (run.status !== 0) throw new Error(`python3: ${run.error ?? run.stderr}`);
  return JSON.parse(run.stdout);
}

const version = spawnSync("python3", ["-c", "import numpy; print(numpy.__version__)"], { encoding: "utf8" });
const reason = version.error ? "no python3" : version.status === 0 ? undefined : "python3 has no NumPy";
if (reason !== undefined) console.log(`docs/stream.py is not run here: ${reason}`);

const vectors = JSON.parse(readFileSync(new URL("stream1.json", import.meta.url), "utf8")) as {
  readonly cases: readonly {
    readonly seed: string;
    readonly rate: number;
    readonly n: number;
    readonly offset: string;
    readonly mask: string;
  }[];
  readonly derived: readonly {
    readonly seed: string;
    readonly tag: number;
    readonly d: string;
    readonly key: string;
  }[];
  readonly noise: readonly { readonly seed: string; readonly offset: string; readonly words: readonly string[] }[];
};

const MASKS = `
import json, sys
import numpy as np
from stream import key, keep_mask
def hexed(c):
    mask = keep_mask(c["n"], key(int(c["seed"])), rate=c["rate"], offset=int(c["offset"]))
    return np.packbits(mask, bitorder="little").tobytes().hex()
print(json.dumps([hexed(c) for c in json.load(sys.stdin)]))
`;

describe.skipIf(reason !== undefined)("docs/stream.py", () => {
  test("draws the masks of stream1.json", () => {
    expect(python(MASKS, vectors.cases)).toEqual(vectors.cases.map((c) => c.mask));
  });

  test("draws the masks of the library for other keys, rates, lengths and places", () => {
    const rates = [0, 1, 1e-9, 1 - 1e-9, 2 ** -53, 0.0625, 0.1, 0.5, 0.999, 1 / 3];
    const places = ["0", "1", "31", "64", "4294967295", "9007199254736000"];
    const lengths = [0, 1, 3, 31, 32, 33, 1000];
    const cases = rates.flatMap((rate, r) =>
      places.map((offset, p) => ({
        seed: String(BigInt.asUintN(64, 7n ** BigInt(3 * r + p))),
        rate,
        n: lengths[(r + p) % 7]!,
        offset,
      })),
    );
    const ours = cases.map(({ seed, rate, n, offset }) =>
      maskHex(keepMask(n, { rate, key: key(BigInt(seed)), offset: Number(offset) }), n),
    );
    expect(python(MASKS, cases)).toEqual(ours);
  });

  test("rounds every keep to the library's threshold, also where keep * 2^53 is odd", () => {
    const keeps = [1 - 2 ** -53, 0.5 + 2 ** -53, 0.75 - 2 ** -53, 0.5, 0.9, 2 ** -54, 3 * 2 ** -54, 2 ** -55, 0.1];
    const code =
      "import json, sys; from stream import threshold_of; " +
      "print(json.dumps([threshold_of(k) for k in json.load(sys.stdin)]))";
    expect(python(code, keeps)).toEqual(keeps.map(threshold));
    expect(threshold(1 - 2 ** -53)).toBe(2 ** 53 - 1);
  });

  test("derives the keys of stream1.json", () => {
    const code = `
import json, sys
from stream import key, fold_in, derive
def derived(c):  # tag 0 in the file: fold_in
    root, d = key(int(c["seed"])), int(c["d"])
    return "%08x%08x" % (derive(root, c["tag"], d) if c["tag"] else fold_in(root, d))
print(json.dumps([derived(c) for c in json.load(sys.stdin)]))
`;
    expect(python(code, vectors.derived)).toEqual(vectors.derived.map((c) => c.key));
  });

  test("derives the library's keys of places with names", () => {
    const names = ["", "h1", "é", "层", "😀", "block/0/attention", "0123456789abcdef"];
    const code = `
import json, sys
from stream import key, site_key
print(json.dumps([site_key(key(2**40 + 5), name) for name in json.load(sys.stdin)]))
`;
    expect(python(code, names)).toEqual(names.map((name) => siteKey(key(2 ** 40 + 5), name)));
  });

  test("draws the noise words of stream1.json", () => {
    const code = `
import json, sys
from stream import key, noise_words
def hexed(c):
    return ["%08x" % w for w in noise_words(len(c["words"]), key(int(c["seed"])), int(c["offset"]))]
print(json.dumps([hexed(c) for c in json.load(sys.stdin)]))
`;
    expect(python(code, vectors.noise)).toEqual(vectors.noise.map((c) => c.words));
  });

  test("gives the normals of the library, bit for bit", () => {
    const words = readFileSync(new URL("normals.txt", import.meta.url), "utf8").match(/^[0-9a-f]{8}(?= )/gm)!;
    const code = `
import json, struct, sys
from stream import normal_of
words = [int(w, 16) for w in json.load(sys.stdin)]
print(json.dumps([struct.pack(">d", z).hex() for z in normal_of(words)]))
`;
    const ours = words.map((word) => bitsHex(Float64Array.of(normalOfWord(Number.parseInt(word, 16))))[0]!);
    expect(words.length).toBeGreaterThan(800);
    expect(python(code, words)).toEqual(ours);
  });

  test("prints what its first lines promise", () => {
    const run = spawnSync(
      "python3",
      ["stream.py", "--seed", "42", "--rate", "0.5", "--shape", "4,5", "--offset", "3"],
      {
        cwd: docs,
        encoding: "utf8",
      },
    );
    const mask = keepMask(20, { rate: 0.5, key: key(42), offset: 3 });
    const rows = [0, 1, 2, 3].map((row) =>
      Array.from({ length: 5 }, (_, i) => (mask[0]! >>> (5 * row + i)) & 1).join(""),
    );
    expect(run.stdout).toBe(`${rows.join("\n")}\n`);
  });
});
