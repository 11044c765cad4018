// How the test NLL of saved trainings went on, as means over seeds: docs/courses.json.
//
//   npm run build && node scripts/courses.mjs FOLDER… > docs/courses.json
//
// FOLDER is an --out of `hadamask train`. Variants that stop at an epoch of their own are left out.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const read = (...path) => JSON.parse(readFileSync(join(...path), "utf8"));
const rounded = (x) => Number(x.toFixed(3));
const mean = (values) => values.reduce((sum, x) => sum + x, 0) / values.length;

function course(folder) {
  const { command, model, variants: compared } = read(folder, "comparison.json");
  const runs = readdirSync(join(folder, "runs"))
    .filter((name) => name.endsWith(".json"))
    .map((name) => read(folder, "runs", name).run);
  const variants = compared.map(({ name }) => name).filter((name) => name !== "early-stopping");
  return {
    command,
    epochs: model.epochs,
    seeds: model.seeds,
    nll: Object.fromEntries(
      variants.map((variant) => [variant, meanOf(runs.filter((run) => run.variant === variant))]),
    ),
  };
}

/** The lowest mean, the epochs after which it is reached, and the means after every 25 epochs. */
function meanOf(runs) {
  const { epochs } = runs[0];
  const means = epochs.map((_, i) => mean(runs.map(({ testNll }) => testNll[i])));
  const at = means.indexOf(Math.min(...means));
  const asked = Array.from({ length: Math.floor(epochs.at(-1) / 25) }, (_, k) => 25 * (k + 1));
  const every25 = asked.map((epoch) => rounded(means[epochs.findLastIndex((other) => other <= epoch)]));
  return { lowest: rounded(means[at]), after: epochs[at], every25 };
}

console.log(JSON.stringify(process.argv.slice(2).map(course), null, 2));
