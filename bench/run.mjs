// The benchmark: the library beside every peer that is installed, and what its own bench command says; checked before
// it is timed.
//
//   npm run build && npm run build:native && node bench/run.mjs
//                                 measure (about 8 minutes), write docs/benchmarks/<processor>.json and its pages
//   node bench/run.mjs --brief    all sizes, few rounds: for a machine that is not your own
//   node bench/run.mjs --library  only the library's own cases, without peers, few rounds
//   node bench/run.mjs --quick    fewer sizes and rounds, for a look; writes nothing, prints the page
//   node bench/run.mjs --docs     only make the page, the README's table and the figure from the existing JSON
//
// There is one JSON for each processor. The page shows the newest, and the ratios of all.
//   node bench/run.mjs --check    only say whether these are up to date (exit code 1 if not)
//
// PyTorch and JAX take part where `python3`, or the Python named by HADAMASK_PYTHON, has them.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chart } from "./chart.mjs";
import { page } from "./pages.mjs";
import { readmeWith } from "./readme.mjs";

const at = (path) => new URL(`../${path}`, import.meta.url);
const FOLDER = "docs/benchmarks/";

const flag = /** @type {const} */ ({ type: "boolean", default: false });
const { values } = parseArgs({ options: { quick: flag, brief: flag, library: flag, docs: flag, check: flag } });

/** What was measured on each processor, the newest first. */
const saved = () =>
  readdirSync(at(FOLDER))
    .map((name) => ({ name, data: JSON.parse(readFileSync(at(FOLDER + name), "utf8")) }))
    .sort((a, b) => b.data.date.localeCompare(a.data.date));

/** "AMD EPYC 7B13 @ 2 GHz" is amd-epyc-7b13.json. */
const nameFor = ({ machine: { cpu } }) =>
  `${cpu
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|processor|cpu|@.*/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")}.json`;

/** What is made from the measurements, by file. */
function madeFrom(all) {
  // Peers from the newest that has them; the library's own cases from the newest.
  const { name, data } = all.find((entry) => "rates" in entry.data);
  return {
    "docs/benchmarks.md": page(data, name, all),
    "docs/figures/speed.svg": chart(data),
    "README.md": readmeWith(readFileSync(at("README.md"), "utf8"), data, "en"),
    "README.zh-CN.md": readmeWith(readFileSync(at("README.zh-CN.md"), "utf8"), data, "zh"),
  };
}

async function measured() {
  const { measureAll } = await import("./measure.mjs");
  const start = performance.now();
  const how = ["quick", "brief", "library"].find((name) => values[name]) ?? "full";
  return measureAll(how, (what) => {
    console.error(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${what}`);
  });
}

function check(all) {
  for (const [path, text] of Object.entries(madeFrom(all))) {
    if (readFileSync(at(path), "utf8") === text) continue;
    console.error(`${path} is not what ${FOLDER}*.json say; run node bench/run.mjs --docs`);
    process.exitCode = 1;
  }
}

function write(all) {
  for (const [path, text] of Object.entries(madeFrom(all))) writeFileSync(at(path), text);
}

if (values.check) check(saved());
else if (values.docs) write(saved());
else {
  const data = await measured();
  if (values.quick) console.log(page(data, nameFor(data), [{ name: nameFor(data), data }, ...saved()]));
  else {
    writeFileSync(at(FOLDER + nameFor(data)), `${JSON.stringify(data, (_, value) => rounded(value), 1)}\n`);
    write(saved());
  }
}

/** Five digits: more is noise. */
function rounded(value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
