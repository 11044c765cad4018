// The pool in a page: its workers come from a blob: URL, which a content security policy may forbid.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, type Opened, openChromium, reason } from "./chromium.js";

if (!hasChromium) console.log(`hadamask/pool is not run in a page here: ${reason}`);

const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src ";

const DRAW = `(async () => {
  const { createPool } = await import("hadamask/pool");
  const { dropout, key } = await import("hadamask");
  try {
    const pool = createPool({ threads: 3 });
    const x = pool.alloc(2 ** 21).fill(1);
    const y = await pool.dropout(x, { rate: 0.5, key: key(1) });
    const one = dropout(new Float32Array(2 ** 21).fill(1), { rate: 0.5, key: key(1) });
    return { same: y.every((v, i) => v === one[i]), threads: pool.threads };
  } catch (error) {
    return { error: error.message };
  }
})()`;

describe.skipIf(!hasChromium)(`pool in a page (${reason})`, () => {
  let browser: Opened | undefined;
  afterAll(() => browser?.close());

  describe("under a policy with worker-src blob:", () => {
    beforeAll(async () => {
      browser = await openChromium([], { ...ISOLATED, "content-security-policy": `${POLICY}'self' blob:` });
    }, 60_000);
    afterAll(() => browser?.close());

    test("shares the work, bit for bit", async () => {
      expect(await (await browser!.newPage()).evaluate(DRAW)).toEqual({ same: true, threads: 2 });
    });
  });

  describe("under a policy without it", () => {
    beforeAll(async () => {
      browser = await openChromium([], { ...ISOLATED, "content-security-policy": `${POLICY}'self'` });
    }, 60_000);

    test("says what the policy forbids", async () => {
      expect(await (await browser!.newPage()).evaluate(DRAW)).toEqual({
        error:
          "Pool: a worker has died (the page's content security policy forbids workers from blob: URLs; " +
          "add blob: to its worker-src, or work without a pool); the result is incomplete",
      });
    });
  });
});
