// npm run fuzz [-- --minutes 2 --seed 7 --format csv --only 123 --count 1000 --json FILE]
//
// Mutates files of every format that the command reads, calls the library with odd values and the command with odd
// arguments, in a process with limits on time and memory. What is refused without a sentence of ours, never ends, ends
// the process or eats the memory is a failure: it is written to fuzz-failures/, with the command that repeats it, and
// the exit code is 1. A case is a function of the seed, the format and its number.

import { execFileSync, fork } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const FORMATS = ["csv", "gz", "npy", "idx", "onnx", "graph", "run", "part", "state", "api", "args", "session"];
/** Cases that are asked for at a time. */
const BATCH = 20;
/**
 * What one case may take: seconds of the processor where the system tells them, and by the clock (machines are busy).
 */
const MOST_CPU_S = 30;
const MOST_MS = 600_000;
const LOOKED_MS = 5_000;
const HEAP_MB = 256;

const { values } = parseArgs({
  options: Object.fromEntries(
    ["minutes", "seed", "format", "only", "count", "json"].map((name) => [name, { type: "string" }]),
  ),
});
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 32));
const chosen = values.format === undefined ? FORMATS : values.format.split(",");
const odd = chosen.find((format) => !FORMATS.includes(format));
if (odd !== undefined) throw new Error(`fuzz: --format must be of ${FORMATS.join(", ")}, got ${odd}`);
const first = numberOf("only", 0);
const count = values.only !== undefined ? 1 : numberOf("count", Number.POSITIVE_INFINITY);
const minutes = numberOf("minutes", Number.isFinite(count) ? Number.POSITIVE_INFINITY : 2);

const ranOn = commit(); // now: the tree may change while it runs
console.log(`fuzz: seed ${seed}`);
let child;
const told = Object.fromEntries(
  chosen.map((format) => [format, { tried: 0, taken: 0, refused: 0, failures: 0, seconds: 0 }]),
);
const begun = performance.now();
const secondsSo = () => Math.round((performance.now() - begun) / 1000);
let saved = 0;
for (let done = 0; done < count && secondsSo() < 60 * minutes; done += BATCH) {
  for (const format of chosen) await tryCases(format, first + done, Math.min(BATCH, count - done));
  if (secondsSo() - saved >= 60) save(); // whatever ends it, what was tried until then is known
}
child?.disconnect();
save();

console.table(rounded());
const failures = Object.values(told).reduce((sum, { failures }) => sum + failures, 0);
console.log(`fuzz: ${failures} failures in ${secondsSo()} s`);
process.exitCode = failures > 0 ? 1 : 0;

function rounded() {
  return Object.fromEntries(
    Object.entries(told).map(([format, line]) => [format, { ...line, seconds: Math.round(line.seconds) }]),
  );
}

function save() {
  saved = secondsSo();
  if (!values.json) return;
  const date = new Date().toISOString().slice(0, 10);
  const about = { seed, seconds: saved, node: process.version, date, commit: ranOn, formats: rounded() };
  writeFileSync(values.json, `${JSON.stringify(about, null, 2)}\n`);
}

function numberOf(option, usual) {
  if (values[option] === undefined) return usual;
  const number = Number(values[option]);
  if (!(number >= 0)) throw new Error(`fuzz: --${option} must be a number from 0, got ${values[option]}`);
  return number;
}

function commit() {
  try {
    const git = (...args) =>
      execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "-uno") === "" ? "" : "+");
  } catch {
    return undefined;
  }
}

/** A process that has said that it is ready. */
async function start() {
  const script = fileURLToPath(new URL("child.mjs", import.meta.url));
  const started = fork(script, {
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  started.printed = "";
  for (const stream of [started.stdout, started.stderr]) {
    stream.on("data", (chunk) => {
      started.printed = (started.printed + chunk).slice(-4000);
    });
  }
  await new Promise((resolve, reject) => {
    started.once("message", resolve);
    started.once("exit", (code) =>
      reject(new Error(`fuzz: no process could be started (${code}): ${started.printed}`)),
    );
  });
  started.removeAllListeners("exit");
  return started;
}

/** Cases `from` … `from + count - 1`; where one ends the process or does not end, the others go on in a fresh one. */
async function tryCases(format, from, count) {
  for (let n = from; n < from + count; ) {
    child ??= await start();
    const { last, failure } = await tryUntil(child, format, n, from + count - n);
    n = last + 1;
    if (failure === undefined) continue;
    n++;
    tell(format, { n: last + 1, failure });
    child.kill("SIGKILL");
    child = undefined;
  }
}

/** Processor time of a process, in seconds; 0 where the system does not tell. */
function cpuOf({ pid }) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100; // user and system time, in ticks of 10 ms
  } catch {
    return 0;
  }
}

/** @returns The last case that was answered, and what went wrong with the next, if anything did. */
function tryUntil(child, format, from, count) {
  return new Promise((resolve) => {
    let last = from - 1;
    let [at, cpu] = [performance.now(), cpuOf(child)];
    const timer = setInterval(() => {
      const used = cpuOf(child) - cpu;
      if (used > MOST_CPU_S) end(`no answer in ${used.toFixed(0)} s of the processor`);
      else if (performance.now() - at > MOST_MS) end(`no answer in ${MOST_MS / 1000} s`);
    }, LOOKED_MS);
    const end = (failure) => {
      clearInterval(timer);
      child.removeAllListeners("message").removeAllListeners("exit");
      resolve({ last, failure });
    };
    child.on("message", (found) => {
      last = found.n;
      tell(format, found);
      [at, cpu] = [performance.now(), cpuOf(child)];
      if (last === from + count - 1) end();
    });
    child.on("exit", (code, signal) => end(`the process ended with ${signal ?? code}: ${child.printed}`));
    child.send({ seed, format, from, count, isKept: values.only !== undefined });
  });
}

function tell(format, { n, seconds = 0, outcome, failure, shown }) {
  const line = told[format];
  line.tried++;
  line.seconds += seconds;
  if (outcome !== undefined && failure === undefined) line[outcome]++;
  if (failure !== undefined) line.failures++;
  if (failure === undefined && shown === undefined) return;
  mkdirSync("fuzz-failures", { recursive: true });
  const file = `fuzz-failures/${format}-${seed}-${n}`;
  if (shown !== undefined) writeFileSync(file, Buffer.from(shown, "base64"));
  if (failure === undefined) return;
  writeFileSync(`${file}.txt`, `npm run fuzz -- --seed ${seed} --format ${format} --only ${n}\n\n${failure}\n`);
  console.log(`fuzz: ${format} ${n}: ${failure.split("\n")[0]} (${file}.txt)`);
}
