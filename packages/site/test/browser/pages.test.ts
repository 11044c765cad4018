// Every page of the built site: it loads without an error and without asking anybody else, nothing is wider than the
// window, and axe finds nothing, light and dark, wide and narrow.
// SCREENSHOTS=folder npx vitest run packages/site/test/browser/pages.test.ts also takes a picture of each.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { pagePaths } from "./page-paths.js";
import { hydrated, type OpenSite, openSite } from "./site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { SCREENSHOTS: folder, PAGES: chosen } = process.env;
const paths = hasChromium ? pagePaths().filter((path) => chosen === undefined || new RegExp(chosen).test(path)) : [];

describe.skipIf(!hasChromium)(`every page (${reason})`, () => {
  let site: OpenSite;

  beforeAll(async () => {
    site = await openSite();
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }, 60_000);
  afterAll(() => site?.close());

  test.each(paths)(
    "%s",
    async (path) => {
      for (const [width, colorScheme] of [
        [1280, "light"],
        [390, "dark"],
      ] as const) {
        const { page, problems } = await site.open(path, { viewport: { width, height: 900 }, colorScheme });
        await look(page, path, width, colorScheme);
        await page.evaluate(axe);
        expect(await page.evaluate(VIOLATIONS), `${path} at ${width}, ${colorScheme}`).toEqual([]);
        await page.emulateMedia({ colorScheme: colorScheme === "light" ? "dark" : "light" });
        await look(page, path, width, colorScheme === "light" ? "dark" : "light");
        expect(problems).toEqual([]);
        await page.context().close();
      }
    },
    180_000,
  );
});

async function look(page: Page, path: string, width: number, colorScheme: string): Promise<void> {
  const where = `${path} at ${width}, ${colorScheme}`;
  await hydrated(page);
  await page.waitForTimeout(300); // colours fade over
  if (folder !== undefined) {
    const name = path.replaceAll("/", "-").replace(/^-|\.html$|-$/g, "") || "home";
    const height = Math.min(3000, (await page.evaluate("document.documentElement.scrollHeight")) as number);
    const clip = { x: 0, y: 0, width, height };
    await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true, clip });
  }
  expect(await page.evaluate(TOO_WIDE), where).toEqual([]);
}

/** Elements that reach past the window, unless something around them scrolls or cuts. */
const TOO_WIDE = `(() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return [];
  return [wide, ...[...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.tagName + "." + element.className).slice(0, 5)];
})()`;

const VIOLATIONS = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) =>
    html.slice(0, 160) + " | " + failureSummary.slice(0, 200)).join(" ; ")))`;
