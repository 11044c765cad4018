// The command, called with odd arguments: whatever it is asked for, it ends with 0, 1 or 2, and where it fails with one
// sentence of ours.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../../dist/failure.js";
import { main } from "../../dist/main.js";
import { folder, hostileFile, inFolder } from "./place.mjs";
import { RAW } from "./raw.mjs";

const plain = { bold: (text) => text, dim: (text) => text, red: (text) => text, green: (text) => text };

/** Runs the command. @throws {Error} If it is refused other than with a sentence; one that main could be. */
export async function sentenceOf(args) {
  const [notes, out] = [[], []];
  const terminal = {
    isInteractive: false,
    paint: plain,
    write: async (chunk) => void out.push(typeof chunk === "string" ? chunk : ""),
    note: (line) => void notes.push(line),
  };
  const code = await main(args, terminal);
  const said = notes.join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(said + out.join(""))) throw new Error("it steers");
  if (args.includes("--json") && code === 0) checkJson(out.join(""));
  if (code === 0) return;
  if (code !== 1 && code !== 2) throw new Error(`exit code ${code}: ${await stackOf(args, terminal)}`);
  // What is quoted may be anything: what was typed, and the runtime's words with names of the model in them.
  const typed = args.flatMap((arg) => [arg, ...arg.split(/[,=/]/)]).filter((part) => part !== "");
  const quoted = /got .*|'--?[^']*'|command '[^']*'|ONNX Runtime does not take .*/gs;
  const ours = typed.reduce((text, part) => text.replaceAll(part, ""), said).replaceAll(quoted, "");
  if (said.trim() === "" || RAW.test(ours)) throw new Error(`exit code ${code}, and it says ${JSON.stringify(said)}`);
  throw new Failure(ours);
}

async function stackOf(args, terminal) {
  const notes = [];
  await main([...args, "--debug"], { ...terminal, note: (line) => void notes.push(line) });
  return notes.join("\n");
}

function checkJson(text) {
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`--json gave ${JSON.stringify(text.slice(0, 200))}`);
  }
}

mkdirSync(join(folder, "a folder"), { recursive: true });
const path = (name) => join(folder, name);
const FILES = {
  model: inFolder("good.onnx", hostileFile("onnx/good.onnx")),
  rows: inFolder("rows.csv", hostileFile("onnx/x.csv")),
  table: inFolder("table.csv", hostileFile("csv/good.csv")),
  mask: inFolder("mask.npy", npy()),
};
const ODD_FILES = [
  ...Object.values(FILES),
  inFolder("empty", ""),
  inFolder("one byte", "1"),
  inFolder("quote.csv", '1,"2,a\n3,4,b\n'),
  inFolder("heading.csv", "a,b,c\n"),
  inFolder("\u001b[2J.csv", hostileFile("csv/good.csv")),
  inFolder("prototype.csv", hostileFile("csv/prototype.csv")),
  path("a folder"),
  path("nothing"),
  path("nothing/in/it.csv"),
  join(FILES.table, "inside"),
  "/dev/null",
  "/proc/self/mem",
  "x".repeat(5000),
];

function npy() {
  const header = `{'descr': '|b1', 'fortran_order': False, 'shape': (8, 16), }`.padEnd(117);
  const bits = Uint8Array.from({ length: 128 }, (_, i) => (i * i) % 3 === 0);
  return Buffer.concat([Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, 118, 0]), Buffer.from(`${header}\n`), bits]);
}

const NUMBERS = [
  ..."0 1 2 3 -1 0.5 1.5 -0 1e39 1e308 1e400 NaN Infinity 0x10 01 1.0 +1".split(" "),
  ..."9007199254740993 18446744073709551616 1e-320 .5 1_000 ٣ １".split(" "),
];
const WORDS = [
  "",
  " ",
  "constructor",
  "__proto__",
  "toString",
  "ü",
  "\u001b[31m",
  "\n",
  "\u202e",
  "-",
  "--",
  "*",
  "é=1",
  "=",
];
const LISTS = ["1,2", ",", "1,,2", "1,NaN", "0,0", "a,a", "1,2,", "none,none", "1e39,2", "4,4,4,4"];
const word = (random, more = []) => random.pick([...NUMBERS, ...WORDS, ...LISTS, ...more]);
const file = (random) => random.pick(ODD_FILES);

