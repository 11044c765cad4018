// Builds the site, or does nothing where it is built already: nothing that it is made from is newer.
// node packages/site/build.mjs [--force]

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../..");
const built = join(here, ".vitepress/dist/index.html");

/** What pages are made from. */
const SOURCES = [
  "README.md",
  "README.zh-CN.md",
  "docs",
  "package-lock.json",
  "packages/cli/data",
  "packages/site/.vitepress",
  "packages/site/pages",
  "packages/site/src",
  ...readdirSync(join(root, "packages"))
    .filter((name) => name !== "site")
    .map((name) => `packages/${name}/src`),
];

function newest(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || /\/(dist|cache|\.temp)$/.test(path)) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  // A folder is newer when a file was taken out of it; .vitepress is so after every build.
  const own = path.endsWith(".vitepress") ? 0 : stats.mtimeMs;
  return Math.max(own, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const isFresh =
  existsSync(built) && statSync(built).mtimeMs > Math.max(...SOURCES.map((source) => newest(join(root, source))));
if (isFresh && !process.argv.includes("--force")) console.log("the site is up to date");
else {
  execFileSync(process.execPath, [join(root, "packages/reference/src/build.mjs")], { stdio: "inherit" });
  const { build } = await import("vitepress");
  await build(here);
}
