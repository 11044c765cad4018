// docs/benchmarks.md, from docs/benchmarks/*.json. Measures nothing.

import { isMet } from "../packages/cli/dist/bench/report.js";
import { endToEndSection } from "./end-to-end-page.mjs";
import { missedText } from "./missed.mjs";
import { COPY, LOOPS, OURS } from "./ours.mjs";
import { tfjsLayersSection } from "./tfjs-layers-page.mjs";

/** How many times as fast as the fastest peer each way is to be. */
const FACTORS_AIMED_AT = { native: 10, alloc: 5, heap: 3.5 };
const NAMES_OF_OURS = [...Object.values(OURS), ...Object.values(LOOPS), COPY];

const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const between = ({ quartiles }) => quartiles.map(digits).join(" - ");
export const times = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export const sizeName = (n) => (n >= 2 ** 20 ? `${n / 2 ** 20}M` : n >= 1024 ? `${n / 1024}k` : String(n));

/** What Python measured for `n` and `rate`; without its copy, or nothing. */
const pythonResults = ({ python }, n, rate) =>
  (python?.jobs.find((job) => job.n === n && job.rate === rate)?.results ?? []).slice(1);

/** All cases at one rate or size: this process's, then Python's. */
export const resultsAt = (data, { results }, n, rate) => [...results, ...pythonResults(data, n, rate)];

const find = (results, name) => results.find((result) => result.name === name);
const isPeer = ({ name }) => !NAMES_OF_OURS.includes(name);

/** Times faster than the fastest peer, at each rate. */
export function factors(data) {
  return data.rates.map((group) => {
    const results = resultsAt(data, group, data.n, group.rate);
    const fastest = results.filter(isPeer).sort((a, b) => a.ns.median - b.ns.median)[0];
    const ratio = (name) => {
      const ours = find(results, name);
      return ours && fastest.ns.median / ours.ns.median;
    };
    const [native, heap, alloc] = [OURS.native, OURS.heap, OURS.alloc].map(ratio);
    return { rate: group.rate, fastest: fastest.name, native, heap, alloc };
  });
}

const ENGLISH = { ns: "ns an element", rate: (rate) => `rate ${rate}`, names: {} };

/** The library beside its peers; `words` are its heads, and the names that are not as they were measured. */
export function peerTable(data, words = ENGLISH) {
  const groups = data.rates.map((group) => resultsAt(data, group, data.n, group.rate));
  const names = groups[0].map(({ name }) => name);
  return table(
    [words.ns, ...data.rates.map(({ rate }) => words.rate(rate))],
    names.map((name) => [words.names[name] ?? name, ...groups.map((results) => digits(find(results, name).ns.median))]),
  );
}

const spreadTable = (data) =>
  table(
    ["quartiles, ns an element", ...data.rates.map(({ rate }) => `rate ${rate}`)],
    resultsAt(data, data.rates[0], data.n, data.rates[0].rate).map(({ name }) => [
      name,
      ...data.rates.map((group) => between(find(resultsAt(data, group, data.n, group.rate), name).ns)),
    ]),
  );

const verdict = (isReached) => (isReached ? "met" : "**missed**");

/** A factor beside what is aimed at; nothing where it was not measured. */
const factorCell = (value, aim) => (value === undefined ? "" : `${times(value)}, ${verdict(value >= aim)}`);

const factorTable = (data) => {
  const { native, alloc, heap } = FACTORS_AIMED_AT;
  return table(
    ["against the fastest peer", "which", `native, aim ${native} ×`, `alloc, aim ${alloc} ×`, `heap, aim ${heap} ×`],
    factors(data).map((row) => [
      `rate ${row.rate}`,
      row.fastest,
      factorCell(row.native, native),
      factorCell(row.alloc, alloc),
      factorCell(row.heap, heap),
    ]),
  );
};

function targetRow(group, result) {
  const { name, target, targetAboveNs, limit, ofLimit, ratio, aboveNs } = result;
  const copies = targetAboveNs === undefined ? `${digits(ratio.median)} (${between(ratio)})` : "";
  const row = (value, aim) => [`${group.name}: ${name}`, copies, value, aim, verdict(isMet(result))];
  if (limit !== undefined) return row(`${digits(ofLimit.median)} × ${limit.of}`, `<= ${limit.most}`);
  if (targetAboveNs !== undefined) return row(`+ ${aboveNs.median.toFixed(0)} ns`, `<= + ${targetAboveNs} ns`);
  return row(`${digits(ratio.median)} × its baseline`, `<= ${target}`);
}

