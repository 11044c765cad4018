// The 20 steps of docs/porting.md in Chromium: the built library, loaded as modules with no bundler, draws the masks and finds the
// losses that PyTorch wrote down, with nn.Dropout (port/torch.json) and with our masks in PyTorch (port/hadamask.json).
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const executablePath = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));
const reason = executablePath === undefined ? "needs Chromium; CHROMIUM may name it" : "Chromium is here";
if (executablePath === undefined) console.log(`the port is not run in a browser here: ${reason}`);

const PAGE = `<!doctype html><script type="importmap">
{ "imports": { "hadamask": "/packages/hadamask/dist/index.js", "hadamask/streams": "/packages/hadamask/dist/streams.js" } }
</script>`;

/** Serves the page and the built modules of this checkout, nothing else. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, "http://localhost").pathname);
    const file = join(root, path);
    if (path === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else if (/^\/packages\/\w+\/dist\//.test(path) && extname(path) === ".js" && existsSync(file)) {
      response.setHeader("content-type", "text/javascript").end(readFileSync(file));
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** Runs in the page. Text, because nothing of this file exists there. */
const TRAIN = (layers: string) => `(async () => {
  const { Dropout, key } = await import("hadamask");
  const { torchCpu } = await import("hadamask/streams");
  const { startFrom, trainStep, STEPS } = await import("/packages/cli/dist/examples/port-network.js");
  const stream = torchCpu(2026);
  const problem = startFrom(stream);
  const dropouts = ${layers};
  return Array.from({ length: STEPS }, () => {
    const { loss, inputMask, hiddenMask } = trainStep(problem, dropouts);
    return { loss, inputMask: [...inputMask], hiddenMask: [...hiddenMask] };
  });
})()`;

interface BrowserStep {
  readonly loss: number;
  readonly inputMask: readonly number[];
  readonly hiddenMask: readonly number[];
}

const hex = (mask: readonly number[]): string => Buffer.from(Uint32Array.from(mask).buffer).toString("hex");

describe.skipIf(executablePath === undefined)(`the port in a browser (${reason})`, () => {
  let server: Server;
  let browser: Awaited<ReturnType<typeof chromium.launch>>;

  beforeAll(async () => {
    server = await serve();
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  test.each([
    ["torch", "{ input: new Dropout({ rate: 0.2, stream }), hidden: new Dropout({ rate: 0.5, stream }) }"],
    ["hadamask", "{ input: new Dropout({ rate: 0.2, key: key(1) }), hidden: new Dropout({ rate: 0.5, key: key(2) }) }"],
  ])("takes the 20 steps of PyTorch with the masks of %s", async (name, layers) => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const steps = (await page.evaluate(TRAIN(layers))) as readonly BrowserStep[];
    const theirs = JSON.parse(readFileSync(new URL(`../vectors/port/${name}.json`, import.meta.url), "utf8"));
    expect(steps.map((step) => hex(step.inputMask))).toEqual(
      theirs.steps.map((s: { inputMask: string }) => s.inputMask),
    );
    expect(steps.map((step) => hex(step.hiddenMask))).toEqual(
      theirs.steps.map((s: { hiddenMask: string }) => s.hiddenMask),
    );
    for (const [t, { loss }] of steps.entries()) {
      const expected = Buffer.from(theirs.steps[t].loss, "hex").readFloatBE();
      expect(Math.abs(loss - expected), `loss of step ${t}`).toBeLessThan(32 * 2 ** -24); // as in port-stream.test.ts
    }
    await page.close();
  });
});
