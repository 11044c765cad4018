// What a first visit loads: pages, styles and programs, compressed as a server would, are at most 200 kB. Fonts come
// after the text is there, and are printed beside it.

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, reason } from "../../../hadamask/test/browser/chromium.js";
import { type OpenSite, openSite } from "./site.js";

describe.skipIf(!hasChromium)(`first load (${reason})`, () => {
  let site: OpenSite;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => site?.close());

  test.each(["/", "/learn/one-pass.html", "/learn/why-drop.html", "/lab/", "/lab/draw.html"])("%s", async (path) => {
    const sizes = await site.sizes(path, (body) => gzipSync(body).length);
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0) - fonts(sizes);
    const list = [...sizes].map(([url, size]) => `${size} ${url}`).join("\n");
    console.log(`${path}: ${(total / 1000).toFixed(0)} kB, and fonts ${(fonts(sizes) / 1000).toFixed(0)} kB`);
    expect(total, list).toBeLessThanOrEqual(200_000);
  });
});

const fonts = (sizes: ReadonlyMap<string, number>): number =>
  [...sizes].reduce((sum, [url, size]) => sum + (url.endsWith(".woff2") ? size : 0), 0);
