// The cases of bench/gpu.mjs in a browser: serves a page and the built modules, nothing else.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const SERVED = /^\/packages\/(hadamask|cli)\/dist\//;

const PAGE = `<!doctype html>
<meta charset="utf-8"><title>Dropout on this GPU</title>
<script type="importmap">{ "imports": {
  "#native": "/packages/hadamask/dist/kernels/no-native.js",
  "hadamask": "/packages/hadamask/dist/index.js",
  "hadamask/webgpu": "/packages/hadamask/dist/webgpu.js" } }</script>
<p>elements <input id="n" value="16777216"> rounds <input id="rounds" value="15"> <button id="run">Run</button></p>
<pre id="log"></pre>
<script type="module">
  import { gpuCases } from "/packages/cli/dist/bench/gpu-cases.js";
  import { measureGpu } from "/packages/cli/dist/bench/gpu-measure.js";
  run.onclick = async () => {
    log.textContent = "measuring";
    try {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
      const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
      const requiredFeatures = ["timestamp-query"].filter((name) => adapter.features.has(name));
      const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize };
      const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
      const { cases, close } = gpuCases(device, Number(n.value));
      const results = await measureGpu(device, cases, Number(rounds.value));
      close();
      const { vendor, architecture, description } = adapter.info;
      const lines = results.map((r) => r.name.padEnd(32) + r.ns.toPrecision(3).padStart(10) + " ns / element" +
        r.gbPerSecond.toPrecision(3).padStart(10) + " GB/s" + r.ratio.toFixed(2).padStart(8) + " of y = c x");
      log.textContent = [vendor + " " + architecture + " " + description, "", ...lines].join("\\n");
    } catch (error) {
      log.textContent = "failed: " + error.message;
    }
  };
</script>
`;

/** Serves on a free port of this machine; gives the address. */
export function servePage() {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(root, path);
    if (path === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else if (SERVED.test(path) && extname(path) === ".js" && existsSync(file)) {
      response.setHeader("content-type", "text/javascript").end(readFileSync(file));
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      resolve(`http://127.0.0.1:${port}/`);
    }),
  );
}
