// Everything that is measured against peers, as one object for docs/benchmarks.json.

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createPool } from "hadamask/pool";
import { makeArrays } from "../packages/cli/dist/bench/arrays.js";
import { measure } from "../packages/cli/dist/bench/harness.js";
import { thisMachine } from "../packages/cli/dist/bench/machine.js";
import { COPY, copyCase, dropoutCase, KERNELS, OURS, openOurs } from "./ours.mjs";
import * as jaxJs from "./peers/jax-js.mjs";
import * as onnxruntime from "./peers/onnxruntime.mjs";
import * as tfjs from "./peers/tfjs.mjs";
import { measureTfjsLayers } from "./tfjs-layers.mjs";

setFlagsFromString("--expose-gc");
/**
 * Run before every sample beside peers: what one of them left behind is not to be collected in the time of the next.
 */
const collectGarbage = runInNewContext("gc");

const PEERS = [tfjs, jaxJs, onnxruntime];
const M = 2 ** 20;
const RATES = [0.1, 0.2, 0.5];
const RATES_ALONE = [0.5, 0.25, 0.125, 0.3, 0.2, 0.1, 0.05, 0.01, 0.001, 0.9];

const FULL = {
  n: 4 * M,
  rounds: 11,
  curve: { sizes: [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144].map((k) => 64 * k), rounds: 5 },
  alone: 64 * M,
  threadsN: 16 * M,
  roundsAlone: 21,
  pairs: 40,
  endToEnd: 15,
  tfjsLayers: [
    [4096, 31],
    [4 * M, 7],
  ],
  library: ["--rounds", "21"],
};
const QUICK = {
  ...FULL,
  rounds: 3,
  curve: { sizes: [64, 4096, 262_144, M], rounds: 3 },
  alone: 16 * M,
  roundsAlone: 5,
  pairs: 5,
  endToEnd: 3,
  tfjsLayers: [[M, 3]],
  library: ["--quick"],
};

/** The plan of a busy machine: all sizes, few rounds. */
const BRIEF = {
  ...FULL,
  rounds: 3,
  curve: { ...FULL.curve, rounds: 3 },
  roundsAlone: 5,
  pairs: 5,
  endToEnd: 3,
  tfjsLayers: [
    [4096, 5],
    [4 * M, 3],
  ],
  library: ["--rounds", "5"],
};

export async function measureAll(how, say) {
  const plan = { quick: QUICK, brief: BRIEF, full: FULL }[how === "library" ? "brief" : how];
  if (how === "library") return libraryAlone(plan, say);
  const machine = thisMachine();
  say("against peers, by rate");
  const rates = [];
  for (const rate of RATES) rates.push({ rate, ...(await compare(plan.n, rate, plan.rounds)) });
  say("against peers, by size");
  const curve = [];
  for (const n of plan.curve.sizes) curve.push({ n, ...(await compare(n, 0.5, plan.curve.rounds)) });
  curve.push({ n: plan.alone, ...(await aloneAt(plan.alone, plan.curve.rounds)) });
  say("as layers of TensorFlow.js");
  const tfjsLayers = [];
  for (const [n, rounds] of plan.tfjsLayers) tfjsLayers.push(...(await measureTfjsLayers(n, rounds, collectGarbage)));
  say("PyTorch and JAX");
  const python = measurePython(plan);
  say("by rate and by threads");
  const byRate = await byRateAt(plan.n, plan.roundsAlone);
  const byThreads = await byThreadsAt(plan.threadsN, plan.roundsAlone);
  say("a training step");
  const trainingStep = childJson("training-step.mjs", ["--json", "--pairs", String(plan.pairs)]);
  say("end to end");
  const endToEnd = childJson("end-to-end.mjs", ["--json", "--rounds", String(plan.endToEnd)]);
  say("hadamask bench");
  const library = benchBy("simd", plan.library);
  const native = KERNELS.native === undefined ? undefined : benchBy("native", plan.library);
  const versions = Object.assign({}, ...PEERS.map((peer) => peer.versions));
  return {
    date: new Date().toISOString(),
    command: `node bench/run.mjs${how === "full" ? "" : ` --${how}`}`,
    machine,
    versions,
    n: plan.n,
    rates,
    curve,
    tfjsLayers,
    python,
    byRate,
    byThreads,
    trainingStep,
    endToEnd,
    library,
    ...(native === undefined ? {} : { native }),
  };
}

