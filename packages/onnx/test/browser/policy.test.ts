// In a page whose content security policy forbids code made at run time, models are read, looked through, rewritten and
// written: nothing here makes code.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { describe, expect, test } from "vitest";
import { executablePath, hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { fixture } from "../support/fixtures.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const imports = {
  "#native": "/packages/hadamask/dist/kernels/no-native.js",
  hadamask: "/packages/hadamask/dist/index.js",
  "hadamask/uncertainty": "/packages/hadamask/dist/uncertainty.js",
};
const map = JSON.stringify({ imports });
const page = `<!doctype html><script type="importmap">${map}</script><script type="module" src="/work.js"></script>`;
const policy =
  `default-src 'none'; script-src 'self' 'sha256-${createHash("sha256").update(map).digest("base64")}'; ` +
  `connect-src 'self'`;

const work = `
  import { inspect, readModel, withDropout, writeModel } from "/packages/onnx/dist/index.js";
  let evaluates = true;
  try { new Function("return 1")(); } catch { evaluates = false; }
  try {
    const bytes = new Uint8Array(await (await fetch("/model.onnx")).arrayBuffer());
    const model = readModel(bytes);
    const again = writeModel(model);
    const { sites } = withDropout(model, { rate: 0.1, after: ["Relu"] });
    const isSame = again.every((byte, i) => byte === bytes[i]);
    globalThis.result = { evaluates, isSame, sites: sites.length, opset: inspect(model).opset };
  } catch (error) { globalThis.result = { evaluates, error: String(error) }; }
`;

function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, "http://localhost").pathname);
    response.setHeader("content-security-policy", policy);
    if (path === "/") response.setHeader("content-type", "text/html").end(page);
    else if (path === "/model.onnx") response.end(fixture("mlp-eval.onnx"));
    else if (path === "/work.js") response.setHeader("content-type", "text/javascript").end(work);
    else {
      const file = join(root, path);
      const isOurs = /^\/packages\/(hadamask|onnx)\/dist\//.test(path) && extname(path) === ".js" && existsSync(file);
      if (isOurs) response.setHeader("content-type", "text/javascript").end(readFileSync(file));
      else response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

describe.skipIf(!hasChromium)(`a page under a strict policy (${reason})`, () => {
  test("models are read, rewritten and written", { timeout: 120_000 }, async () => {
    const server = await serve();
    const browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", "--disable-gpu"] });
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
      await tab.waitForFunction("globalThis.result !== undefined");
      // the policy is in force: the page itself could not make code
      expect(await tab.evaluate("globalThis.result")).toEqual({ evaluates: false, isSame: true, sites: 2, opset: 17 });
    } finally {
      await browser.close();
      server.close();
    }
  });
});
