// The part of docs/benchmarks.md on the layers of TensorFlow.js. Measures nothing.

import { caseName, JOBS, WHO } from "./tfjs-layers.mjs";

/** The section, from what bench/tfjs-layers.mjs measured. */
export function tfjsLayersSection({ tfjsLayers }, { digits, sizeName, table, times }) {
  const rows = tfjsLayers.flatMap(({ n, backend, results }) =>
    JOBS.map((job) => {
      const [theirs, ours] = [WHO.theirs, WHO.ours].map(
        (who) => results.find((result) => result.name === caseName(job, who)).ns.median,
      );
      return [`${backend}, ${sizeName(n)}, ${job}`, digits(theirs), digits(ours), times(theirs / ours)];
    }),
  );
  return `## As layers of TensorFlow.js

\`tf.layers.dropout\` and \`layers.dropout\` of \`hadamask/tfjs\`, called as a model calls them,
\`layer.apply(x, { training: true })\`; ns an element. The tensor is in the back end, and the result is disposed. Ours
are checked against the library's mask, product and gradient, to the bit. The fixed cost of a call is TensorFlow.js's
own bookkeeping, some tens of microseconds, so small tensors gain less.

${table(["back end, elements", WHO.theirs, WHO.ours, "times faster"], rows)}

`;
}
