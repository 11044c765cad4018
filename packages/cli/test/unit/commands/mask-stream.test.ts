// `hadamask mask --stream` and `explain --stream`: other frameworks' masks from the command line.

import { unpackMask } from "hadamask";
import { createStream, STREAM_NAMES } from "hadamask/streams";
import { describe, expect, test } from "vitest";
import { run } from "../../support/run.js";

const bitsOf = (name: (typeof STREAM_NAMES)[number], seed: number, n: number, rate: number): string =>
  unpackMask(createStream(name, seed).keepMask(n, { rate }), n).join("");

describe("hadamask mask --stream", () => {
  test.each(STREAM_NAMES)("%s: the mask of the library, a row for each row of the last axis", async (name) => {
    const { code, out, err } = await run(["mask", "--stream", name, "--seed", "7", "--rate", "0.3", "--shape", "3,50"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^([01]{50}\n){3}$/);
    expect(out.replaceAll("\n", "")).toBe(bitsOf(name, 7, 150, 0.3));
  });

  test("prints what PyTorch draws: nn.Dropout(0.6) on ten elements after manual_seed(42)", async () => {
    expect((await run("mask --stream torch --seed 42 --rate 0.6 --shape 10".split(" "))).out).toBe("1111000011\n");
  });

  test("--calls prints consecutive masks with a blank line between", async () => {
    const { out } = await run("mask --stream numpy --seed 1 --shape 2,40 --calls 3".split(" "));
    const stream = createStream("numpy", 1);
    const masks = [0, 1, 2].map(() => unpackMask(stream.keepMask(80, { rate: 0.5 }), 80).join(""));
    expect(out).toBe(masks.map((mask) => `${mask.slice(0, 40)}\n${mask.slice(40)}\n`).join("\n"));
    const { out: words } = await run("mask --stream numpy --seed 1 --shape 2,40 --calls 2 --format words".split(" "));
    expect(words).toMatch(/^([0-9a-f]{8}\n){3}\n([0-9a-f]{8}\n){3}$/);
  });

  // jax.config.update("jax_enable_x64", True); jax.random.bernoulli(jax.random.key(42), 0.5, (64,)), JAX 0.10.2
  test("--dtype f64 draws as JAX does with x64 enabled", async () => {
    const { out } = await run("mask --stream jax --shape 64 --dtype f64".split(" "));
    expect(out).toBe("1100000011110001101001001001011111110001001101101000100111111001\n");
  });

  test("--dtype is that of NumPy's uniforms, and of the array that TensorFlow masks", async () => {
    for (const name of ["numpy", "tensorflow"] as const) {
      const mask = async (dtype: string) =>
        (await run(["mask", "--stream", name, "--shape", "99", "--dtype", dtype])).out;
      const stream = createStream(name, 42, { dtype: "float32" });
      expect(await mask("f32")).toBe(`${unpackMask(stream.keepMask(99, { rate: 0.5 }), 99).join("")}\n`);
      expect(await mask("f64")).not.toBe(await mask("f32"));
    }
  });

  test("--threads is the size of the CUDA device, which counts once it is full", async () => {
    const mask = async (threads: string, n: string) =>
      (await run(["mask", "--stream", "torch-cuda", "--shape", n, "--threads", threads])).out;
    expect(await mask("256", "1024")).toBe(await mask("40960", "1024"));
    expect(await mask("256", "1028")).not.toBe(await mask("40960", "1028"));
  });

  test("json says where the mask is from; with --calls it has masks; npy is stacked", async () => {
    const json = async (args: string) => JSON.parse((await run(`mask --format json ${args}`.split(" "))).out);
    expect(await json("--stream torch --seed -1 --shape 2,3 --rate 0.25")).toEqual({
      rate: 0.25,
      keep: 0.75,
      stream: "torch",
      seed: -1,
      shape: [2, 3],
      mask: [...bitsOf("torch", -1, 6, 0.25)].map(Number),
    });
    const twice = await json("--stream tfjs --shape 4 --calls 2 --dtype f32");
    expect(twice.masks).toHaveLength(2);
    expect(twice.masks[0]).toEqual(twice.masks[1]); // TensorFlow.js repeats a seeded mask
    expect(twice).toMatchObject({ dtype: "float32" });
    const { bytes } = await run("mask --stream torch --shape 5,7 --calls 3 --format npy".split(" "));
    expect(bytes.toString("latin1")).toContain("'shape': (3, 5, 7)");
    expect(bytes).toHaveLength(128 + 3 * 35);
  });

  test.each([
    ["--stream theano", /^mask: --stream must be numpy-legacy, .* or tfjs, got "theano"\n$/],
    [
      "--stream torch --offset 3",
      "mask: --offset goes with our own masks; those of a stream follow one another, see --calls\n",
    ],
    ["--stream torch --calls 0", "mask: --calls must be 1 or more, got 0\n"],
    ["--calls 2", "mask: --calls goes with --stream, not with our own masks\n"],
    ["--dtype f32", "mask: --dtype goes with --stream, not with our own masks\n"],
    ["--stream torch --threads 256", "mask: --threads goes with --stream torch-cuda, got torch\n"],
    ["--stream torch-cuda --threads 100", "mask: --threads must be a multiple of 256 above 0, got 100\n"],
    [
      "--stream torch --dtype f64",
      "mask: --dtype f64 changes nothing with --stream torch, whose masks are the same for both; leave it out\n",
    ],
    ["--stream torch --dtype f16", 'mask: --dtype must be f32 or f64, got "f16"\n'],
    ["--stream numpy-legacy --seed -1", "mask: --seed must be in [0, 4294967295], got -1n\n"],
    ["--seed -1", 'mask: --seed must be a whole number in [0, 2^64), got "-1"\n'],
    ["--stream torch --rate 2", "mask: --rate must be in [0, 1], got 2; pass 0.02 for 2 %\n"],
  ])("refuses %s with a sentence and exit code 2", async (args, message) => {
    const { code, out, err } = await run(`mask --shape 4 ${args}`.split(" "));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    if (typeof message === "string") expect(err).toBe(message);
    else expect(err).toMatch(message);
  });
});

describe("hadamask explain --stream", () => {
  test("works the example with the mask of the framework", async () => {
    const { out } = await run("explain --stream torch --seed 42 --json".split(" "));
    expect(JSON.parse(out)).toMatchObject({ mask: [1, 1, 1, 1], y: [4, 8, 12, 16] }); // as nn.Dropout(0.5) there
    expect((await run("explain --stream torch --seed 42".split(" "))).out).toContain(
      "mask drawn as stream torch does for seed 42\n",
    );
    expect((await run("explain --stream numpy-legacy --seed 1 --json".split(" "))).out).toContain('"mask":[1,0,1,1]');
  });

  test("draws nothing in eval, and takes no mask by hand beside a stream", async () => {
    expect(JSON.parse((await run("explain --stream torch --mode eval --json".split(" "))).out).mask).toBeNull();
    expect(await run("explain --stream torch --mask 1,0,1,0".split(" "))).toMatchObject({
      code: 2,
      err: "explain: pass either --mask or --stream, not both\n",
    });
    expect((await run("explain --seed -1".split(" "))).err).toBe(
      'explain: --seed must be a whole number in [0, 2^64), got "-1"\n',
    );
  });
});
