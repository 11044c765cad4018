// npm run pack:all [-- FOLDER]: the tarballs that npm would publish, all that the command needs, into packages.out/ or
// FOLDER. Install them together: npm install packages.out/*.tgz
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const folder = resolve(process.argv[2] ?? "packages.out");
mkdirSync(folder, { recursive: true });
for (const name of ["hadamask", "onnx", "experiments", "cli"]) {
  // prepack puts the licence in; .npmrc keeps npm from running it unasked
  const args = ["pack", "--silent", "--ignore-scripts=false", "--pack-destination", folder];
  const cwd = fileURLToPath(new URL(`../packages/${name}`, import.meta.url));
  console.log(execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim());
}
