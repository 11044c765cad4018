import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { keepMask, key, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { noNumpy, runPython } from "../../support/python.js";
import { run } from "../../support/run.js";

const path = testFolder();

const bitsOf = (n: number, rate: number, seed: number, offset = 0): string =>
  unpackMask(keepMask(n, { rate, key: key(seed), offset }), n).join("");

describe("hadamask mask", () => {
  test("prints one row of characters for each row of the last axis", async () => {
    const { code, out, err } = await run(["mask", "--seed", "42", "--rate", "0.5", "--shape", "4,5"]);
    expect({ code, out, err }).toEqual({ code: 0, out: "10111\n11111\n11110\n11001\n", err: "" });
  });

  test("takes seed 42 and rate 0.5 where nothing is said", async () => {
    expect((await run(["mask", "--shape", "4,5"])).out).toBe("10111\n11111\n11110\n11001\n");
  });

  test("prints the mask of the library for any rate, seed, offset and shape", async () => {
    const { out } = await run("mask --shape 2,3,7 --rate 0.3 --seed 7 --offset 1000003".split(" "));
    expect(out.trimEnd().split("\n")).toHaveLength(6);
    expect(out.replaceAll("\n", "")).toBe(bitsOf(42, 0.3, 7, 1000003));
  });

  test("--keep is 1 - rate", async () => {
    const { out } = await run(["mask", "--shape", "64", "--keep", "0.75"]);
    expect(out).toBe(`${bitsOf(64, 0.25, 42)}\n`);
  });

  test("reads seeds up to 2^64 to the last digit", async () => {
    const { out } = await run(["mask", "--shape", "256", "--seed", "18446744073709551615"]);
    const mask = unpackMask(keepMask(256, { rate: 0.5, key: [0xffffffff, 0xffffffff] }), 256);
    expect(out).toBe(`${mask.join("")}\n`);
  });

  test("rate 0 keeps all, rate 1 none", async () => {
    expect((await run(["mask", "--shape", "2,3", "--rate", "0"])).out).toBe("111\n111\n");
    expect((await run(["mask", "--shape", "2,3", "--rate", "1"])).out).toBe("000\n000\n");
  });

  test("an empty shape prints nothing", async () => {
    expect(await run(["mask", "--shape", "0,5"])).toMatchObject({ code: 0, out: "", err: "" });
  });

  test("words are packed, lowest bit first, 8 hex digits a line", async () => {
    const { out } = await run(["mask", "--shape", "70", "--format", "words"]);
    const words = [...keepMask(70, { rate: 0.5, key: key(42) })];
    expect(out).toBe(words.map((word) => `${word.toString(16).padStart(8, "0")}\n`).join(""));
    expect(out).toMatch(/^([0-9a-f]{8}\n){3}$/);
  });

  test("json is one object with the mask in C order", async () => {
    const { out } = await run("mask --shape 2,3 --rate 0.25 --seed 9 --offset 4 --format json".split(" "));
    expect(JSON.parse(out)).toEqual({
      rate: 0.25,
      keep: 0.75,
      key: [0, 9],
      shape: [2, 3],
      offset: 4,
      mask: [...bitsOf(6, 0.25, 9, 4)].map(Number),
    });
  });

  // Larger than the pieces in which masks are drawn, with rows that the pieces cut.
  test.each(["bits", "words", "json"])("a mask of many pieces is the whole mask: %s", async (format) => {
    const n = 3 * 100_003;
    const { out } = await run(["mask", "--shape", "3,100003", "--rate", "0.1", "--format", format]);
    const whole = keepMask(n, { rate: 0.1, key: key(42) });
    const bits = unpackMask(whole, n);
    if (format === "words")
      expect(
        out
          .split("\n")
          .slice(0, -1)
          .map((word) => Number.parseInt(word, 16)),
      ).toEqual([...whole]);
    else if (format === "json") expect(JSON.parse(out).mask).toEqual([...bits]);
    else {
      expect(out.split("\n").map((row) => row.length)).toEqual([100_003, 100_003, 100_003, 0]);
      expect(out.replaceAll("\n", "") === bits.join("")).toBe(true);
    }
  });

  test.skipIf(noNumpy)(`NumPy reads the npy file as bool of that shape (${noNumpy ?? "NumPy is here"})`, async () => {
    for (const shape of ["4,5", "7", "2,3,400"]) {
      const file = path(`mask-${shape}.npy`);
      expect(await run(["mask", "--shape", shape, "--rate", "0.3", "--out", file])).toMatchObject({ code: 0, out: "" });
      const code =
        "import sys, numpy as np; a = np.load(sys.argv[1]); print(a.dtype, a.shape, ''.join(map(str, " +
        "a.ravel().astype(int))))";
      const sizes = shape.split(",").map(Number);
      const n = sizes.reduce((product, size) => product * size, 1);
      const tuple = sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`;
      expect(runPython(code, file)).toBe(`bool ${tuple} ${bitsOf(n, 0.3, 42)}`);
    }
  });

  test("npy goes to a pipe, but not to a terminal", async () => {
    const piped = await run(["mask", "--shape", "3", "--format", "npy"]);
    expect(piped.code).toBe(0);
    expect(piped.bytes.subarray(1, 6).toString()).toBe("NUMPY");
    expect([...piped.bytes.subarray(-3)]).toEqual([1, 0, 1]);
    expect(await run(["mask", "--shape", "3", "--format", "npy"], { isInteractive: true })).toMatchObject({
      code: 2,
      out: "",
      err: "mask: --format npy is binary and would garble the terminal; pass --out FILE or redirect it\n",
    });
  });

  test("--out writes the chosen format and prints nothing", async () => {
    const file = path("mask.txt");
    expect(await run(["mask", "--shape", "4,5", "--out", file])).toMatchObject({ code: 0, out: "", err: "" });
    expect(readFileSync(file, "utf8")).toBe("10111\n11111\n11110\n11001\n");
  });

  test("a file that cannot be written is a failure, and leaves nothing behind", async () => {
    const file = path("missing/mask.npy");
    expect(await run(["mask", "--shape", "3", "--out", file])).toMatchObject({
      code: 1,
      out: "",
      err: `cannot write ${file}: its folder does not exist\n`,
    });
    expect(existsSync(dirname(file))).toBe(false);
    const folder = path(".");
    expect(await run(["mask", "--shape", "3", "--out", folder])).toMatchObject({ code: 1 });
    expect(readdirSync(path("..")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test.each([
    [
      ["--rate", "0.5"],
      "mask: required option '--shape <sizes>' not specified\n(hadamask mask --help lists what there is)\n",
    ],
    [["--shape", "4", "--rate", "1.5"], "mask: --rate must be in [0, 1], got 1.5\n"],
    [["--shape", "4", "--rate", "50"], "mask: --rate must be in [0, 1], got 50; pass 0.5 for 50 %\n"],
    [["--shape", "4", "--rate", "half"], 'mask: --rate must be a number, got "half"\n'],
    [["--shape", "4", "--rate", ""], 'mask: --rate must be a number, got ""\n'],
    [
      ["--shape", "4", "--rate", "0.1", "--keep", "0.9"],
      "mask: pass either --rate or --keep, not both; keep is 1 - rate\n",
    ],
    [["--shape", "4,x"], 'mask: --shape must be whole numbers separated by commas, got "4,x"\n'],
    [["--shape", "4,-1"], 'mask: --shape must be whole numbers separated by commas, got "4,-1"\n'],
    [["--shape", "4,"], 'mask: --shape must be whole numbers separated by commas, got "4,"\n'],
    [["--shape", "4", "--seed", "1.5"], 'mask: --seed must be a whole number in [0, 2^64), got "1.5"\n'],
    [
      ["--shape", "4", "--seed", "18446744073709551616"],
      'mask: --seed must be a whole number in [0, 2^64), got "18446744073709551616"\n',
    ],
    [["--shape", "4", "--offset", "-1"], 'mask: --offset must be a whole number, got "-1"\n'],
    [
      ["--shape", "4", "--offset", "9007199254740991"],
      "mask: --offset + elements must be at most 2^53, got 9007199254740996\n",
    ],
    [["--shape", "4", "--format", "csv"], 'mask: --format must be bits, words, json or npy, got "csv"\n'],
    [
      ["--shape", "4", "--sede", "1"],
      "mask: unknown option '--sede'\n(Did you mean --seed?)\n(hadamask mask --help lists what there is)\n",
    ],
    [
      ["--shape", "4", "5"],
      "mask: too many arguments for 'mask'. Expected 0 arguments but got 1.\n" +
        "(hadamask mask --help lists what there is)\n",
    ],
  ])("refuses %j with a sentence and exit code 2", async (args, message) => {
    expect(await run(["mask", ...args])).toMatchObject({ code: 2, out: "", err: message });
  });
});
