// A comparison in a worker of a page, bundled as a page would bundle it: the numbers of Node, to the last digit.

import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { expect, test } from "vitest";
import { loadDataset } from "../../../cli/src/data/load.js";
import { hasChromium, openChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { compare } from "../../src/comparison.js";
import type { ComparisonResult } from "../../src/result.js";

if (!hasChromium) console.log(`@hadamask/experiments is not run in a page here: ${reason}`);

const REQUEST = {
  variants: ["none", "early-stopping", "bernoulli:0.5", "gaussian:0.5"],
  hidden: [16],
  epochs: 3,
  trainSize: 100,
  seeds: 2,
};

/** What the worker runs: the data come as a message, the result goes as one. */
const CODE = `
  import { compare } from "@hadamask/experiments";
  onmessage = async ({ data: { data, request } }) => {
    try {
      postMessage({ result: await compare(data, request) });
    } catch (error) {
      postMessage({ error: String(error.stack) });
    }
  };
`;

async function bundle(): Promise<string> {
  const result = await build({
    root: fileURLToPath(new URL("../../../..", import.meta.url)),
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (/\bentry$/.test(id) ? "\0entry" : null),
        load: (id) => (id === "\0entry" ? CODE : null),
      },
    ],
    build: {
      write: false,
      rollupOptions: { input: "entry", output: { format: "es", entryFileNames: "entry.js" } },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rollup.RollupOutput;
  // Chunks beside it are engines (WebGL) that are loaded where they are asked for.
  const entry = output.find((file): file is Rollup.OutputChunk => file.type === "chunk" && file.isEntry)!;
  expect(entry.imports).toEqual([]);
  return entry.code;
}

/**
 * Without what depends on the machine's speed. Ends of intervals and p to 12 digits: Student's t is made of Math.exp
 * and Math.log, which engines round differently. All else is compared to the last bit.
 */
function numbersOf({ comparison, seconds, ...rest }: ComparisonResult) {
  const variants = comparison.variants.map(({ secondsPerEpoch, ...variant }) => variant);
  const rounded = (name: string, value: unknown): unknown => {
    if (name === "p") return Number((value as number).toPrecision(12));
    return name === "ci95" ? (value as number[]).map((end) => Number(end.toPrecision(12))) : value;
  };
  return JSON.parse(JSON.stringify({ ...rest, comparison: { ...comparison, variants } }, rounded));
}

test.skipIf(!hasChromium)(
  `a worker of a page finds the numbers of Node (${reason})`,
  async () => {
    const data = await loadDataset("optdigits");
    const expected = await compare(data, REQUEST);
    const code = await bundle();
    const browser = await openChromium([]);
    try {
      const page = await browser.newPage();
      const { features, labels, rows } = data.pool;
      const plain = { ...data, pool: { rows, features: Array.from(features), labels: Array.from(labels) } };
      const answer = (await page.evaluate(`(async () => {
        const data = ${JSON.stringify(plain)};
        data.pool.features = Float32Array.from(data.pool.features);
        data.pool.labels = Uint16Array.from(data.pool.labels);
        const url = URL.createObjectURL(new Blob([${JSON.stringify(code)}], { type: "text/javascript" }));
        const worker = new Worker(url, { type: "module" });
        const answer = new Promise((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
        worker.postMessage({ data, request: ${JSON.stringify(REQUEST)} });
        return JSON.parse(JSON.stringify(await answer));
      })()`)) as { result?: ComparisonResult; error?: string };
      expect(answer.error).toBeUndefined();
      expect(numbersOf(answer.result!)).toEqual(numbersOf(expected));
    } finally {
      await browser.close();
    }
  },
  180_000,
);
