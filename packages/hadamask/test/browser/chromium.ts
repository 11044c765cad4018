// A page in Chromium with the built modules of this checkout, loaded with no bundler.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
/** Where it is, if it is anywhere. */
export const executablePath: string | undefined = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

export const hasChromium: boolean = executablePath !== undefined;
/** Why tests in a browser run, or do not. */
export const reason: string = hasChromium ? "Chromium is here" : "needs Chromium; CHROMIUM may name it";

/** Rendering in software: WebGL and WebGPU without a graphics card. */
export const SOFTWARE_GPU: readonly string[] = [
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

const IMPORTS = {
  "#native": "/packages/hadamask/dist/kernels/no-native.js",
  "@jax-js/jax": "/node_modules/@jax-js/jax/dist/index.js",
  "@tensorflow/tfjs": "/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js",
  // The bundle above holds the core; the back end has to register itself with that one.
  "@tensorflow/tfjs-core": "/node_modules/@tensorflow/tfjs/dist/tf.fesm.min.js",
  "@tensorflow/tfjs-backend-webgpu": "/node_modules/@tensorflow/tfjs-backend-webgpu/dist/tf-backend-webgpu.fesm.min.js",
  hadamask: "/packages/hadamask/dist/index.js",
  "hadamask/pool": "/packages/hadamask/dist/pool.js",
  "@hadamask/onnx": "/packages/onnx/dist/index.js",
  "onnxruntime-web/webgpu": "/node_modules/onnxruntime-web/dist/ort.webgpu.bundle.min.mjs",
  "hadamask/jax": "/packages/hadamask/dist/jax.js",
  "hadamask/streams": "/packages/hadamask/dist/streams.js",
  "hadamask/tfjs": "/packages/hadamask/dist/tfjs.js",
  "hadamask/uncertainty": "/packages/hadamask/dist/uncertainty.js",
  "hadamask/webgpu": "/packages/hadamask/dist/webgpu.js",
};
const PAGE = `<!doctype html><script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`;
const MODULES = "hadamask|onnxruntime-web|@jax-js/jax|@tensorflow/tfjs|@tensorflow/tfjs-backend-webgpu";
const SERVED = new RegExp(`^/(packages/\\w+/dist|node_modules/(${MODULES})/dist)/`);

const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Serves the page and the modules, nothing else. */
function serve(headers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, "http://localhost").pathname);
    const file = join(root, path);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (path === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else if (SERVED.test(path) && extname(path) in TYPES && existsSync(file)) {
      response.setHeader("content-type", TYPES[extname(path)]!).end(readFileSync(file));
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

export interface Opened {
  /** A new page. `page.evaluate` takes text, because nothing of a test file exists there. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

/** Starts Chromium with `args`; every response carries `headers`. */
export async function openChromium(
  args: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Opened> {
  const server = await serve(headers);
  const browser: Browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", ...args] });
  return {
    async newPage() {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}
