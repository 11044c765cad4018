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
import { hydrated, type OpenSite, openSite, type Window } from "./site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { SCREENSHOTS: folder, PAGES: chosen } = process.env;
const paths = hasChromium ? pagePaths().filter((path) => chosen === undefined || new RegExp(chosen).test(path)) : [];

type Scheme = "light" | "dark";
const otherScheme = { light: "dark", dark: "light" } as const;

describe.skipIf(!hasChromium)(`every page (${reason})`, () => {
  let site: OpenSite;
  let wide: Window;
  let narrow: Window;

  beforeAll(async () => {
    site = await openSite();
    wide = await site.openWindow({ viewport: { width: 1280, height: 900 } });
    narrow = await site.openWindow({ viewport: { width: 390, height: 900 } });
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  }, 60_000);
  afterAll(() => site?.close());

  test.each(paths)("%s", { timeout: 180_000 }, async (path) => {
    await lookAt(path, wide, 1280, "light");
    await lookAt(path, narrow, 390, "dark");
  });
});

/** Everything is looked at in both colour schemes; axe, which takes longest, sees one at each width. */
async function lookAt(path: string, { page, problems, visit }: Window, width: number, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme });
  await visit(path);
  await look(page, path, width, scheme);
  await page.evaluate(axe);
  expect(await page.evaluate(VIOLATIONS), `${path} at ${width}, ${scheme}`).toEqual([]);
  const other = otherScheme[scheme];
  await page.emulateMedia({ colorScheme: other });
  await hydrated(page);
  await look(page, path, width, other);
  expect(problems).toEqual([]);
}

async function look(page: Page, path: string, width: number, scheme: Scheme): Promise<void> {
  if (folder !== undefined) {
    await page.waitForTimeout(300); // colours fade over
    const name = path.replaceAll("/", "-").replace(/^-|\.html$|-$/g, "") || "home";
    const height = Math.min(3000, (await page.evaluate("document.documentElement.scrollHeight")) as number);
    const clip = { x: 0, y: 0, width, height };
    await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true, clip });
  }
  expect(await page.evaluate(TOO_WIDE), `${path} at ${width}, ${scheme}`).toEqual([]);
}

/**
 * Elements that reach past the window, unless something around them scrolls or cuts; and formulas that are cut, since
 * what is left of one reads as another.
 */
const TOO_WIDE = `(() => {
  const cut = [...document.querySelectorAll(".formula")].filter((one) => one.scrollWidth > one.clientWidth);
  if (cut.length > 0) return cut.map((one) => "a formula is cut: " + one.textContent.slice(0, 60));
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return [];
  return [wide, ...[...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .map((element) => element.tagName + "." + element.className).slice(0, 5)];
})()`;

const VIOLATIONS = `axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) =>
    html.slice(0, 160) + " | " + failureSummary.slice(0, 200)).join(" ; ")))`;
