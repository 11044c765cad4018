// docs/benchmarks.md, from docs/benchmarks/*.json. Measures nothing.

import { aimsText, missedAims } from "./aims.mjs";
import { endToEndSection } from "./end-to-end-page.mjs";
import { LOOPS, OURS } from "./ours.mjs";
import {
  byRateTable,
  byThreadsTable,
  curveTable,
  digits,
  FACTORS_AIMED_AT,
  factors,
  factorTable,
  find,
  isPeer,
  peerTable,
  processorsTable,
  resultsAt,
  sizeName,
  spreadTable,
  table,
  times,
  trainingTable,
} from "./tables.mjs";
import { tfjsLayersSection } from "./tfjs-layers-page.mjs";

function machineText({ machine, versions, python, date, command }) {
  const { cpu, cores, memoryGb, platform, load, node, v8, commit } = machine;
  const pythons = python === undefined ? {} : { Python: python.python, ...python.versions };
  const list = Object.entries({ ...versions, ...pythons }).map(([name, version]) => `${name} ${version}`);
  const care = load > 0.5 ? ": other work was running, read the times with care" : "";
  const load_ = `load before the start ${load}${care}`;
  return [
    `- ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}; ${load_}`,
    `- Node ${node} (V8 ${v8}), commit ${commit ?? "unknown"}, ${date.slice(0, 10)}, \`${command}\``,
    `- ${list.join(", ")}${python === undefined ? "; without PyTorch and JAX" : ""}`,
  ].join("\n");
}

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

\`node bench/run.mjs\` made this page from [${name}](benchmarks/${name}), the newest file with peers; there is
[one for each processor](#by-processor). \`node bench/run.mjs --docs\` makes the page again without measuring.
Every result is checked before it is timed. Cases take turns, round after round, so that other work on the machine slows
all of them alike. Numbers are medians over the rounds, and ratios are taken within a round. Times differ on other
machines; compare ratios.

${machineText(data)}

## Against others

Dropout forward, float32, ${sizeName(data.n)} elements, one thread each. The array copy shows what memory allows.

${peerTable(data)}

${factorTable(data)}

${spreadTable(data)}

## By size

![Nanoseconds an element against the number of elements, all peers, both axes logarithmic](figures/speed.svg)

${curveTable(data)}

${tfjsText(data)}## What each case is

- **hadamask, native**: \`dropout(x, { rate, key, out })\` on Float32Arrays of the JavaScript heap, by the kernel in C
  ([@hadamask/native](native.md)).
- **hadamask**: the same call by WebAssembly; **alloc**: the same call on arrays from \`alloc\`, which lie in
  WASM memory; **scalar kernel**: the kernel in plain TypeScript, for places where WebAssembly is missing or forbidden.
- **TF.js**: \`tf.dropout\` on a tensor of the back end, its result disposed. **jax-js**:
  \`where(bernoulli(key, keep), x / keep, 0)\` in one jitted function. Their arrays are in the engine before the clock
  starts; reading results out is not counted.
- **ONNX Runtime**: a model of one Dropout node with training_mode true and the rule EliminateDropout off (otherwise
  the node is removed and nothing is dropped). A run passes a tensor in and gets a new one, as in normal use; in the
  web build this copies.
- **PyTorch**: \`torch.nn.functional.dropout\`; **JAX**: bernoulli and where under jit. Both run in a Python process of
  their own, pinned to one processor, with the same sizes and rates, but not in turn with the others.${pythonCopy(data)}
- **loops**: \`y[i] = Math.random() < rate ? 0 : x[i] * scale\`, which cannot be repeated or differentiated later, and
  \`y[i] = c * x[i]\`, which drops nothing.

Results are new arrays in TF.js, jax-js, ONNX Runtime, PyTorch and JAX, and \`out\` in ours: our interface lets you
reuse memory. Garbage of one case is collected before the next is timed; what a case makes and collects itself counts.
We tuned nothing for a peer: no flags beyond one thread, no multi-threaded builds, no GPU.

## Aims of the library's own kernels

The same command runs \`hadamask bench\` once for each kernel. The baseline is the first case of each group: a copy of
the same arrays unless it says otherwise. No kernel is held to what it cannot do. WebAssembly cannot read the heap and
has no stores past the caches, so it is held to what remains of a case without the drawing ("copy in and out of WASM
memory", "rate 1/2, mask ready"), measured in the same rounds. Native code is held to the copy.

${aimsText(all[0].data)}

## By processor

${processorsTable(all.map((entry) => entry.data))}

On AMD processors the copy of arrays up to 512 kB stalls when the target begins a little after the source, modulo
4096. Their string instruction causes this, and it then runs at a quarter of the speed. So the arrays of this
benchmark lie half a page apart, and so does the stage of heap arrays in WASM memory (\`kernels/stage.ts\`).

## By rate

${sizeName(data.n)} elements, as a multiple of the copy of heap arrays or of arrays from \`alloc\`. A rate k / 2^b costs
b random bits an element. Any other rate costs about as many as its undecided elements need.

${byRateTable(data)}

## By threads

Arrays of \`createPool({ threads })\`, as a multiple of a copy of the same arrays by one thread.

${byThreadsTable(data)}

## Memory kept for the backward pass

| | bytes an element | source |
| --- | ---: | --- |
| hadamask | 0 | masks are drawn again from the key; a key is 8 bytes a layer |
| PyTorch (CPU) | 4 | a float32 mask in the graph, read off \`grad_fn\`, 2.13 |
| TF.js | 20 | tensors held in a gradient closure just after the op: result, mask, undisposed temporaries, 4.22 |

We read the peers' figures off once, while designing the library; this command does not measure them.

## A training step

${trainingText(data)}

${trainingTable(data)}

${endToEndSection(data, { digits, table })}## Where we lose, and what was not optimised

${missedAims(all[0].data)}

${losses(data)}
- In WebAssembly, arrays on the heap pass through WASM memory in pieces: two copies more than arrays from \`alloc\`
  need.
- Rates that are not a multiple of a small power of two need more random bits. These are drawn only for elements that
  are still undecided.
- Relaxed SIMD is not used. Only its fused multiply-add could save much, and that would change bits; Node 20 has it
  behind a flag.
- Tried in prototypes, and kept: four Threefry chains in flight (0.054 ns a bit against 0.093 for one), planes in the
  outer loop with a compact list of undecided groups (general rates 0.94 to 0.51 ns an element), mask and product in
  pieces that fit the cache, staging half a page away from the output (heap arrays of 16M elements on AMD: 2.53 to
  1.48 copies at rate 1/2).
- Tried there, and rejected: ChaCha8 (0.048 ns a bit), Philox4x32-10 (0.063) and Threefry with 13 rounds (0.037). None
  is worth losing the generator that JAX uses.
- Not optimised: float64 on the heap, offsets that are not a multiple of 128, layouts with several shared axes.
  WebGPU: see [docs/webgpu.md](webgpu.md).
`;

const tfjsText = (data) =>
  data.tfjsLayers === undefined ? "" : tfjsLayersSection(data, { digits, sizeName, table, times });

const trainingText = ({ trainingStep: { batch, rates } }) =>
  `Dropout in a multi-layer perceptron on jax-js, batch ${batch}, rate ${rates.input} at the inputs and ` +
  `${rates.hidden} after both hidden layers: \`node bench/training-step.mjs\`.`;

function pythonCopy({ python, n }) {
  const copy = python?.jobs.find((job) => job.n === n)?.results[0];
  return copy === undefined ? "" : ` A copy there: ${digits(copy.ns.median)} ns an element.`;
}
