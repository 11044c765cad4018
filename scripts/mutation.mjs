// How many small faults do the tests notice? Puts one fault at a time into a copy of the sources, runs the tests of its
// folder and counts what is caught. Writes docs/mutation.json; survivors are listed there with their place.
//
//   npm run mutation -- --count 100 --seed 1        that many faults, chosen by the seed (about 5 seconds each)
//   npm run mutation -- --only noise/ --count 10    in files whose path holds a word
//
// A fault whose tests do not end is caught by that. An interrupted run counts what it has tried, and --resume goes on
// with it.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TestedCopy } from "./tested-copy.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const LIBRARY = "packages/hadamask/src/";
const TESTS = "packages/hadamask/test/";

/** Which tests have to notice a fault in a folder, the fast ones first. */
const FOLDERS = {
  [`${LIBRARY}random/`]: [
    `${TESTS}unit/random`,
    `${TESTS}vectors/threefry`,
    `${TESTS}statistics`,
    `${TESTS}unit/layers`,
  ],
  [`${LIBRARY}kernels/`]: [`${TESTS}unit/kernels`, `${TESTS}conformance/kernels.test`, `${TESTS}conformance/dense`],
  [`${LIBRARY}placement/`]: [
    `${TESTS}unit/placement`,
    `${TESTS}properties`,
    `${TESTS}unit/layers`,
    `${TESTS}conformance/layers`,
  ],
  [`${LIBRARY}noise/`]: [`${TESTS}unit/noise`, `${TESTS}unit/layers`, `${TESTS}conformance/layers`],
  [`${LIBRARY}layers/base/`]: [`${TESTS}unit/layers`, `${TESTS}conformance/layers`, `${TESTS}vectors/layer-stream`],
  [`${LIBRARY}uncertainty/`]: [`${TESTS}unit/uncertainty`],
  "packages/experiments/src/statistics/": [
    "packages/experiments/test/unit/estimate",
    "packages/experiments/test/unit/findings",
    "packages/experiments/test/unit/choice",
    "packages/experiments/test/unit/value",
  ],
  "packages/onnx/src/predict/": ["packages/onnx/test/unit", "packages/onnx/test/conformance"],
};

/** Pairs that are changed for one another. Spaces keep types and generics out. */
const SWAPS = [
  [" < ", " <= "],
  [" <= ", " < "],
  [" > ", " >= "],
  [" >= ", " > "],
  [" === ", " !== "],
  [" !== ", " === "],
  [" && ", " || "],
  [" || ", " && "],
  [" + ", " - "],
  [" - ", " + "],
  [" * ", " / "],
  [" / ", " * "],
  [" += ", " -= "],
  ["Math.min(", "Math.max("],
  ["Math.max(", "Math.min("],
  ["Math.floor(", "Math.ceil("],
  ["return true;", "return false;"],
  ["return false;", "return true;"],
  [" ?? ", " && "],
];

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    out: { type: "string", default: "docs/mutation.json" },
    resume: { type: "boolean", default: false },
  },
});
const count = Number(values.count);
if (!(Number.isInteger(count) && count >= 1))
  throw new RangeError(`mutation: --count must be 1 or more, got ${values.count}`);

/** Numbers in [0, 1) from a seed: which faults are tried does not matter much, that they can be tried again does. */
function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const copy = new TestedCopy();

/** Every place where a fault can be put, as data. */
function faultsIn(file) {
  const lines = copy.read(file).split("\n");
  const faults = [];
  let isComment = false;
  lines.forEach((line, at) => {
    const text = line.trim();
    if (text.startsWith("/*")) isComment = true;
    const isCode =
      !isComment && !/^(\/\/|import |export type |export interface |type |interface |readonly |\| )/.test(text);
    if (text.endsWith("*/")) isComment = false;
    if (!isCode || /["'`]/.test(line) || /^(const|let) \w+: /.test(text)) return;
    const code = line.split(" // ")[0];
    for (const [from, to] of SWAPS) {
      for (let i = code.indexOf(from); i !== -1; i = code.indexOf(from, i + 1))
        faults.push({ file, at, column: i, from, to });
    }
    for (const match of code.matchAll(/(?<![\w.])(\d+)(?![\w.n])/g)) {
      faults.push({ file, at, column: match.index, from: match[1], to: String(Number(match[1]) + 1) });
    }
  });
  return faults;
}

const folderOf = (file) => Object.keys(FOLDERS).find((folder) => file.startsWith(folder));
const files = execFileSync("git", ["ls-files", ...Object.keys(FOLDERS)], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter((file) => file.endsWith(".ts") && !file.endsWith("-wasm.ts") && file.includes(values.only));
const all = files.flatMap(faultsIn);
const next = uniforms(Number(values.seed));
const chosen = [];
for (let k = 0; k < Math.min(count, all.length); k++) chosen.push(all.splice(Math.floor(next() * all.length), 1)[0]);

/** What an interrupted run of this seed has found. */
function before() {
  const found = JSON.parse(readFileSync(root + values.out, "utf8"));
  if (found.command.endsWith(` --seed ${values.seed}`)) return found;
  throw new RangeError(`mutation: --resume goes on with ${values.out}, which is of ${found.command}`);
}

const { faults: done, endless: ended, survivors } = values.resume ? before() : { faults: 0, endless: 0, survivors: [] };
let [tried, endless] = [done, ended];

/** Says and writes what is known; of an interrupted run the faults that were tried, which are the seed's first ones. */
function conclude() {
  const caught = tried - survivors.length;
  const share = tried === 0 ? "" : ` (${((100 * caught) / tried).toFixed(1)} %)`;
  console.log(`${caught} of ${tried} caught${share}, ${endless} of them because the tests did not end`);
  if (values.only !== "" || tried === 0) return;
  const command = `npm run mutation -- --count ${tried} --seed ${values.seed}`;
  const result = { command, cpu: cpus()[0]?.model, node: process.version, faults: tried, caught, endless, survivors };
  writeFileSync(root + values.out, `${JSON.stringify(result, null, 2)}\n`);
}
process.on("exit", (code) => {
  if (code !== 1) conclude(); // else something went wrong, and nothing is known
});

for (const { file, at, column, from, to } of chosen.slice(done)) {
  const lines = copy.read(file).split("\n");
  lines[at] = lines[at].slice(0, column) + to + lines[at].slice(column + from.length);
  const verdict = await copy.test(file, lines.join("\n"), FOLDERS[folderOf(file)]);
  tried++;
  if (verdict === "did not end") endless++;
  if (verdict === "passed")
    survivors.push({ file, line: at + 1, from: from.trim(), to: to.trim(), code: lines[at].trim() });
  const word = verdict === "passed" ? "SURVIVED" : verdict === "failed" ? "caught  " : "no end  ";
  console.log(`${word}  ${file}:${at + 1}  ${from.trim()} -> ${to.trim()}`);
}
process.exit(0);
