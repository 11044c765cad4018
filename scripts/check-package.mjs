// Checks what users will install: lints the packages, packs them, installs the tarballs together in an empty folder,
// imports the library and runs the command there. Needs `npm run build` to have run.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const packages = ["hadamask", "onnx", "experiments", "cli"];
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const expect = (what, isTrue, output) => {
  if (!isTrue) throw new Error(`check-package: ${what}, got:\n${output}`);
  console.log(`ok  ${what}`);
};

const folder = mkdtempSync(join(tmpdir(), "hadamask-package-"));
try {
  for (const name of packages) {
    const path = join(root, "packages", name);
    run("npx", ["publint", "--strict", path], root);
    run("npm", ["pack", "--silent", "--ignore-scripts=false", "--pack-destination", folder], path);
  }
  const tarballs = readdirSync(folder).map((file) => join(folder, file));
  for (const tarball of tarballs) {
    run("npx", ["attw", "--profile", "esm-only", tarball], root);
    console.log(`ok  publint and attw: ${tarball.slice(folder.length + 1)}`);
  }

  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  run("npm", ["install", "--no-audit", "--no-fund", ...tarballs], folder);

  const script = `
    import { dropout, dropoutBackward, key, keepMask } from "hadamask";
    const options = { rate: 0.5, key: key(0) };
    console.log(JSON.stringify([keepMask(8, options)[0], [...dropout([1, 2], options)], [...dropoutBackward([1, 1], options)]]));
  `;
  const library = run("node", ["--input-type=module", "-e", script], folder).trim();
  expect("the library imports and draws the known mask", library === "[250,[0,4],[0,2]]", library);

  for (const name of packages) {
    const readme = readFileSync(join(root, "packages", name, "README.md"), "utf8");
    for (const [, code] of readme.matchAll(/^```js\n(.*?)^```/gms)) {
      const printed = run("node", ["--input-type=module", "-e", code], folder).trim().split("\n");
      const said = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((match) => match[1]);
      expect(`the README of ${name} prints what it says`, printed.join("|") === said.join("|"), printed.join("|"));
    }
    for (const [, line] of readme.matchAll(/^npx (hadamask .*)$/gm)) run("npx", line.split(" "), folder);
  }

  const mask = run("npx", ["hadamask", "mask", "--seed", "0", "--rate", "0.5", "--shape", "2,4"], folder);
  expect("the command runs and prints the known mask", mask === "0101\n1111\n", mask);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
