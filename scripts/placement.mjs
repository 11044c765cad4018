// node scripts/placement.mjs [inputs] [normalisation] [convolutions] [recurrences]: trains the same network with
// dropout in several places and writes docs/placement.json, from which chapter 9 of the course is made. Without names
// all four parts; with names these are measured again and the others kept.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { compare, defineVariant } from "@hadamask/experiments";
import { siteKey } from "hadamask";
import { dropoutSites } from "hadamask/jax";
import { loadDataset } from "../packages/cli/dist/data/load.js";
import { compareNormalised } from "./placement/normalised.mjs";

const FILE = fileURLToPath(new URL("../docs/placement.json", import.meta.url));
/** Each has training rows of its own, and all the same test rows. */
const [SEEDS, TRAIN_ROWS] = [12, 100];

/** Only the inputs, so that they can be told from hidden units. */
const inputs = defineVariant({
  name: "inputs",
  title: (rate) => `Bernoulli dropout, input ${rate}, nothing else`,
  rate: 0.5,
  activate({ rate }, model, key) {
    const { name, shape } = model.places.filter(({ kind }) => kind === "inputs")[0];
    const { apply, ...draws } = dropoutSites({ [name]: { rate, shape } }, { key: siteKey(key, "inputs") });
    return { ...draws, hooks: { activations: (h, place, drawn) => (place.name === name ? apply(h, drawn[name]) : h) } };
  },
});

const PARTS = {
  inputs: (data) =>
    trained(data, {
      model: "mlp",
      hidden: [64, 64],
      epochs: 150,
      inputRate: 0,
      variants: ["none", "bernoulli:0.5", "inputs:0.2", "inputs:0.5"],
    }),
  normalisation: (data) => compareNormalised(data, SEEDS, TRAIN_ROWS),
  convolutions: (data) =>
    trained(data, {
      model: "cnn",
      hidden: [8, 16],
      epochs: 60,
      inputRate: 0,
      variants: ["none", "bernoulli:0.2", "channel:0.2", "drop-block:0.2"],
    }),
  recurrences: (data) =>
    trained(data, {
      model: "gru",
      hidden: [32],
      epochs: 80,
      inputRate: 0,
      variants: ["none", "zaremba:0.5", "gal:0.2", "semeniuta:0.2"],
    }),
};

/** A comparison without what the chapter does not need. */
async function trained(data, request) {
  const onRun = ({ variant, seed, seconds }) => console.error(`${variant}, seed ${seed}: ${seconds.toFixed(0)} s`);
  const { comparison } = await compare(
    data,
    { ...request, evaluate: request.epochs, trainSize: TRAIN_ROWS, seeds: SEEDS },
    { own: { variants: [inputs] }, onRun },
  );
  const { model, variants, paired } = comparison;
  return {
    model,
    data: comparison.data,
    variants: variants.map(({ name, title, testError, nll }) => ({ name, title, testError, nll })),
    paired: paired.map(({ variant, testError, nll }) => ({ variant, testError, nll })),
  };
}

const named = process.argv.slice(2);
const unknown = named.find((name) => !(name in PARTS));
if (unknown !== undefined)
  throw new Error(`placement: no part is called "${unknown}"; there are ${Object.keys(PARTS).join(", ")}`);
const data = await loadDataset("optdigits");
for (const [name, measure] of Object.entries(PARTS)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const part = await measure(data);
  // Read now: another part may have been measured meanwhile.
  const others = existsSync(FILE) ? JSON.parse(readFileSync(FILE, "utf8")).parts : {};
  const result = {
    command: "node scripts/placement.mjs",
    versions: { node: process.versions.node, cpu: `${cpus().length} × ${cpus()[0].model}` },
    parts: { ...others, [name]: part },
  };
  writeFileSync(FILE, `${JSON.stringify(result, null, 2)}\n`);
}