const targetResults = (library) =>
  library.groups.flatMap((group) =>
    group.results.filter((result) => isMet(result) !== undefined).map((result) => ({ group, result })),
  );

const targetTable = (library) =>
  table(
    ["case", "× its baseline (quartiles)", "× what it is held to", "aim", ""],
    targetResults(library).map(({ group, result }) => targetRow(group, result)),
  );

const untargetedTable = (library) =>
  table(
    ["case", "ns an element", "ratio to its baseline"],
    library.groups.flatMap((group) =>
      group.results
        .filter((result) => isMet(result) === undefined)
        .map(({ name, ns, ratio }) => [`${group.name}: ${name}`, digits(ns.median), digits(ratio.median)]),
    ),
  );

/** The sections of one kernel: its aims, and what was measured beside them. */
const librarySection = (title, library) => `### ${title}

${targetTable(library)}

Measured beside them, without an aim:

${untargetedTable(library)}`;

/** The aims of each kernel, on the processor that was measured last. */
function aimsText({ machine, date, command, library, native }) {
  const { cpu, cores, load, node, commit } = machine;
  const where = `Measured on: ${cpu}, ${cores} cores, Node ${node}, commit ${commit}, ${date.slice(0, 10)}, \`${command}\`.`;
  const busy = load > 0.5 ? ` Other work was running (load ${load} on ${cores} cores): read these with care.` : "";
  const sections = [
    ...(native === undefined ? [] : [librarySection("Native ([@hadamask/native](native.md))", native)]),
    librarySection("WebAssembly", library),
  ];
  return `${where}${busy}\n\n${sections.join("\n\n")}`;
}

function missedAims({ library, native }) {
  const text = (title, of, kernel) => `${title}: ${missedText(targetResults(of), isMet, ratioAt(of), kernel)}`;
  return [
    ...(native === undefined ? [] : [text("Native", native, "native")]),
    text("WebAssembly", library, "simd"),
  ].join("\n\n");
}

/** Ratios of large arrays on every processor that was measured. */
function processorsTable(all) {
  const cell = (library, group, name) => {
    const result = library?.groups.find((entry) => entry.name === group)?.results.find((entry) => entry.name === name);
    return result === undefined ? "" : digits(result.ratio.median);
  };
  const names = ["rate 1/2", "rate 1/4", "rate 0.1"];
  const ways = ({ native, library }) => [
    ["native, heap", native, "16M elements, heap"],
    ["WebAssembly, alloc", library, "16M elements, alloc"],
    ["WebAssembly, heap", library, "16M elements, heap"],
  ];
  return table(
    ["× the copy, 16M elements", "date, load", "", ...names],
    all.flatMap((data) =>
      ways(data).map(([way, library, group]) => [
        data.machine.cpu,
        `${data.date.slice(0, 10)}, ${data.machine.load}`,
        way,
        ...names.map((name) => cell(library, group, name)),
      ]),
    ),
  );
}

function curveTable(data) {
  const columns = data.curve.map((group) => resultsAt(data, group, group.n, 0.5));
  const names = columns[0].map(({ name }) => name);
  const cell = (result) => (result === undefined ? "" : digits(result.ns.median));
  return table(
    ["ns an element, rate 0.5", ...data.curve.map(({ n }) => sizeName(n))],
    names.map((name) => [name, ...columns.map((results) => cell(find(results, name)))]),
  );
}

const byRateTable = ({ byRate }) =>
  table(
    ["× the copy", ...byRate[0].results.slice(1).map(({ name }) => `rate ${name}`)],
    byRate.map(({ place, results }) => [place, ...results.slice(1).map(({ ratio }) => digits(ratio.median))]),
  );

const byThreadsTable = ({ byThreads }) =>
  table(
    ["threads", "copy, one thread, ns", "rate 1/2, ns", "× the copy", "rate 0.1, ns", "× the copy"],
    byThreads.map(({ threads, results: [copy, half, tenth] }) => [
      threads,
      digits(copy.ns.median),
      ...[half, tenth].flatMap(({ ns, ratio }) => [digits(ns.median), digits(ratio.median)]),
    ]),
  );

