// Where the built site is: in the package, or in a checkout of the project, where it is built first.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Failure } from "../failure.js";

const path = (below: string): string => fileURLToPath(new URL(`../../${below}`, import.meta.url));

/** Told in a sentence of what takes a while. */
export type Tell = (sentence: string) => void;

/** The folder of the built site. In a checkout it is built where it is missing or older than its sources. */
export async function siteFolder(tell: Tell): Promise<string> {
  const script = path("../site/build.mjs");
  if (existsSync(script)) {
    await build(script, tell);
    return path("../site/.vitepress/dist");
  }
  const packed = path("site");
  if (!existsSync(`${packed}/index.html`))
    throw new Failure("lab: the package has no site in it; install @hadamask/cli again");
  return packed;
}

/** What the build says goes to stderr; it says nothing of pages that are up to date. */
function build(script: string, tell: Tell): Promise<void> {
  tell("lab: looking whether the site is up to date; building it takes a minute");
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) return resolve();
      const last = said.trim().split("\n").at(-1) ?? "";
      reject(new Failure(`lab: the site could not be built (${last}); npm run site:build says why`));
    });
  });
}
