// From a path in an address to a file of the site. Knows no server.

import { existsSync, realpathSync, statSync } from "node:fs";
import { extname, join, resolve, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export const typeOf = (file: string): string => TYPES[extname(file)] ?? "application/octet-stream";

/** What an address leads to: a file, another address, nothing, or nonsense. */
export type Found =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "moved"; readonly to: string }
  | { readonly kind: "missing" }
  | { readonly kind: "wrong" };

/**
 * Looks a path up: `/learn/` is learn/index.html, `/learn/one-pass` is learn/one-pass.html, and `/learn`, a folder,
 * moves to `/learn/`. What would lie outside of the folder is missing, however it is written.
 *
 * @param folder As `realpathSync` gives it.
 * @param pathname As it stands in the request: with escapes, without query.
 */
export function find(folder: string, pathname: string): Found {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return { kind: "wrong" };
  }
  if (!path.startsWith("/") || path.includes("\0")) return { kind: "wrong" };
  const target = resolve(folder, `.${path}`);
  const candidates = path.endsWith("/") ? [join(target, "index.html")] : [target, `${target}.html`];
  const file = candidates.find((candidate) => isInside(folder, candidate) && isFile(candidate));
  if (file !== undefined) return { kind: "file", file };
  const isFolder = !path.endsWith("/") && isInside(folder, target) && isFile(join(target, "index.html"));
  // One slash at the beginning: with two, a browser would take what follows for a host.
  return isFolder ? { kind: "moved", to: `${pathname.replace(/^\/+/, "/")}/` } : { kind: "missing" };
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    return false; // a name that is too long, or a folder that nobody may look into
  }
}

/** Links that lead out of the folder are outside too. */
function isInside(folder: string, path: string): boolean {
  const isBelow = (one: string): boolean => one.startsWith(folder + sep);
  return isBelow(path) && (!existsSync(path) || isBelow(realpathSync(path)));
}
