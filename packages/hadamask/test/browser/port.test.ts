// The 20 steps of docs/porting.md in Chromium: the built library, loaded as modules with no bundler, draws the masks
// and finds the losses that PyTorch wrote down, with nn.Dropout (port/torch.json) and with our masks in PyTorch
// (port/hadamask.json).
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, type Opened, openChromium, reason } from "./chromium.js";

if (!hasChromium) console.log(`the port is not run in a browser here: ${reason}`);

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

describe.skipIf(!hasChromium)(`the port in a browser (${reason})`, () => {
  let browser: Opened | undefined;

  beforeAll(async () => {
    browser = await openChromium(["--disable-gpu"]);
  }, 60_000);
  afterAll(() => browser?.close());

  test.each([
    ["torch", "{ input: new Dropout({ rate: 0.2, stream }), hidden: new Dropout({ rate: 0.5, stream }) }"],
    ["hadamask", "{ input: new Dropout({ rate: 0.2, key: key(1) }), hidden: new Dropout({ rate: 0.5, key: key(2) }) }"],
  ])("takes the 20 steps of PyTorch with the masks of %s", async (name, layers) => {
    const page = await browser!.newPage();
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
