// npm run fuzz [-- --minutes 2 --seed 7 --format csv --only 123 --count 1000 --json FILE]
//
// Mutates files of every format that the command reads, and calls the library with odd values, each in a thread with
// limits on time and memory. What is refused without a sentence of ours, never ends or eats the memory is a failure:
// it is written to fuzz-failures/, with the command that repeats it, and the exit code is 1.

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";

const FORMATS = ["csv", "gz", "npy", "idx", "onnx", "graph", "run", "state", "api"];
const TIMEOUT_MS = 30_000;
const LIMITS = { maxOldGenerationSizeMb: 256 };

const { values } = parseArgs({
  options: Object.fromEntries(
    ["minutes", "seed", "format", "only", "count", "json"].map((name) => [name, { type: "string" }]),
  ),
});
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 32));
const chosen = values.format === undefined ? FORMATS : values.format.split(",");
const odd = chosen.find((format) => !FORMATS.includes(format));
if (odd !== undefined) throw new Error(`fuzz: --format must be of ${FORMATS.join(", ")}, got ${odd}`);
const count = values.only !== undefined ? 1 : Number(values.count ?? Number.POSITIVE_INFINITY);
const minutes = Number(values.minutes ?? (Number.isFinite(count) ? Number.POSITIVE_INFINITY : 2));

console.log(`fuzz: seed ${seed}`);
let pending;
let worker = start();
const told = Object.fromEntries(chosen.map((format) => [format, { tried: 0, taken: 0, refused: 0, failures: 0 }]));
const begun = performance.now();
for (let n = Number(values.only ?? 0), done = 0; done < count; n++, done++) {
  if (performance.now() - begun > 60_000 * minutes) break;
  for (const format of chosen) await tryCase(format, n);
}
await worker.terminate();
rmSync(join(tmpdir(), `hadamask-fuzz-${process.pid}`), { recursive: true, force: true });

const seconds = Math.round((performance.now() - begun) / 1000);
console.table(told);
const failures = Object.values(told).reduce((sum, { failures }) => sum + failures, 0);
console.log(`fuzz: ${failures} failures in ${seconds} s`);
if (values.json) {
  const about = { seed, seconds, node: process.version, date: new Date().toISOString().slice(0, 10), formats: told };
  writeFileSync(values.json, `${JSON.stringify(about, null, 2)}\n`);
}
process.exitCode = failures > 0 ? 1 : 0;

function start() {
  const started = new Worker(new URL("worker.mjs", import.meta.url), { resourceLimits: LIMITS });
  started.on("message", (found) => pending?.(found));
  started.on("error", (error) => pending?.({ failure: `the thread died: ${error.stack ?? error}`, isDead: true }));
  return started;
}

async function tryCase(format, n) {
  const line = told[format];
  line.tried++;
  const { outcome, failure, shown } = await put({ seed, format, n, isKept: values.only !== undefined });
  if (outcome !== undefined) line[outcome]++;
  if (failure === undefined) return;
  line.failures++;
  mkdirSync("fuzz-failures", { recursive: true });
  const file = join("fuzz-failures", `${format}-${seed}-${n}`);
  if (shown !== undefined) writeFileSync(file, shown);
  writeFileSync(`${file}.txt`, `npm run fuzz -- --seed ${seed} --format ${format} --only ${n}\n\n${failure}\n`);
  console.log(`fuzz: ${format} ${n}: ${failure.split("\n")[0]} (${file}.txt)`);
}

/** One case; a thread that dies or does not answer is replaced. */
async function put(task) {
  let timer;
  const found = await new Promise((resolve) => {
    pending = resolve;
    timer = setTimeout(() => resolve({ failure: `no answer in ${TIMEOUT_MS} ms`, isDead: true }), TIMEOUT_MS);
    worker.postMessage(task);
  });
  clearTimeout(timer);
  pending = undefined;
  if (found.isDead) {
    worker.terminate();
    worker = start();
  }
  return found;
}
