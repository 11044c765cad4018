// The built site on a server of its own, in Chromium: what its tests share.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { executablePath } from "../../../hadamask/test/browser/chromium.js";
import { ALIVE } from "../../src/state/alive.js";

export const DIST: string = fileURLToPath(new URL("../../.vitepress/dist/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Serves the files as any static server does: no rewriting, no headers of its own. */
function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, "http://localhost").pathname));
    const file = join(DIST, path.endsWith("/") ? `${path}index.html` : path);
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream").end(readFileSync(file));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** A window of the browser, and a list that grows with everything that goes wrong in it. */
export interface Window {
  readonly page: Page;
  readonly problems: readonly string[];
  /** Loads the page at `path` and waits until it answers. */
  visit(path: string): Promise<void>;
}

export interface OpenSite {
  readonly origin: string;
  /** A window of its own, with nothing in it; what it loaded once it need not load again. */
  openWindow(options?: BrowserContextOptions): Promise<Window>;
  /** A window of its own at `path`. */
  open(path: string, options?: BrowserContextOptions): Promise<Window>;
  /** The size of each file that a first visit to `path` loads, by address. */
  sizes(path: string, sizeOf: (body: Buffer) => number): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

/**
 * Starts Chromium, and a server of the built site (`npm run site:build`) where nobody else serves it.
 *
 * @param served Where somebody does.
 */
export async function openSite(served?: string): Promise<OpenSite> {
  if (!existsSync(join(DIST, "index.html"))) throw new Error("the site is not built; run npm run site:build");
  const server = served === undefined ? await serve() : undefined;
  const origin = served ?? `http://127.0.0.1:${(server!.address() as AddressInfo).port}`;
  const browser: Browser = await chromium.launch({
    executablePath: executablePath!,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const openWindow = async (options: BrowserContextOptions = {}): Promise<Window> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(`${origin}/`) && !/^(data|blob):/.test(url)) problems.push(`asked for ${url}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });
    const visit = async (path: string): Promise<void> => {
      problems.length = 0;
      await page.goto(`${origin}${path}`);
      await hydrated(page);
    };
    return { page, problems, visit };
  };
  return {
    origin,
    openWindow,
    async open(path, options) {
      const window = await openWindow(options);
      await window.visit(path);
      return window;
    },
    async sizes(path, sizeOf) {
      const page = await browser.newPage();
      const bodies: Promise<readonly [string, number]>[] = [];
      page.on("response", (response) => {
        bodies.push(response.body().then((body) => [new URL(response.url()).pathname, sizeOf(body)]));
      });
      await page.goto(`${origin}${path}`, { waitUntil: "networkidle" });
      page.removeAllListeners("response"); // what comes later has no body once the page is closed
      const sizes = new Map(await Promise.all(bodies));
      await page.close();
      return sizes;
    },
    async close() {
      await browser.close();
      server?.close();
    },
  };
}

/** Waits until the page answers: Vue has taken over every part of what was built. */
export async function hydrated(page: Page): Promise<void> {
  // Not waitForFunction: it evaluates text in the page, which the policy forbids.
  while (!(await page.evaluate(`performance.getEntriesByName("${ALIVE}").length > 0`))) await page.waitForTimeout(20);
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)))");
}
