// The part of docs/benchmarks.md on whole programs. Measures nothing.

const KERNELS = { native: "native", simd: "WebAssembly", scalar: "plain TypeScript" };

/** The section, from what bench/end-to-end.mjs measured. */
export function endToEndSection({ endToEnd }, { digits, table }) {
  if (endToEnd === undefined) return "";
  const { network, batch, rate, steps, passes } = endToEnd;
  const percent = (value) => `${value.toFixed(1)} %`;
  const rows = steps.map(({ where, kernel, stepMs, dropoutPercent, quartiles }) => [
    `${where}, ${KERNELS[kernel]}`,
    digits(stepMs),
    percent(dropoutPercent) + (quartiles ? ` (${quartiles.map((value) => value.toFixed(1)).join(" to ")})` : ""),
  ]);
  return `## Where it matters

The share of dropout in a whole training step (${network.join("-")}, batch ${batch}, rate ${rate} after both hidden
layers): \`node bench/end-to-end.mjs\`. In plain TypeScript its own calls are timed. In TensorFlow.js the time of a step
without dropout is subtracted from that of a step with it, in turn, so small shares drown in noise and may fall below 0.
The kernel is that of hadamask; TensorFlow.js's own layer does not use it, and is in both runs.

${table(["step", "ms", "share of dropout (quartiles)"], rows)}

Monte-Carlo passes in ONNX Runtime, statistics and all, against as many plain passes:

${table(
  ["job", "ms", "× plain passes"],
  passes.map(({ name, ms, ratio }) => [name, digits(ms), digits(ratio)]),
)}

`;
}
