// The server of `hadamask lab`, on a small folder: what it gives, with which headers, and what it refuses.

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenServer, serve } from "../../../src/lab/server.js";
import { testFolder } from "../../support/folder.js";
import { run } from "../../support/run.js";

const path = testFolder();
const PAGE = `<head><meta http-equiv="Content-Security-Policy" content="script-src 'sha256-own'"></head>home`;
const FILES: Readonly<Record<string, string>> = {
  "site/index.html": PAGE,
  "site/404.html": "nothing here",
  "site/lab/index.html": "lab",
  "site/lab/masks.html": "masks",
  "site/zh/lab/index.html": "实验室",
  "site/assets/a.js": "export {}",
  "site/assets/kernel.wasm": "wasm",
  "site/assets/font.woff2": "font",
  "secret.txt": "secret",
  "site-other/index.html": "secret",
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** As it came. */
  readonly bytes: Buffer;
}

let server: OpenServer;
beforeAll(async () => {
  for (const [file, text] of Object.entries(FILES)) {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  }
  symlinkSync(path("secret.txt"), path("site/link.txt"));
  server = await serve(path("site"), 0);
});
afterAll(() => server.close());

/** As it stands: `fetch` would put dots in a path right before it asks. */
function ask(url: string, { method = "GET", headers = {} } = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path: url, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode!, headers: response.headers, body: String(bytes), bytes });
      });
    });
    asked.on("error", reject).end();
  });
}

describe("hadamask lab serves", () => {
  test.each([
    ["/", 200, "text/html; charset=utf-8", PAGE],
    ["/lab/", 200, "text/html; charset=utf-8", "lab"],
    ["/lab/masks", 200, "text/html; charset=utf-8", "masks"],
    ["/lab/masks.html?masks.rate=0.2", 200, "text/html; charset=utf-8", "masks"],
    ["/zh/lab/", 200, "text/html; charset=utf-8", "实验室"],
    ["/assets/a.js", 200, "text/javascript; charset=utf-8", "export {}"],
    ["/assets/kernel.wasm", 200, "application/wasm", "wasm"],
    ["/lab/nothing", 404, "text/html; charset=utf-8", "nothing here"],
    ["/assets/", 404, "text/html; charset=utf-8", "nothing here"],
    [`/${"a".repeat(5000)}`, 404, "text/html; charset=utf-8", "nothing here"],
  ])("%s", async (url, status, type, body) => {
    const answer = await ask(url);
    expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([status, type, body]);
    expect(answer.headers["content-length"]).toBe(String(Buffer.byteLength(body)));
  });

  test("a folder without its slash moves on, with its query, and stays on this host", async () => {
    const { status, headers } = await ask("/lab?train.epochs=3");
    expect([status, headers.location]).toEqual([308, "/lab/?train.epochs=3"]);
    expect((await ask("//zh")).headers.location ?? "/zh/").toMatch(/^\/[^/]/);
  });

  test("every file has the policy, a page its own, and nothing may be framed or leave this machine", async () => {
    const page = await ask("/");
    expect(page.headers["content-security-policy"]).toBe("script-src 'sha256-own'; frame-ancestors 'none'");
    const script = await ask("/assets/a.js");
    expect(script.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    expect(script.headers["cache-control"]).toBe("max-age=31536000, immutable");
    for (const { headers } of [page, script, await ask("/nothing")]) {
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cross-origin-embedder-policy"]).toBe("require-corp");
      expect(headers["referrer-policy"]).toBe("no-referrer");
    }
    expect(page.headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    ["/", "gzip, deflate, br", PAGE],
    ["/assets/a.js", "br, gzip;q=0.5", "export {}"],
    ["/lab/nothing", "gzip", "nothing here"],
  ])("%s is compressed for who takes %s", async (url, accepted, text) => {
    const { headers, bytes } = await ask(url, { headers: { "accept-encoding": accepted } });
    expect([headers["content-encoding"], headers.vary]).toEqual(["gzip", "Accept-Encoding"]);
    expect(String(gunzipSync(bytes))).toBe(text);
    expect(headers["content-length"]).toBe(String(bytes.length));
  });

  test.each([
    ["/", "br"],
    ["/", "gzip;q=0, br"],
    ["/assets/font.woff2", "gzip"], // it is compressed as it is
  ])("%s is not for who takes %s", async (url, accepted) => {
    const { headers } = await ask(url, { headers: { "accept-encoding": accepted } });
    expect([headers["content-encoding"], headers.vary]).toEqual([undefined, "Accept-Encoding"]);
  });

  test.each([
    "/../secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e/secret.txt",
    "/lab/../../secret.txt",
    "/lab%2f..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/../site-other/index.html",
    "/../site-other/",
    "/link.txt",
    "//secret.txt",
    `/${encodeURIComponent(join(process.cwd(), "package.json"))}`,
  ])("nothing of outside: %s", async (url) => {
    const { status, body } = await ask(url);
    expect([status, body]).toEqual([404, "nothing here"]);
  });

  test.each(["/%", "/%00", "/%ff"])("%s is no address", async (url) => {
    expect(await ask(url)).toMatchObject({ status: 400, body: "this is not an address\n" });
  });

  test("only reads, and only for this machine's names", async () => {
    const head = await ask("/", { method: "HEAD" });
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", String(PAGE.length)]);
    expect(await ask("/", { method: "POST" })).toMatchObject({ status: 405, body: "only GET and HEAD\n" });
    expect((await ask("/", { headers: { host: "evil.example" } })).status).toBe(421);
    expect((await ask("/", { headers: { host: "localhost:99" } })).status).toBe(200);
    expect(server.origin).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

describe("hadamask lab refuses", () => {
  test("a port that is in use, in a sentence", async () => {
    const port = new URL(server.origin).port;
    await expect(serve(path("site"), Number(port))).rejects.toThrow(
      `lab: port ${port} is in use; pass another with --port, or --port 0 for any that is free`,
    );
  });

  test.each([
    [["--port", "65536"], "lab: --port must be at most 65535, got 65536\n"],
    [["--port", "x"], 'lab: --port must be a whole number, got "x"\n'],
  ])("%s", async (args, err) => {
    expect(await run(["lab", ...args])).toMatchObject({ code: 2, out: "", err });
  });
});
