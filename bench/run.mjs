// The benchmark: the library beside every peer that is installed, and what its own bench command says; checked before
// it is timed.
//
//   npm run build && node bench/run.mjs   measure (about 6 minutes), write docs/benchmarks.json and what is made from it
//   node bench/run.mjs --quick            fewer sizes and rounds, for a look; writes nothing, prints the page
//   node bench/run.mjs --docs             only make the page, the README's table and the figure from the JSON that is there
//   node bench/run.mjs --check            only say whether these are up to date (exit code 1 if not)
//
// PyTorch and JAX take part where `python3`, or the Python named by HADAMASK_PYTHON, has them.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chart } from "./chart.mjs";
import { page, readmeWith } from "./pages.mjs";

const at = (path) => new URL(`../${path}`, import.meta.url);
const DATA = "docs/benchmarks.json";

const flag = /** @type {const} */ ({ type: "boolean", default: false });
const { values } = parseArgs({ options: { quick: flag, docs: flag, check: flag } });

/** What is made from the measurements, by file. */
const madeFrom = (data) => ({
  "docs/benchmarks.md": page(data),
  "docs/figures/speed.svg": chart(data),
  "README.md": readmeWith(readFileSync(at("README.md"), "utf8"), data),
});

async function measured() {
  const { measureAll } = await import("./measure.mjs");
  const start = performance.now();
  return measureAll(values.quick, (what) => {
    console.error(`${((performance.now() - start) / 1000).toFixed(0).padStart(4)} s  ${what}`);
  });
}

function check(data) {
  for (const [path, text] of Object.entries(madeFrom(data))) {
    if (readFileSync(at(path), "utf8") === text) continue;
    console.error(`${path} is not what ${DATA} says; run node bench/run.mjs --docs`);
    process.exitCode = 1;
  }
}

function write(data) {
  for (const [path, text] of Object.entries(madeFrom(data))) writeFileSync(at(path), text);
}

if (values.check) check(JSON.parse(readFileSync(at(DATA), "utf8")));
else if (values.docs) write(JSON.parse(readFileSync(at(DATA), "utf8")));
else {
  const data = await measured();
  if (!values.quick) {
    writeFileSync(at(DATA), `${JSON.stringify(data, (_, value) => rounded(value), 1)}\n`);
    write(JSON.parse(readFileSync(at(DATA), "utf8")));
  }
  console.log(page(data));
}

/** Five digits: more is noise. */
function rounded(value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
}
