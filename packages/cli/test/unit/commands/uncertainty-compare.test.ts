// What is held beside Monte-Carlo dropout through the command: ensembles, fixed masks, mended probabilities; and what
// belongs together: several outputs, several columns of labels, arrays of an .npz.

import { readFileSync, writeFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { attr, type Graph, info, network, node, rows, weight } from "../../../../onnx/test/support/graphs.js";
import { npyHeader } from "../../../src/files/npy.js";
import { predicted, refused, uncertainty, uncertaintyFolder, writeNpy } from "../../support/uncertainty.js";

const { path, save } = uncertaintyFolder();
const ROWS = 240;
const DROP = ["--where", "after:Relu", "--rate", "0.3", "--samples", "10"];

const x = writeNpy(path("x.npy"), [ROWS, 4], rows(ROWS, 4));
const file = (name: string, text: string): string => {
  writeFileSync(path(name), text);
  return path(name);
};
/** Member `m`: its own last layer. */
const member = (m: number, end: readonly ReturnType<typeof node>[], columns: number): Graph => {
  const graph = network(columns, end, [info("y", ["rows", columns])]);
  const own = weight("w2", [8, columns], 3, 3 + m); // surer than right
  return { ...graph, weights: graph.weights!.map((w) => (w.name === "w2" ? own : w)) };
};
const softmax = [node("Softmax", ["z"], "y", [attr("axis", -1)])];
const members = [0, 1, 2].map((m) => save(`member${m}.onnx`, member(m, softmax, 3)));
const labels = file("y.csv", `${Array.from({ length: ROWS }, (_, i) => i % 3).join("\n")}\n`);

interface Row {
  readonly mean: number[];
  readonly variance: number[];
  readonly deterministic: number[];
  readonly mutualInformation: number;
}
const predict = (...args: string[]) => predicted<Row>(path("rows.json"), ...args);

describe("several models", () => {
  test("alone are an ensemble: the mean of their own answers, with their disagreement", async () => {
    const found = await predict(...members, x);
    expect(found.text).toContain("ensemble of 3 models: member0.onnx, member1.onnx, member2.onnx\n");
    const own: Awaited<ReturnType<typeof predict>>[] = [];
    for (const model of members) own.push(await predict(model, x, ...DROP));
    found.rows.forEach(({ mean, mutualInformation }, row) => {
      mean.forEach((p, c) => {
        const answers = own.map(({ rows: all }) => all[row]!.deterministic[c]!);
        expect(p).toBeCloseTo(answers.reduce((a, b) => a + b) / 3, 6);
      });
      expect(mutualInformation).toBeGreaterThanOrEqual(0);
    });
    const { rows: alone } = await predict(...members, x, "--where", "none", "--stream");
    expect(alone).toEqual(found.rows);
  });

  test("with dropout stand in one table with it, mended probabilities and fixed masks; the best is named", async () => {
    const { code, out, err } = await uncertainty(...members, x, ...DROP, "--labels", labels, "--compare", "all");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const name of [
      "member0.onnx by itself",
      "Monte-Carlo dropout",
      "ensemble of 3 models",
      "temperature scaling",
      "vector scaling",
      "isotonic calibration",
      "8 fixed masks",
    ])
      expect(out).toMatch(new RegExp(`\n${name} +[\\d.]+ % \\(`));
    expect(out).not.toMatch(/\nPlatt scaling/); // of two classes only
    expect(out).toMatch(
      /Monte-Carlo dropout helps, but temperature scaling has the lowest of all: negative log-likelihood 1\.\d+ against [\d.]+ without dropout \(difference −[\d.]+, −[\d.]+ to −[\d.]+ for all 6 at once\)\./,
    );
  });

  test("of values: errors, coverage and likelihood of each, and which is lowest", async () => {
    const models = [0, 1].map((m) => save(`value${m}.onnx`, member(m, [node("Neg", ["z"], "y")], 1)));
    const right = file("values.csv", `${Array.from({ length: ROWS }, (_, i) => i / ROWS).join("\n")}\n`);
    const { out } = await uncertainty(...models, x, ...DROP, "--labels", right, "--compare", "fixed:4");
    expect(out).toMatch(/With ensemble of 2 models the root mean square error is [\d.]+, /);
    expect(out).toMatch(/With 4 fixed masks the root mean square error is [\d.]+, /);
    expect(out).toMatch(/Of 3 that were compared .* has the lowest negative log-likelihood\./);
  });

  test("of values: one factor on the deviations, which dropout at rate 0.01 has far too small", async () => {
    const model = save("value.onnx", member(0, [node("Neg", ["z"], "y")], 1));
    const right = file("values.csv", `${Array.from({ length: ROWS }, (_, i) => i / ROWS).join("\n")}\n`);
    const own = ["--where", "after:Relu", "--rate", "0.01", "--labels", right];
    const { out } = await uncertainty(model, x, ...own, "--compare", "variance");
    const [, share] = /With variance scaling .*?, ([\d.]+) % of the right values lie within 1.96/.exec(out)!;
    expect(Number(share)).toBeGreaterThan(80);
    expect(out).toContain("Of 2 that were compared variance scaling has the lowest negative log-likelihood.");
    expect(await refused(model, x, ...own, "--compare", "platt")).toBe(
      "uncertainty: --compare platt must go with the answers, and the model's answers are values; of these variance",
    );
  });

  test("of labels: each is mended as two classes", async () => {
    const model = save("sets.onnx", network(2, [node("Sigmoid", ["z"], "y")], [info("y", ["rows", 2])]));
    const right = file(
      "sets.csv",
      `cat,dog\n${Array.from({ length: ROWS }, (_, i) => `${i % 2},${(i >> 1) % 2}`).join("\n")}\n`,
    );
    const { out } = await uncertainty(model, x, ...DROP, "--labels", right, "--compare", "all");
    const nll = (name: string): number =>
      Number(new RegExp(`With ${name} the mean negative log-likelihood of a label is ([\\d.]+\\d)`).exec(out)![1]);
    // labels that have nothing to do with the data: near ln 2 is the best there is
    expect(nll("Platt scaling")).toBeLessThan(0.8);
    expect(nll("temperature scaling")).toBeGreaterThan(0.65);
    expect(nll("isotonic calibration")).toBeGreaterThan(0);
  });

  test("of two classes: Platt scaling, and mending a model that is too sure lowers its likelihood", async () => {
    const sure = member(0, [node("Mul", ["z", "ten"], "t"), node("Sigmoid", ["t"], "y")], 1);
    const model = save("sure.onnx", {
      ...sure,
      weights: [...sure.weights!, { ...weight("ten", []), rawData: new Uint8Array(Float32Array.of(10).buffer) }],
    });
    const half = file("half.csv", `${Array.from({ length: ROWS }, (_, i) => (i * 7) % 2).join("\n")}\n`);
    const { out } = await uncertainty(model, x, ...DROP, "--labels", half, "--compare", "platt,temperature", "--json");
    const found = JSON.parse(out);
    const nll = (name: string): number =>
      found.compared.find((entry: { name: string }) => entry.name === name).classes.nll.value;
    expect(nll("Platt scaling")).toBeLessThan(found.judgement.plain.nll.value / 2);
    expect(nll("temperature scaling")).toBeLessThan(found.judgement.plain.nll.value / 2);
    expect(found.best).toMatch(/scaling/);
  });

  test("fixed masks by themselves: as many passes as masks", async () => {
    const found = await predict(members[0]!, x, "--where", "after:Relu", "--rate", "0.3", "--masks", "fixed:6");
    expect((found.rows[0] as unknown as { samples: number }).samples).toBe(6);
  });

  test.each<[string, string[], string]>([
    [
      "masks",
      ["--masks", "fixed:1"],
      'uncertainty: --masks must be consistent, independent or fixed:N, for instance fixed:8, got "fixed:1"',
    ],
    [
      "what is compared",
      ["--labels", labels, "--compare", "luck"],
      "uncertainty: --compare must be temperature, platt, vector, isotonic, variance, fixed:N or all, separated by " +
        'commas, got "luck"',
    ],
    ["nothing to compare by", ["--compare", "all"], "uncertainty: --compare needs right answers; pass --labels"],
    [
      "three classes as two",
      ["--labels", labels, "--compare", "platt"],
      "uncertainty: --compare platt goes with two classes; vector is the same for more",
    ],
    [
      "piece by piece",
      ["--labels", labels, "--compare", "all", "--stream"],
      "uncertainty: --stream does not go with --compare, which needs all rows at once",
    ],
    [
      "more passes than masks",
      ["--masks", "fixed:4", "--samples", "9"],
      "uncertainty: samples must be at most 4, the number of fixed masks, got 9",
    ],
    [
      "a place that is none",
      ["--where", "none"],
      "uncertainty: --where none goes with several models, which are compared by themselves",
    ],
    [
      "two files of data",
      [x],
      `uncertainty: there must be one file or folder of data behind the models, got ${x} and ${x}`,
    ],
  ])("%s", async (_, args, message) => {
    const own = args.includes("--where") ? [] : ["--where", "after:Relu", "--rate", "0.3"];
    expect(await refused(members[0]!, x, ...own, ...args)).toBe(message);
  });

  test("that answer other questions, or are compared with dropout without right answers", async () => {
    const other = save("other.onnx", member(1, [node("Neg", ["z"], "y")], 3));
    expect(await refused(members[0]!, other, x)).toBe(
      "uncertainty: all models must give answers like the first, classes (probabilities) of shape [3], got " +
        "values (numbers) of shape [3] from model 2; say kind and scale",
    );
    expect(await refused(...members, x, ...DROP)).toBe(
      "uncertainty: several models are compared with dropout by right answers; pass --labels, or --where none " +
        "for the ensemble alone",
    );
    expect(await refused(...members, x, "--passes", path("p.npy"))).toBe(
      "uncertainty: --passes goes with one model, got 3",
    );
  });
});

