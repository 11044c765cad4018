// npm run pack:all [-- FOLDER]: the tarballs that npm would publish, all that the command needs, into packages.out/ or
// FOLDER. Install them together: npm install packages.out/*.tgz
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PACKAGES } from "./address.mjs";

/** Packs into `folder`; returns the tarballs' paths. */
export function packAll(folder) {
  mkdirSync(folder, { recursive: true });
  return PACKAGES.map((name) => {
    // prepack puts the licence in; .npmrc keeps npm from running it unasked
    const args = ["pack", "--silent", "--ignore-scripts=false", "--pack-destination", folder];
    const cwd = fileURLToPath(new URL(`../packages/${name}`, import.meta.url));
    const file = execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    return resolve(folder, file.trim());
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const tarball of packAll(resolve(process.argv[2] ?? "packages.out"))) console.log(tarball);
}
