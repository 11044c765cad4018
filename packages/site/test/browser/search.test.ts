// The search box: a function's name leads to its place in the reference, a Chinese term to its chapter, also where it
// stands in the middle of a clause; and the page that was left comes back with its state.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { type OpenSite, openSite } from "./site.js";

describe.skipIf(!hasChromium)(`search (${reason})`, () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  test.each([
    ["/", "dropoutBackward", "/reference/hadamask/#dropoutbackward"],
    ["/", "varianceShift", "/reference/hadamask/theory/#varianceshift"],
    ["/", "ridge regression", "/learn/ridge.html#dropout-is-ridge-regression"],
    ["/zh/", "岭回归", "/zh/learn/ridge.html#暂退法就是岭回归"],
    ["/zh/", "批量规范化", "/zh/learn/placement.html#放在哪里"],
    ["/zh/", "互信息", "/zh/learn/doubt.html#网络有多大把握"],
  ])("from %s: %s is found at %s", { timeout: 60_000 }, async (path, term, link) => {
    const { page, problems } = await site.open(path);
    await find(page, term);
    await expect.poll(() => hrefs(page), { timeout: 20_000 }).toContain(link);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("a found page is opened by key, and the back button brings the first one back as it was", async () => {
    const { page, problems } = await site.open("/learn/scaling.html?scale.n=5");
    await find(page, "varianceShift");
    await expect.poll(() => hrefs(page), { timeout: 20_000 }).not.toEqual([]);
    const [first] = await hrefs(page);
    await page.keyboard.press("Enter");
    await page.waitForURL(({ pathname, hash }) => `${pathname}${hash}` === first);
    await page.goBack();
    await page.waitForURL(({ pathname, search }) => `${pathname}${search}` === "/learn/scaling.html?scale.n=5");
    await expect.poll(() => page.locator("#figure-scale .figure-summary").textContent()).toContain("32 masks");
    expect(problems).toEqual([]);
    await page.context().close();
  }, 60_000);
});

async function find(page: Page, term: string): Promise<void> {
  await page.locator(".VPNavBarSearch button").first().click();
  await page.locator("#localsearch-input").fill(term);
}

/** The places that are found, the best one first. */
const hrefs = async (page: Page): Promise<readonly string[]> =>
  JSON.parse(
    (await page.evaluate(
      `JSON.stringify([...document.querySelectorAll(".results a")].map((a) => decodeURI(a.getAttribute("href"))))`,
    )) as string,
  );
