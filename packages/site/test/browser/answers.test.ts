// A figure answers within 50 ms of input: each of its sliders is moved by key, and the page's own processor time until
// the next frame is out is counted. That is not time on the clock, so that a busy machine does not lie; of five
// presses the cheapest counts, since what shares the caches makes the others dearer.
// ANSWERS=file npx vitest run packages/site/test/browser/answers.test.ts also saves the numbers.

import { writeFileSync } from "node:fs";
import type { CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { FIGURES_IN } from "./figures.js";
import { type OpenSite, openSite } from "./site.js";

const LIMIT_MS = 50;
/** How many times more processor time than alone a page may take beside others, which share its caches and cores. */
const BUSY = 2;
const PRESSES = 5;
const FIGURES = [...FIGURES_IN.en.map(({ path, id }) => ({ path, id })), { path: "/lab/draw.html", id: "draw" }];

describe.skipIf(!hasChromium)(`answers (${reason})`, () => {
  const measured: Record<string, { readonly least: number; readonly median: number }> = {};
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(async () => {
    if (process.env.ANSWERS !== undefined) writeFileSync(process.env.ANSWERS, `${JSON.stringify(measured, null, 2)}\n`);
    await site?.close();
  });

  test.each(FIGURES)("$id of $path", { timeout: 120_000 }, async ({ path, id }) => {
    const { page, problems } = await site.open(path);
    const session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const sliders = page.locator(`#figure-${id} input[type=range]`);
    const buttons = page.locator(`#figure-${id} .seed-row button`);
    for (const [i, control] of [...(await sliders.all()), ...(await buttons.all())].entries()) {
      await control.focus();
      const isButton = (await control.getAttribute("type")) === "button";
      const times: number[] = [];
      for (let press = 0; press < PRESSES; press++) {
        // There and back: at an end of its range a slider would not move.
        const key = isButton ? "Enter" : press % 2 === 0 ? "ArrowLeft" : "ArrowRight";
        times.push(await costOf(page, session, () => page.keyboard.press(key)));
      }
      times.sort((a, b) => a - b);
      measured[`${id} ${i}`] = { least: times[0]!, median: times[PRESSES >> 1]! };
    }
    const own = Object.entries(measured).filter(([name]) => name.startsWith(`${id} `));
    console.log(
      own.map(([name, { least, median }]) => `${name}: ${least.toFixed(0)}, ${median.toFixed(0)} ms`).join("\n"),
    );
    for (const [name, { least }] of own) expect(least, name).toBeLessThan(BUSY * LIMIT_MS);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

/** Milliseconds of the processor that the page's thread spends from an input until its second frame. */
async function costOf(page: Page, session: CDPSession, act: () => Promise<void>): Promise<number> {
  const before = await busy(session);
  await act();
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
  return 1000 * ((await busy(session)) - before);
}

async function busy(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")!.value;
}