/** Options of a command: what each may be besides what makes no sense. "file": a path that exists or does not. */
const COMMANDS = {
  train: {
    args: () => [
      ...["--data", FILES.table, "--epochs", "1", "--hidden", "2", "--seeds", "1", "--variants", "none"],
      ...["--threads", "0", "--out", path("out"), "--force"],
    ],
    options: {
      data: "file",
      label: ["1", "3", "4"],
      columns: ["1", "1,2", "3"],
      ignore: ["1", "2,1"],
      heading: ["yes", "no"],
      encoding: ["latin1", "utf-16le"],
      model: ["mlp", "cnn", "gru", "lstm", "residual"],
      variants: ["bernoulli:0.5", "bernoulli:NaN", "bernoulli:", ":", "none:1", "gaussian:1e39", "early-stopping"],
      "input-rate": [],
      hidden: ["3,3", "1"],
      activation: ["selu", "tanh"],
      "train-size": ["5", "9"],
      epochs: [],
      "batch-size": ["100"],
      "learning-rate": [],
      variant: "file",
      checkpoint: [],
      "first-seed": ["4294967295"],
      evaluate: [],
      export: "file",
      resume: null,
      json: null,
    },
  },
  uncertainty: {
    args: () => [FILES.model, FILES.rows, "--samples", "2"],
    options: {
      labels: ["1", "4", FILES.rows],
      input: ["x=nothing.npy", `x=${FILES.mask}`],
      constant: ["x=1", "y=true"],
      columns: ["1,2,3,4", "1"],
      ignore: ["1"],
      heading: ["yes", "no"],
      id: ["1"],
      samples: ["auto", "3"],
      rate: ["choose", "0.1"],
      where: ["after:Relu", "after:*", "*".repeat(2000), "node:drop", "after:constructor", "before:"],
      masks: ["consistent", "independent"],
      kind: ["auto", "classes", "values", "labels"],
      scale: ["logits", "probabilities"],
      classes: ["a,b,c", "a,b"],
      output: ["y"],
      variance: ["y"],
      "log-variance": ["y"],
      quantiles: ["0.1,0.5,0.9"],
      conformal: ["0.9"],
      calibrate: ["0.5", `${FILES.rows},1`],
      seed: [],
      batch: [],
      freeze: null,
      "batch-axis": ["0", "1", "none", "x=0"],
      layout: ["nchw", "nhwc"],
      stream: null,
      image: ["2x2", "0x0", "1x4"],
      strange: ["noise", "rotated", FILES.rows],
      out: "output",
      passes: "output",
      report: "output",
      json: null,
    },
  },
  inspect: { args: (random) => [random.isSo(0.5) ? FILES.model : file(random)], options: { json: null } },
  mask: {
    args: () => ["--shape", "2,3"],
    options: {
      shape: ["0", "4,0", "3", "1,1,1,1,1,1,1,1,1"],
      rate: [],
      keep: [],
      seed: [],
      offset: [],
      stream: ["numpy", "torch", "jax", "tfjs", "torch-cuda", "keras-tensorflow"],
      dtype: ["f32", "f64"],
      threads: [],
      calls: ["2", "0"],
      format: ["bits", "words", "json", "npy"],
      out: "output",
    },
  },
  explain: {
    args: () => [],
    options: {
      x: ["normal:3", "normal:0", "normal:", "normal:1e9", "1,2", "1e308,1e308"],
      mask: ["1,0,1,0", "1,2,3,4"],
      loss: ["sum", "sum-of-squares"],
      grad: ["1,2,3,4"],
      rate: [],
      keep: [],
      seed: [],
      stream: ["torch", "numpy"],
      mode: ["train", "eval", "sample"],
      scaling: ["inverted", "classic"],
      json: null,
    },
  },
  doctor: {
    args: (random) => [random.isSo(0.6) ? FILES.mask : file(random)],
    options: { rate: ["0.67"], keep: ["0.33"], seed: [], grad: "file", json: null },
  },
  demo: { args: (random) => [random.pick(["000", "001", ...WORDS])], options: { stream: ["torch"] } },
  verify: { args: () => ["--only", "S3-15"], options: { only: ["E-003-17", "S3-15"], details: null, json: null } },
  bench: { args: () => ["--quick", "--rounds", "x"], options: { json: null, gpu: null } },
  merge: { args: (random) => [file(random)], options: { out: "output" } },
  help: { args: (random) => [random.pick(["train", "mask", ...WORDS])], options: {} },
};

/** What is written is small, and under the folder, or nowhere. */
const output = (random) =>
  random.pick([
    ...["o.json", "o.csv", "o.npy", "o", "a folder", "table.csv", "nothing/o.csv"].map(path),
    ...["/dev/null", "/dev/full", "-", "", "/proc/nothing/x.csv", "x".repeat(5000)],
  ]);

export const COMMAND = {
  args: {
    make: (random) => {
      // training takes a hundred times as long as the others do
      const name = random.isSo(0.05) ? "train" : random.pick(Object.keys(COMMANDS).slice(1));
      const { args, options } = COMMANDS[name];
      const names = Object.keys(options);
      const added = Array.from({ length: random.below(4) }, () => oddOption(random, names, options));
      const made = [name, ...args(random), ...added.flat()];
      if (random.isSo(0.1)) made.splice(random.below(made.length + 1), 1);
      if (random.isSo(0.1)) made.splice(random.below(made.length + 1), 0, word(random));
      return made;
    },
    put: (args) => (isBounded(args) ? sentenceOf(args) : undefined),
  },
};

function oddOption(random, names, options) {
  if (names.length === 0 || random.isSo(0.03)) return [`--${word(random)}`];
  const name = random.pick(names);
  const values = options[name];
  if (values === null) return [`--${name}`];
  if (random.isSo(0.05)) return [`--${name}`]; // its value is missing
  const value =
    values === "file" ? file(random) : values === "output" ? output(random) : word(random, [...values, ...values]);
  return [`--${name}`, value];
}

/** What asks for hours of work gets them: such a case says nothing. */
function isBounded(args) {
  if (args[0] === "train" && !args.includes("--epochs")) return false; // the main job, of minutes
  const long = { "--epochs": 3, "--seeds": 3, "--hidden": 1e4, "--shape": 1e6, "--calls": 1e3, "--rounds": 0 };
  return args.every((option, i) => {
    const most = long[option];
    const sizes = most === undefined ? [] : (args[i + 1] ?? "").split(",").map(Number);
    return sizes.every((size) => !(size > (most ?? 0)) || !Number.isSafeInteger(size));
  });
}
