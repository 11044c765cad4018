// How many small faults do the tests notice? Puts one fault at a time into a source file, runs the tests of its folder
// and counts what is caught. Writes docs/mutation.json; survivors are listed there with their place.
//
//   npm run mutation -- --count 100 --seed 1        that many faults, chosen by the seed (about 5 seconds each)
//   npm run mutation -- --only noise/ --count 10    in files whose path holds a word
//
// An interrupted run counts what it has tried. A fault that makes a loop endless has to be interrupted.
//
// Sources are changed in place and put back, also when it is interrupted: run it on a clean tree.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createVitest } from "vitest/node";

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
  [`${LIBRARY}kernels/`]: [`${TESTS}unit/kernels`, `${TESTS}conformance/kernels`, `${TESTS}conformance/dense`],
  [`${LIBRARY}placement/`]: [
    `${TESTS}unit/placement`,
    `${TESTS}properties`,
    `${TESTS}unit/layers`,
    `${TESTS}conformance/layers`,
  ],
  [`${LIBRARY}noise/`]: [`${TESTS}unit/noise`, `${TESTS}unit/layers`, `${TESTS}conformance/layers`],
  [`${LIBRARY}layers/base/`]: [`${TESTS}unit/layers`, `${TESTS}conformance/layers`, `${TESTS}vectors/layer-stream`],
  [`${LIBRARY}uncertainty/`]: [`${TESTS}unit/uncertainty`],
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

/** Every place where a fault can be put, as data. */
function faultsIn(file) {
  const lines = readFileSync(root + file, "utf8").split("\n");
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

const vitest = await createVitest("test", {
  root,
  watch: false,
  reporters: [{ onInit() {} }],
  bail: 1,
  testTimeout: 20_000,
  maxWorkers: 1,
  env: { NO_COLOR: "1" },
});

/** Whether the tests of these folders fail: what a fault has to bring about. */
async function fails(filters) {
  const specifications = await vitest.globTestSpecifications(filters);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications, false);
  return unhandledErrors.length > 0 || testModules.some((module) => module.state() === "failed");
}

let changed;
const restore = () => {
  if (changed !== undefined) writeFileSync(root + changed.file, changed.text);
  changed = undefined;
};
process.on("exit", restore);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    conclude();
    process.exit(130);
  });
}

const survivors = [];
let tried = 0;

/** Says and writes what is known; of an interrupted run the faults that were tried, which are the seed's first ones. */
function conclude() {
  const caught = tried - survivors.length;
  console.log(`${caught} of ${tried} caught (${((100 * caught) / tried).toFixed(1)} %)`);
  if (values.only !== "" || tried === 0) return;
  const command = `npm run mutation -- --count ${tried} --seed ${values.seed}`;
  const result = { command, cpu: cpus()[0]?.model, node: process.version, faults: tried, caught, survivors };
  writeFileSync(root + values.out, `${JSON.stringify(result, null, 2)}\n`);
}

for (const fault of chosen) {
  const { file, at, column, from, to } = fault;
  const text = readFileSync(root + file, "utf8");
  const lines = text.split("\n");
  lines[at] = lines[at].slice(0, column) + to + lines[at].slice(column + from.length);
  changed = { file, text };
  writeFileSync(root + file, lines.join("\n"));
  vitest.invalidateFile(root + file);
  let isCaught = false;
  for (const filter of FOLDERS[folderOf(file)]) {
    if (isCaught) break;
    isCaught = await fails([filter]);
  }
  restore();
  vitest.invalidateFile(root + file);
  tried++;
  if (!isCaught) survivors.push({ file, line: at + 1, from: from.trim(), to: to.trim(), code: lines[at].trim() });
  console.log(`${isCaught ? "caught  " : "SURVIVED"}  ${file}:${at + 1}  ${from.trim()} -> ${to.trim()}`);
}
await vitest.close();

conclude();
process.exit(0);
