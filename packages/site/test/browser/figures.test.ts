// Every figure shows in the page what its model gives in Node for the same state, and its state is in the address.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { short } from "../../src/figure/numbers.js";
import type { Presented } from "../../src/figure/table.js";
import { FIGURES_IN } from "./figures.js";
import { type OpenSite, openSite } from "./site.js";

// All figures in English; in Chinese one is enough, since the rest are held in Node by test/unit/locales.test.ts.
const FIGURES = [...FIGURES_IN.en, ...FIGURES_IN.zh.filter(({ id }) => id === "scale")];

describe.skipIf(!hasChromium)(`figures (${reason})`, () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  test.each(FIGURES)("$id of $path shows the numbers of Node", async ({ path, id, query, expected, atStart }) => {
    const { page, problems } = await site.open(`${path}${query}`);
    await expect.poll(() => presented(page, id), { timeout: 20_000 }).toEqual(asText(expected)); // some train first
    await page.locator(`#figure-${id} .reset`).click();
    await page.waitForURL(({ search }) => search === "");
    await expect.poll(() => presented(page, id)).toEqual(asText(atStart));
    await page.goBack();
    await page.waitForURL(({ search }) => search === query);
    await expect.poll(() => presented(page, id), { timeout: 20_000 }).toEqual(asText(expected));
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

const asText = ({ summary, table }: Presented) => ({
  summary,
  columns: table.columns,
  rows: table.rows.map((row) => row.map((cell) => (typeof cell === "number" ? short(cell, 6) : cell))),
});

/** What the figure says now; its table is opened for it. */
async function presented(page: Page, id: string): Promise<unknown> {
  const figure = page.locator(`#figure-${id}`);
  const details = figure.locator("details");
  if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  await figure.locator("table").waitFor();
  return await page.evaluate(`(() => {
    const figure = document.getElementById("figure-${id}");
    const texts = (selector, within) => [...within.querySelectorAll(selector)].map((cell) => cell.textContent.trim());
    return {
      summary: figure.querySelector(".figure-summary").textContent,
      columns: texts("th", figure),
      rows: [...figure.querySelectorAll("tbody tr")].map((row) => texts("td", row)),
    };
  })()`);
}
