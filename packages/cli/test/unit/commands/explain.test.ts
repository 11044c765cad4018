import { readFileSync } from "node:fs";
import { dropout, dropoutBackward, keepMask, key, normal, unpackMask } from "hadamask";
import { describe, expect, test } from "vitest";
import { testFolder } from "../../support/folder.js";
import { run, runBuilt } from "../../support/run.js";

const path = testFolder();

const explain = (...args: string[]) => run(["explain", ...args]);
const json = async (...args: string[]) => JSON.parse((await explain(...args, "--json")).out);

describe("hadamask explain", () => {
  test("without arguments walks the standard example on stream 1", async () => {
    const { code, out, err } = await explain();
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(readFileSync(new URL("explain.txt", import.meta.url), "utf8"));
  });

  test("the standard example as JSON has these fields and these numbers", async () => {
    const { out, err } = await explain("--json");
    expect(err).toBe("");
    expect(out).toBe(
      '{"rate":0.5,"keep":0.5,"scale":2,"mode":"train","scaling":"inverted","x":[2,4,6,8],"mask":[1,0,1,1],' +
        '"y":[4,0,12,16],"loss":32,"dy":[1,1,1,1],"dx":[2,0,2,2]}\n',
    );
  });

  test("the hand example of source 001: mask and upstream gradient given, no loss", async () => {
    const args = ["--mask", "1,0,1,0", "--grad", "0.1,0.2,0.3,0.4"];
    expect(await json(...args)).toMatchObject({
      y: [4, 0, 12, 0],
      dy: [0.1, 0.2, 0.3, 0.4],
      dx: [0.2, 0, 0.6, 0],
      loss: null,
    });
    const { out } = await explain(...args);
    expect(out).toContain("mask given by hand");
    expect(out).toContain("∂L/∂y, given");
    expect(out).not.toContain("Loss:");
    expect(out).toContain("∂L/∂x[2] = ∂L/∂y[2] * mask[2] / keep = 0.3 * 1 / 0.5 = 0.6");
  });

  test("the factor is 1/keep at every rate, not 2", async () => {
    const { out } = await explain("--rate", "0.2", "--mask", "1,0,1", "--x", "1,-2,3");
    expect(out).toContain("what is kept is scaled by 1/keep = 1.25");
    expect(out).toContain("y[2] = x[2] * mask[2] / keep = 3 * 1 / 0.8 = 3.75");
    expect(out.match(/→ kept: output and gradient times 1\/keep = 1.25/g)).toHaveLength(2);
    expect(out.match(/→ dropped: output 0, and gradient 0 for this sample/g)).toHaveLength(1);
  });

  test("mask, output and gradients are those of the library, for any seed, rate and loss", async () => {
    const x = [...normal(40, { key: key(7) })];
    const options = { rate: 0.3, key: key(7) };
    const y = [...dropout(x, options)];
    const result = await json("--x", "normal:40", "--seed", "7", "--rate", "0.3", "--loss", "sum-of-squares");
    expect(result.x).toEqual(x);
    expect(result.mask).toEqual([...unpackMask(keepMask(40, options), 40)]);
    expect(result.y).toEqual(y);
    expect(result.dy).toEqual(y.map((value) => 2 * value));
    expect(result.dx).toEqual([
      ...dropoutBackward(
        y.map((value) => 2 * value),
        options,
      ),
    ]);
    expect(result.loss).toBeCloseTo(
      y.reduce((sum, value) => sum + value * value, 0),
      12,
    );
    expect(result.scale).toBe(1 / 0.7);
  });

  test("the mask is the one that hadamask mask prints", async () => {
    const { out } = await run(["mask", "--shape", "20", "--seed", "5", "--rate", "0.4"]);
    const { mask } = await json("--x", "normal:20", "--seed", "5", "--rate", "0.4");
    expect(`${mask.join("")}\n`).toBe(out);
  });

  test.each([
    ["train", "inverted", { scale: 2, mask: [1, 0, 1, 1], y: [4, 0, 12, 16], dx: [2, 0, 2, 2] }],
    ["sample", "inverted", { scale: 2, mask: [1, 0, 1, 1], y: [4, 0, 12, 16], dx: [2, 0, 2, 2] }],
    ["eval", "inverted", { scale: 1, mask: null, y: [2, 4, 6, 8], dx: [1, 1, 1, 1] }],
    ["train", "classic", { scale: 1, mask: [1, 0, 1, 1], y: [2, 0, 6, 8], dx: [1, 0, 1, 1] }],
    ["eval", "classic", { scale: 0.5, mask: null, y: [1, 2, 3, 4], dx: [0.5, 0.5, 0.5, 0.5] }],
  ])("mode %s with scaling %s", async (mode, scaling, expected) => {
    expect(await json("--mode", mode, "--scaling", scaling)).toMatchObject({ mode, scaling, ...expected });
    const { out } = await explain("--mode", mode, "--scaling", scaling);
    expect(out).toContain(`mode ${mode}, scaling ${scaling}`);
    expect(out).toContain("summed difference 0\n");
    expect(out.includes("mask drawn with key(42)")).toBe(mode !== "eval");
  });

  test("rate 1 drops everything without dividing by 0", async () => {
    expect(await json("--rate", "1")).toMatchObject({
      keep: 0,
      scale: null,
      mask: [0, 0, 0, 0],
      y: [0, 0, 0, 0],
      dx: [0, 0, 0, 0],
    });
    const { out } = await explain("--rate", "1");
    expect(out).toContain("everything is dropped");
    expect(out).toContain("  y[0] = 0\n");
    expect(out).not.toMatch(/NaN|Infinity|\/ 0/);
  });

  test("rate 0 keeps everything", async () => {
    expect(await json("--rate", "0")).toMatchObject({ keep: 1, scale: 1, mask: [1, 1, 1, 1], y: [2, 4, 6, 8] });
  });

  test("a gradient that is checked by central differences is off by rounding only", async () => {
    for (const loss of ["sum", "sum-of-squares"]) {
      const { out } = await explain("--loss", loss, "--x", "0.5,-1,2,3", "--rate", "0.3");
      const error = /relative difference (\S+)/.exec(out)?.[1];
      expect(Number(error)).toBeLessThan(1e-7);
    }
  });

  test("mode eval speaks of no mask but to say that there is none", async () => {
    const { out } = await explain("--mode", "eval");
    expect(out).toContain("No mask is drawn in mode eval");
    expect(out).toMatch(/Check by central differences of L: relative difference \d/);
    expect(out.match(/mask/gi)).toHaveLength(1);
  });

  test("colours are for terminals only", async () => {
    const coloured = (await run(["explain"], { isInteractive: true })).out;
    const plain = (await explain()).out;
    expect(coloured).toContain("\u001b[31mdropped");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are set with the control character ESC
    expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain);
  });

  test("--figure writes a PNG of the asked name and says so on stderr", async () => {
    const file = path("flow.png");
    const { code, out, err } = await explain("--json", "--figure", file);
    expect({ code, err }).toEqual({ code: 0, err: `figure written to ${file}\n` });
    expect(JSON.parse(out).x).toEqual([2, 4, 6, 8]);
    const png = readFileSync(file);
    expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2100, 1488]);
  });

  test("--figure FILE.svg writes SVG with a ✗ for each dropped element in each panel that marks them", async () => {
    const file = path("flow.svg");
    await explain("--mask", "1,0,0,1", "--figure", file);
    const svg = readFileSync(file, "utf8");
    expect(svg).toMatch(/^<svg /);
    expect(svg.match(/>✗</g)).toHaveLength(2 * 3);
    expect(svg.match(/>✓</g)).toHaveLength(2 * 3);
    expect(svg).toContain("mask by hand");
  });

  test("--figure alone writes dropout_gradient_flow.png where it is run", async () => {
    const { code, err } = await runBuilt(["explain", "--x", "normal:10", "--loss", "sum-of-squares", "--figure"], {
      cwd: path("."),
    });
    expect({ code, err }).toEqual({ code: 0, err: "figure written to dropout_gradient_flow.png\n" });
    expect(readFileSync(path("dropout_gradient_flow.png")).length).toBeGreaterThan(20_000);
  });

  test.each([
    [["--x", "a"], 'explain: --x must be numbers separated by commas, got "a"\n'],
    [["--x", "normal"], 'explain: --x must be numbers separated by commas or normal:N, got "normal"\n'],
    [
      ["--x", "normal:9999999999"],
      "explain: N of --x normal:N must be a whole number in [0, 4294967296), got 9999999999\n",
    ],
    [["--mask", "1,2,1,0"], "explain: --mask[1] must be 0 or 1, got 2\n"],
    [["--mask", "1,0"], "explain: --mask must have 4 elements like the input, got 2\n"],
    [["--grad", "1"], "explain: --grad must have 4 elements like x, got 1\n"],
    [
      ["--grad", "1,2,3,4", "--loss", "sum"],
      "explain: pass either --loss or --grad, not both; --loss gives its own gradient\n",
    ],
    [["--loss", "mean"], 'explain: --loss must be sum or sum-of-squares, got "mean"\n'],
    [["--rate", "1", "--mask", "0,0,1,0"], "explain: --mask must be 0 everywhere at rate 1, got 1 for element 2\n"],
    [["--rate", "0.1", "--keep", "0.9"], "explain: pass either --rate or --keep, not both; keep is 1 - rate\n"],
    [["--rate", "50"], "explain: --rate must be in [0, 1], got 50; pass 0.5 for 50 %\n"],
    [["--keep", "-0.1"], "explain: --keep must be in [0, 1], got -0.1\n"],
    [["--mode", "test"], 'explain: --mode must be train, eval or sample, got "test"\n'],
    [["--scaling", "both"], 'explain: --scaling must be inverted or classic, got "both"\n'],
    [
      ["--mode", "eval", "--mask", "1,1,1,1"],
      'explain: --mask goes with mode "train" or "sample"; mode "eval" has none\n',
    ],
    [["--seed", "x"], 'explain: --seed must be a whole number in [0, 2^64), got "x"\n'],
    [["--figure", "flow.pdf"], 'explain: --figure must end in .png or .svg, got "flow.pdf"\n'],
  ])("refuses %j with a sentence and exit code 2", async (args, message) => {
    expect(await explain(...args)).toMatchObject({ code: 2, out: "", err: message });
  });
});
