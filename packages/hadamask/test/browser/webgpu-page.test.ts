// The page in docs/webgpu.md, as it stands there: it trains a network on Chromium's WebGPU device.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { hasChromium, openChromium, reason, SOFTWARE_GPU } from "./chromium.js";

const doc = readFileSync(fileURLToPath(new URL("../../../../docs/webgpu.md", import.meta.url)), "utf8");
const html = /^```html\n([\s\S]*?)^```/m.exec(doc)![1]!;

if (!hasChromium) console.log(`the page of docs/webgpu.md is not run here: ${reason}`);

describe("the page of docs/webgpu.md", () => {
  test("has 40 lines", () => expect(html.trimEnd().split("\n")).toHaveLength(40));

  test.skipIf(!hasChromium)(
    `trains (${reason})`,
    async ({ skip }) => {
      const browser = await openChromium(SOFTWARE_GPU);
      try {
        const page = await browser.newPage();
        const hasGpu = await page.evaluate(
          "navigator.gpu?.requestAdapter().then((adapter) => adapter !== null) ?? false",
        );
        skip(hasGpu !== true, "this Chromium has no WebGPU adapter");
        const errors: string[] = [];
        page.on("pageerror", (error) => errors.push(error.message));
        await page.route("**/webgpu.html", (route) => route.fulfill({ body: html, contentType: "text/html" }));
        await page.goto(new URL("/webgpu.html", page.url()).href);
        const isDone = `document.querySelector("#log").textContent.includes("right on")`;
        await page.waitForFunction(isDone, undefined, { timeout: 150_000 });
        const text = (await page.evaluate(`document.querySelector("#log").textContent`)) as string;
        const losses = [...text.matchAll(/^step \d+: loss ([\d.]+)$/gm)].map((match) => Number(match[1]));
        expect(losses).toHaveLength(5);
        expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
        const right = Number(/right on (\d+) of 256 new points/.exec(text)![1]);
        expect(right).toBeGreaterThan(220); // guessing gives 128
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    240_000,
  );
});