describe("what belongs together", () => {
  test("quantiles in outputs of their own: --output a,b,c", async () => {
    const heads = ["low", "middle", "high"];
    const graph: Graph = {
      nodes: [
        node("Gemm", ["x", "w1", ""], "s"),
        node("Relu", ["s"], "h"),
        ...heads.map((name) => node("Gemm", ["h", `w_${name}`, ""], name)),
      ],
      weights: [weight("w1", [4, 8]), ...heads.map((name, i) => weight(`w_${name}`, [8, 1], 1, 5 + i))],
      inputs: [info("x", ["rows", 4])],
      outputs: heads.map((name) => info(name, ["rows", 1])),
    };
    const model = save("heads.onnx", graph);
    const found = await predict(model, x, ...DROP, "--output", "low,middle,high", "--quantiles", "0.1,0.5,0.9");
    expect(found.rows[0]!.mean).toHaveLength(3);
    for (const [i, name] of heads.entries()) {
      const alone = await predict(model, x, ...DROP, "--output", name);
      expect(found.rows[3]!.deterministic[i]).toBeCloseTo(alone.rows[3]!.deterministic[0]!, 5);
    }
    expect(found.text).toMatch(/The quantiles (cross|are in order)/);
    expect(await refused(model, x, ...DROP, "--output", "low,none")).toBe(
      'uncertainty: output must be an output of the model (low, middle and high), got "none"',
    );
    expect(await refused(model, x, ...DROP, "--output", "low,,high")).toBe(
      'uncertainty: --output must be names of outputs separated by commas, got "low,,high"',
    );
  });

  test("labels in several columns of the table of the data", async () => {
    const model = save("sets.onnx", network(3, [node("Sigmoid", ["z"], "y")], [info("y", ["rows", 3])]));
    const own = rows(8, 4);
    const lines = Array.from({ length: 8 }, (_, i) => [...own.slice(4 * i, 4 * i + 4), i % 2, (i >> 1) % 2, 1].join());
    const data = file("table.csv", `a,b,c,d,cat,dog,cow\n${lines.join("\n")}\n`);
    const found = await predict(model, data, ...DROP, "--labels", "cat,dog,cow", "--classes", "cat,dog,cow");
    expect(found.text).toMatch(/\ncat +4 /);
    expect(found.text).toMatch(/\ncow +8 /);
    expect(await refused(model, data, ...DROP, "--labels", "cat,hen,cow")).toBe(
      `uncertainty: --labels must be a file, a column of ${data} or its number from 1 to 7, got "hen"`,
    );
  });

  const npy = (shape: readonly number[], values: ArrayLike<number>): Uint8Array =>
    new Uint8Array(Buffer.concat([npyHeader("'<f4'", shape), new Uint8Array(Float32Array.from(values).buffer)]));
  const archive = (name: string, arrays: Readonly<Record<string, Uint8Array>>): string => {
    writeFileSync(path(name), zipSync(Object.fromEntries(Object.entries(arrays).map(([n, a]) => [`${n}.npy`, a]))));
    return path(name);
  };
  const sum: Graph = {
    nodes: [node("Add", ["x", "more"], "s"), node("Relu", ["s"], "h"), node("MatMul", ["h", "w"], "y")],
    weights: [weight("w", [4, 2])],
    inputs: [info("x", ["rows", 4]), info("more", ["rows", 4])],
    outputs: [info("y", ["rows", 2])],
  };

  test("arrays of one .npz: every input by its name, right answers too", async () => {
    const model = save("sum.onnx", sum);
    const [one, two] = [rows(6, 4), rows(12, 4).slice(24)];
    const data = archive("data.npz", {
      y: npy([6, 2], rows(6, 2)),
      more: npy([6, 4], two),
      x: npy([6, 4], one),
    });
    const found = await predict(model, data, ...DROP, "--labels", "y");
    expect(found.text).toContain("The root mean square error of value 2 is");
    const files = await predict(
      model,
      writeNpy(path("one.npy"), [6, 4], one),
      "--input",
      `more=${writeNpy(path("two.npy"), [6, 4], two)}`,
      ...DROP,
    );
    expect(files.rows).toEqual(found.rows);
    const held = await predict(model, data, ...DROP, "--conformal", "0.5", "--labels", "y");
    expect(held.text).toMatch(/Intervals of value 2 for 50 % are [\d.]+ wide/);
  });

  test("an .npz that does not fit is said in one sentence", async () => {
    const model = save("sum.onnx", sum);
    const data = archive("half.npz", { x: npy([6, 4], rows(6, 4)) });
    expect(await refused(model, data, ...DROP)).toBe(
      `${model}: must have one input, got x, more; pass --input more=FILE.npy, or --constant for what is the ` +
        `same for all rows`,
    );
    expect(await refused(model, data, ...DROP, "--constant", "more=1", "--labels", "y")).toBe(
      `uncertainty: --labels must be an array of ${data} (x) or a file, got "y"`,
    );
    writeFileSync(path("sheet.npz"), zipSync({ "xl/workbook.xml": strToU8("<x/>") }));
    expect(await refused(model, path("sheet.npz"), ...DROP)).toBe(
      `${path("sheet.npz")}: must be .csv, .npy, .npz or IDX, got a zip archive without arrays (.xlsx?); save ` +
        `the table as .csv`,
    );
    writeFileSync(path("broken.npz"), readFileSync(data).subarray(0, 60));
    expect(await refused(model, path("broken.npz"), ...DROP)).toMatch(/broken\.npz: is a broken zip archive: /);
    expect(await refused(model, x, "--input", `more=${x}`, ...DROP, "--conformal", "0.9")).toBe(
      "uncertainty: --conformal needs right answers; pass --labels, or --calibrate FILE,COLUMN",
    );
    expect(
      await refused(model, x, "--input", `more=${x}`, ...DROP, "--conformal", "0.9", "--calibrate", `${x},${labels}`),
    ).toBe("uncertainty: --calibrate must be a share where there are several inputs, got a file");
  });
});