/** What the command says for each kernel, without peers. */
function libraryAlone(plan, say) {
  const machine = thisMachine();
  say("hadamask bench, WebAssembly");
  const library = benchBy("simd", plan.library);
  say("hadamask bench, native");
  const native = KERNELS.native === undefined ? {} : { native: benchBy("native", plan.library) };
  return { date: new Date().toISOString(), command: "node bench/run.mjs --library", machine, library, ...native };
}

/** What the command says when `kernel` does the work. */
function benchBy(kernel, args) {
  const env = { ...process.env, HADAMASK_KERNEL: kernel };
  return childJson("../packages/hadamask/bin/hadamask.js", ["bench", "--json", ...args], env);
}

/** Ours, loops and all peers of this process on `n` elements. */
async function compare(n, rate, rounds) {
  const { x, cases, close } = openOurs(n, rate);
  const peers = await openPeers(x, rate);
  const result = await measure(
    { name: `${n} elements, rate ${rate}`, cases: [...cases, ...peers] },
    rounds,
    collectGarbage,
  );
  for (const peer of peers) await peer.close();
  close();
  return result;
}

async function openPeers(x, rate) {
  const hadWorker = "Worker" in globalThis;
  const cases = [];
  for (const peer of PEERS) cases.push(...(await peer.open(x, rate)));
  // Other engines leave a global Worker behind, from which jax-js concludes that its memory is shared, which it is
  // not in Node.
  if (!hadWorker) Reflect.deleteProperty(globalThis, "Worker");
  return cases;
}

const ALONE = [COPY, OURS.native, OURS.heap, OURS.alloc];

/** Sizes that peers have no memory or no time for. */
async function aloneAt(n, rounds) {
  const { cases, close } = openOurs(n, 0.5);
  const result = await measure(
    { name: `${n} elements, rate 0.5`, cases: cases.filter(({ name }) => ALONE.includes(name)) },
    rounds,
  );
  close();
  return result;
}

async function byRateAt(n, rounds) {
  const places = [];
  for (const place of /** @type {const} */ (["heap", "alloc"])) {
    const arrays = makeArrays(place, n);
    const cases = RATES_ALONE.map((rate) => dropoutCase(String(rate), arrays, rate));
    places.push({ place, ...(await measure({ name: place, cases: [copyCase(arrays), ...cases] }, rounds)) });
    arrays.release();
  }
  return places;
}

async function byThreadsAt(n, rounds) {
  const counts = [1, 2, 4, 8].filter((count) => count <= cpus().length);
  const results = [];
  for (const threads of counts) {
    const pool = createPool({ threads });
    const arrays = makeArrays(pool, n);
    const cases = [0.5, 0.1].map((rate) => dropoutCase(String(rate), arrays, rate));
    results.push({
      threads,
      ...(await measure({ name: `${threads} threads`, cases: [copyCase(arrays), ...cases] }, rounds)),
    });
    arrays.release();
    pool.close();
  }
  return results;
}

/** PyTorch and JAX in a process of their own; undefined where Python has neither. */
function measurePython({ n, rounds, curve }) {
  const jobs = [
    ...RATES.map((rate) => ({ n, rate, rounds })),
    ...curve.sizes.map((size) => ({ n: size, rate: 0.5, rounds: curve.rounds })),
  ];
  const script = fileURLToPath(new URL("peers/python.py", import.meta.url));
  const python = process.env.HADAMASK_PYTHON ?? "python3";
  try {
    const output = execFileSync(python, [script], {
      input: JSON.stringify({ jobs }),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    });
    const result = JSON.parse(output);
    return "torch" in result.versions || "jax" in result.versions ? result : undefined;
  } catch (error) {
    if (error.code === "ENOENT" || /No module named 'numpy'/.test(error.stderr)) return undefined;
    throw error;
  }
}

function childJson(file, args, env = process.env) {
  const script = fileURLToPath(new URL(file, import.meta.url));
  /** @type {import("node:child_process").ExecFileSyncOptionsWithStringEncoding} */
  const options = { encoding: "utf8", maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "inherit"], env };
  return JSON.parse(execFileSync(process.execPath, [script, ...args], options));
}