const trainingTable = ({ trainingStep }) =>
  table(
    ["network", "without dropout, ms", "with, ms", "ratio (quartiles over pairs)"],
    trainingStep.results.map(({ network, withoutMs, withMs, ratio, quartiles }) => [
      network,
      withoutMs.toFixed(2),
      withMs.toFixed(2),
      `${ratio.toFixed(3)} (${quartiles.map((q) => q.toFixed(3)).join(" - ")})`,
    ]),
  );

function machineText({ machine, versions, python, date, command }) {
  const { cpu, cores, memoryGb, platform, load, node, v8, commit } = machine;
  const pythons = python === undefined ? {} : { Python: python.python, ...python.versions };
  const list = Object.entries({ ...versions, ...pythons }).map(([name, version]) => `${name} ${version}`);
  const load_ = `load before the start ${load}${load > 0.5 ? ": other work was running, read the times with care" : ""}`;
  return [
    `- ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}; ${load_}`,
    `- Node ${node} (V8 ${v8}), commit ${commit ?? "unknown"}, ${date.slice(0, 10)}, \`${command}\``,
    `- ${list.join(", ")}${python === undefined ? "; PyTorch and JAX were not there" : ""}`,
  ].join("\n");
}

const ratioAt = (library) => (group, name) =>
  find(library.groups.find((entry) => entry.name === group).results, name).ratio.median;

/** What the numbers say against us, found in the numbers. */
function losses(data) {
  const ways = Object.entries(FACTORS_AIMED_AT);
  const slow = factors(data).flatMap((row) =>
    ways
      .filter(([way, aim]) => row[way] < aim)
      .map(([way, aim]) => `- At rate ${row.rate} ${way} is ${times(row[way])} as fast as ${row.fastest}, not ${aim}.`),
  );
  const beaten = data.curve.flatMap((group) => {
    const results = resultsAt(data, group, group.n, 0.5);
    const ours = find(results, OURS.heap).ns.median;
    const names = results.filter((r) => (isPeer(r) || r.name === LOOPS.random) && r.ns.median < ours);
    return names.map(
      ({ name, ns }) => `${name} at ${sizeName(group.n)} elements (${digits(ns.median)} against ${digits(ours)} ns)`,
    );
  });
  return [
    ...slow,
    beaten.length === 0
      ? "- No peer, and no loop with Math.random(), is faster at any size measured."
      : `- Faster than \`dropout\` on heap arrays by WebAssembly: ${beaten.join("; ")}.`,
  ].join("\n");
}

