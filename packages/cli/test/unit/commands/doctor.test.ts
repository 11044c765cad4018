// `hadamask doctor` on files as numpy.save writes them.

import { writeFileSync } from "node:fs";
import { dropout, keepMask, key, unpackMask } from "hadamask";
import { createStream } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { npyHeader } from "../../../src/files/npy.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();

function save(name: string, values: Uint8Array | Float32Array, shape: readonly number[]): string {
  const head = npyHeader(values instanceof Uint8Array ? "'|b1'" : "'<f4'", shape);
  writeFileSync(path(name), Buffer.concat([head, Buffer.from(values.buffer, values.byteOffset, values.byteLength)]));
  return path(name);
}

const ones = new Float32Array(4096).fill(1);
const y = dropout(ones, { rate: 0.2, key: key(42) });

describe("hadamask doctor", () => {
  test("names the stream, the rate and the pass of a sound output", async () => {
    const grad = save("dx.npy", y, [64, 64]);
    const { code, out } = await run(["doctor", save("y.npy", y, [64, 64]), "--rate", "0.2", "--grad", grad]);
    expect(code).toBe(0);
    expect(out.split("\n").slice(0, 6)).toEqual([
      `${path("y.npy")}: [64, 64], 0 and 1.25`,
      expect.stringMatching(/^rate 20\.\d+ %, 95 % interval .*: as asked for$/),
      "no repeats along axes, in groups or periods",
      "no correlation beyond chance at distances to 1024 and at parts of the length",
      "forward and backward dropped the same elements",
      "stream: hadamask, seed 42, mask 0, float32",
    ]);
  });

  test("says so where the rate is outside of the interval, and that may still be chance", async () => {
    const mask = save("four-of-twenty.npy", unpackMask(keepMask(20, { rate: 0.5, key: key(42) }), 20), [4, 5]);
    const { out } = await run(["doctor", mask, "--rate", "0.5"]);
    expect(out.split("\n")[1]).toBe(
      "rate 20.000 %, 95 % interval 5.733 % to 43.661 %: 50.000 % is outside, as up to one right mask in 20 has it; " +
        "too little to call the rate wrong",
    );
    expect((await run(["doctor", mask, "--keep", "0.6"])).out.split("\n")[1]).toMatch(/ %: as asked for$/);
  });

  test("recognises PyTorch's mask under its seed", async () => {
    const mask = unpackMask(createStream("torch", 7).keepMask(1000, { rate: 0.5 }), 1000);
    const { out } = await run(["doctor", save("torch.npy", mask, [10, 100]), "--rate", "0.5", "--seed", "7"]);
    expect(out).toContain("stream: torch, seed 7, call 1, float32\n");
  });

  test("recognises a part of it, and says which", async () => {
    const mask = unpackMask(createStream("torch", 7).keepMask(1000, { rate: 0.5 }), 1000);
    const part = save("part.npy", mask.subarray(300, 700), [400]);
    const { out } = await run(["doctor", part, "--rate", "0.5", "--seed", "7"]);
    expect(out).toContain("stream: torch, seed 7, elements 300 to 699 of call 1, float32\n");
    const early = await run(["doctor", part, "--rate", "0.5", "--seed", "7", "--before", "299"]);
    expect(early.out).toContain(
      "stream: none that hadamask knows, for these seeds, the first calls, and parts of them that begin early\n" +
        "parts of calls of torch-cuda and jax-legacy cannot be found: give the whole mask; --seed and --before widen " +
        "it\n",
    );
  });

  test("shouts at a fourfold mask and at a gradient of another mask", async () => {
    const bits = unpackMask(keepMask(4096, { rate: 0.5, key: key(1) }), 4096);
    const fourfold = save(
      "four.npy",
      bits.map((_, i) => bits[i - (i % 4)]!),
      [4096],
    );
    const { out } = await run(["doctor", fourfold, "--grad", save("other.npy", y, [4096])]);
    expect(out).toContain("REPEATS: each decision serves 4 neighbours\n");
    expect(out).toMatch(/DIFFERENT MASKS: forward and backward disagree in \d{4} of 4096 elements\n/);
    expect(out).toContain("stream: pass --rate to look for it\n");
  });

  test("--json prints the report and the streams", async () => {
    const { out } = await run(["doctor", save("y.npy", y, [4096]), "--keep", "0.8", "--seed", "42", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      isRateRight: true,
      streams: [{ stream: "hadamask", seed: 42, as: "mask" }],
    });
  });

  test.each([
    [["--rate", "2"], "doctor: --rate must be in [0, 1], got 2"],
    [["--seed", "1"], "doctor: --seed goes with --rate or --keep: a stream is looked for at a known rate"],
    [["--before", "1"], "doctor: --before goes with --rate or --keep: a stream is looked for at a known rate"],
    [["--rate", "0.1", "--before", "2000000000"], "doctor: --before must be"],
    [["--rate", "0.1", "--keep", "0.9"], "doctor: pass either --rate or --keep"],
  ])("refuses %j", async (options, message) => {
    const { code, err } = await run(["doctor", save("y.npy", y, [4096]), ...options]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("a file that is no array", async () => {
    writeFileSync(path("text.npy"), "0101");
    const { code, err } = await run(["doctor", path("text.npy")]);
    expect({ code, err }).toEqual({
      code: 2,
      err: `doctor: ${path("text.npy")} is no .npy file; save the array with numpy.save\n`,
    });
  });
});
