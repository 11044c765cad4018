// The report in a real browser: its script runs, every chart is drawn, in light and in dark, wide and narrow, from
// the file alone.

import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dark, light } from "../../../experiments/src/charts/theme.js";
import { sampleResult } from "../../../experiments/test/support/sample-result.js";
import { executablePath, hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { writeReport } from "../../src/train/report/write-report.js";
import { testFolder } from "../support/folder.js";

describe.skipIf(!hasChromium)(`the report in a browser (${reason})`, () => {
  const path = testFolder();
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    url = pathToFileURL(writeReport(sampleResult(), path("report"))[0]!).href;
    browser = await chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox", "--disable-gpu"] });
  }, 60_000);
  afterAll(() => browser?.close());

  test.each([
    ["light", 1280, light],
    ["dark", 1280, dark],
    ["light", 390, light],
  ] as const)(
    "%s, %i wide: every chart is drawn, nothing fails, nothing is loaded from elsewhere",
    async (colorScheme, width, theme) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => problems.push(message.text()));
      page.on("request", (request) => request.url() === url || problems.push(`asked for ${request.url()}`));
      await page.goto(url);
      await page.waitForTimeout(200);
      expect(problems).toEqual([]);
      const charts = await page.evaluate(DRAWN);
      expect(charts).toHaveLength(9);
      for (const { name, background, colours } of charts) {
        expect(background, name).toBe(theme.background);
        expect(colours, name).toBeGreaterThan(10);
      }
      // The page itself never scrolls sideways; tables that are too wide scroll in their own box, charts fit.
      expect(await page.evaluate(CUT)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
      await page.close();
    },
  );

  test("turning dark turns the charts dark", async () => {
    const page = await browser.newPage({ colorScheme: "light" });
    await page.goto(url);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.waitForTimeout(200);
    const charts = await page.evaluate(DRAWN);
    for (const { name, background } of charts) expect(background, name).toBe(dark.background);
    await page.close();
  });

  test("pointing at a curve shows its values", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(url);
    const chart = page.locator("#curves-nll");
    await chart.scrollIntoViewIfNeeded();
    await page.waitForTimeout(200);
    await chart.hover({ position: { x: 300, y: 250 } });
    await page.waitForTimeout(400);
    const text = (await chart.textContent())!;
    expect(text).toMatch(/epoch \d+/);
    expect(text).toMatch(/none *0?\.\d+ nats/);
    expect(text).toMatch(/bernoulli:0\.5 *0?\.\d+ nats/);
    expect(text).not.toContain("series"); // the band has no name and is not listed
    await page.close();
  });
});

/** Charts that are wider than their place. Runs in the browser. */
const CUT = `[...document.querySelectorAll("figure")]
  .filter((figure) => figure.scrollWidth > figure.clientWidth).map(({ textContent }) => textContent)`;

/** For each chart the colour of its corner, and how many colours its canvas has. Runs in the browser. */
const DRAWN = `[...document.querySelectorAll(".chart")].map((place) => {
  const canvas = place.querySelector("canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const words = new Uint32Array(data.buffer);
  const hex = (byte) => byte.toString(16).padStart(2, "0");
  return { name: place.id, background: "#" + hex(data[0]) + hex(data[1]) + hex(data[2]), colours: new Set(words).size };
})` as unknown as () => { name: string; background: string; colours: number }[];
