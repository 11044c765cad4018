// Exercises in the page: a wrong answer is refused with a hint, the right one taken with its reason; a figure that is
// brought into its state is noticed.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { type OpenSite, openSite } from "./site.js";

describe.skipIf(!hasChromium)(`exercises (${reason})`, () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  test("a number, a choice and a state of the figure", async () => {
    const { page, problems } = await site.open("/learn/one-pass.html");
    const exercises = page.locator(".exercise");
    const [number, reach, choice] = [exercises.nth(0), exercises.nth(1), exercises.nth(2)];

    await number.locator("input").fill("3.2");
    await number.locator("input").press("Enter");
    await expect.poll(() => number.textContent()).toContain("Not yet.");
    expect(await number.textContent()).toContain("A kept number is divided by it.");
    await number.locator("input").fill("5");
    await number.locator("button").click();
    await expect.poll(() => number.textContent()).toContain("Right.");

    await choice.getByText("It is divided by keep.").click();
    await expect.poll(() => choice.textContent()).toContain("Not yet.");
    await choice.getByText("It is 0.").click();
    await expect.poll(() => choice.textContent()).toContain("Right.");

    expect(await reach.textContent()).not.toContain("Right.");
    const rate = page.locator("#figure-pass input[type=range]").first();
    await rate.focus();
    for (let i = 0; i < 50 && !(await reach.textContent())!.includes("Right."); i++)
      await page.keyboard.press("ArrowRight");
    expect(await reach.textContent()).toContain("Right.");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("a mask cell is turned by key, an input moved, and both are in the address", async () => {
    const { page } = await site.open("/learn/one-pass.html");
    const cell = page.locator("#figure-pass .cells button").nth(2);
    expect(await cell.getAttribute("aria-checked")).toBe("false");
    await cell.focus();
    await page.keyboard.press("Space");
    expect(await cell.getAttribute("aria-checked")).toBe("true");
    await page.locator("#figure-pass [role=slider]").first().focus();
    await page.keyboard.press("ArrowUp");
    await page.waitForURL(({ searchParams }) => searchParams.get("pass.flips") === "2");
    await expect
      .poll(() => new URL(page.url()).searchParams.get("pass.x"))
      .toBe("1.6_-0.5_2_0.8_-1.2_2.6_-2.1_1.1_0.4_-1.7");
    await page.context().close();
  });
});