/** `name` is the file of `data`, which has peers; `all` is everything that is saved, the newest first. */
export const page = (data, name, all) => `# Benchmarks

Made by \`node bench/run.mjs\` from [${name}](benchmarks/${name}), the newest with peers of [one a processor](#by-processor); \`node bench/run.mjs --docs\` makes this page from it again.
Every result is checked before it is timed. Cases take turns, round after round, so that whatever else the machine does slows all of them
alike; numbers are medians over the rounds, ratios are taken within a round. Times of another machine will differ: ratios are what to compare.

${machineText(data)}

## Against others

Dropout forward, float32, ${sizeName(data.n)} elements, one thread each. The array copy is what memory allows.

${peerTable(data)}

${factorTable(data)}

${spreadTable(data)}

## By size

![Nanoseconds an element against the number of elements, all peers, both axes logarithmic](figures/speed.svg)

${curveTable(data)}

${data.tfjsLayers === undefined ? "" : tfjsLayersSection(data, { digits, sizeName, table, times })}## What each case is

- **hadamask, native**: \`dropout(x, { rate, key, out })\` on Float32Arrays of the JavaScript heap by the kernel in C ([@hadamask/native](native.md)).
- **hadamask**: the same call by WebAssembly; **alloc**: the same call on arrays from \`alloc\`, which lie in
  WASM memory; **scalar kernel**: the kernel in plain TypeScript, for places where WebAssembly is missing or forbidden.
- **TF.js**: \`tf.dropout\` on a tensor of the back end, its result disposed. **jax-js**: \`where(bernoulli(key, keep), x / keep, 0)\` in one jitted function.
  Their arrays lie in the engine before time is taken; reading results out is not counted.
- **ONNX Runtime**: a model of one Dropout node with training_mode true, with the rule EliminateDropout off (else the node is removed
  and nothing is dropped). A run hands a tensor in and gets a new one, which is how it is used; in the web build this copies.
- **PyTorch**: \`torch.nn.functional.dropout\`; **JAX**: bernoulli and where under jit. Both in a Python process of their own pinned to one processor,
  same sizes and rates, not in turn with the others.${pythonCopy(data)}
- **loops**: \`y[i] = Math.random() < rate ? 0 : x[i] * scale\`, which cannot be repeated or differentiated later, and \`y[i] = c * x[i]\`, which drops nothing.

Results are new arrays in TF.js, jax-js, ONNX Runtime, PyTorch and JAX, and \`out\` in ours: reusing memory is part of the interface.
Garbage of one case is collected before the next is timed; what a case makes and collects itself counts.
Nothing was tuned for a peer: no flags beyond one thread, no multi-threaded builds, no GPU.

## Aims of the library's own kernels

\`hadamask bench\`, run by the same command, once for each kernel. The baseline is the first case of each group: a copy of the same arrays unless it says otherwise.
What a way cannot do is no aim: WebAssembly cannot read the heap and has no stores past the caches, so it is held to what remains of a case when the drawing is taken
away ("copy in and out of WASM memory", "rate 1/2, mask ready"), measured in the same rounds. Native code is held to the copy.

${aimsText(all[0].data)}

## By processor

${processorsTable(all.map((entry) => entry.data))}

On AMD processors the copy of arrays up to 512 kB stalls when the target begins a little after the source, modulo 4096: by their string instruction, at a quarter of the speed.
Arrays of this benchmark lie half a page apart, and so does the stage of heap arrays in WASM memory (\`kernels/stage.ts\`).

## By rate

${sizeName(data.n)} elements, as a multiple of the copy of heap arrays or of arrays from \`alloc\`. A rate k / 2^b costs b random bits an element; any other rate
about as much as its undecided elements ask for.

${byRateTable(data)}

## By threads

Arrays of \`createPool({ threads })\`, as a multiple of a copy of the same arrays by one thread.

${byThreadsTable(data)}

## Memory kept for the backward pass

| | bytes an element | source |
| --- | ---: | --- |
| hadamask | 0 | masks are drawn again from the key; a key is 8 bytes a layer |
| PyTorch (CPU) | 4 | a float32 mask in the graph, read off \`grad_fn\`, 2.13 |
| TF.js | 20 | tensors held inside a gradient closure just after the op: result, mask and temporaries before disposal, 4.22 |

The peers' figures were read off once while the library was designed, not by this command.

## A training step

Dropout in a multi-layer perceptron on jax-js, batch ${data.trainingStep.batch}, rate ${data.trainingStep.rates.input} at the inputs and ${data.trainingStep.rates.hidden} after both hidden layers: \`node bench/training-step.mjs\`.

${trainingTable(data)}

${endToEndSection(data, { digits, table })}## Where we lose, and what was not optimised

${missedAims(all[0].data)}

${losses(data)}
- In WebAssembly arrays on the heap pass through WASM memory in pieces: two copies more than arrays from \`alloc\` need.
- Rates that are no multiple of a small power of two need more random bits; they are drawn only for elements that are still undecided.
- Relaxed SIMD is not used: of its instructions only the fused multiply-add could save much, and it would change bits; Node 20 has it behind a flag.
- Tried in prototypes, and kept: four Threefry chains in flight (0.054 ns a bit against 0.093 for one), planes in the outer loop with a compact list of undecided
  groups (general rates 0.94 to 0.51 ns an element), mask and product in pieces that fit the cache, staging half a page away from the output
  (heap arrays of 16M elements on AMD: 2.53 to 1.48 copies at rate 1/2).
- Tried there, and rejected: ChaCha8 (0.048 ns a bit), Philox4x32-10 (0.063) and Threefry with 13 rounds (0.037): not worth losing the generator that JAX uses.
- Not optimised: float64 on the heap, offsets that are no multiple of 128, layouts with several shared axes. WebGPU: see [docs/webgpu.md](webgpu.md).
`;

function pythonCopy({ python, n }) {
  const copy = python?.jobs.find((job) => job.n === n)?.results[0];
  return copy === undefined ? "" : ` A copy there: ${digits(copy.ns.median)} ns an element.`;
}
