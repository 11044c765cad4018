// The benchmark on a GPU: a copy, a kernel y = c x, dropout in all its forms, and what TensorFlow.js and jax-js do on
// the same card. Every result of ours is checked before it is timed.
//
//   npm run build && node bench/gpu.mjs       on the first device that Dawn finds; VK_DRIVER_FILES names a driver
//   node bench/gpu.mjs --software             on Chromium's software device: no figure of it says anything of a card
//   node bench/gpu.mjs --json > gpu.json      for a program; --n and --rounds set size and rounds, --peers none omits
//                                             the peers
//   node bench/gpu.mjs --page                 serves the same cases for a browser, and says where
//
// With a card it takes about two minutes for 64M elements. To run it on a machine without a network, carry along the
// checkout with node_modules and packages/*/dist, and Node.

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchGpu, gpuLines } from "../packages/cli/dist/bench/gpu.js";
import { thisMachine } from "../packages/cli/dist/bench/machine.js";
import { softwareGpu } from "../scripts/software-gpu.mjs";

const flag = /** @type {const} */ ({ type: "boolean", default: false });
const text = /** @type {const} */ ({ type: "string" });
const { values } = parseArgs({
  options: { software: flag, json: flag, page: flag, n: text, rounds: text, peers: text },
});

if (values.page) {
  const { servePage } = await import("./gpu-page.mjs");
  console.log(`open ${await servePage()} in a browser with WebGPU; Ctrl-C ends it`);
} else if (values.software && process.env.VK_ICD_FILENAMES === undefined) {
  // A loader reads its variables when a process starts.
  const env = softwareGpu();
  if (env.VK_ICD_FILENAMES === undefined) {
    console.error("bench/gpu.mjs: --software needs Debian's package chromium; run apt-get install chromium");
    process.exit(1);
  }
  const args = [fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exit(spawnSync(process.execPath, args, { stdio: "inherit", env: { ...process.env, ...env } }).status ?? 1);
} else {
  const rounds = Number(values.rounds ?? 15);
  const n = values.n === undefined ? undefined : Number(values.n);
  const report = await benchGpu({ rounds, n });
  const elements = report.results[0].elements;
  const peers = values.peers === "none" ? [] : await (await import("./gpu-peers.mjs")).measurePeers(elements, rounds);
  if (values.json) {
    const date = new Date().toISOString();
    const command = `node bench/gpu.mjs ${process.argv.slice(2).join(" ")}`.trim();
    console.log(JSON.stringify({ date, command, machine: thisMachine(), ...report, peers }, null, 1));
  } else {
    console.log(gpuLines(report).join("\n"));
    if (peers.length > 0) console.log("\non the engines' own devices, times on this side, ns / element:");
    for (const { name, ns } of peers) console.log(`  ${name.padEnd(52)}  ${ns.toPrecision(3).padStart(9)}`);
  }
  process.exit(0); // engines keep their devices open
}
