// Checks what users will install: lints the packages, packs them, installs the tarballs together in an empty folder,
// follows every package's README there, and follows declarations to their sources. What users install with them, with
// licences and known faults, is looked through, and listed in packages.out/sbom.cdx.json. Needs `npm run build` to have
// run; builds the site if need be.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { addressFields, PACKAGES } from "./address.mjs";
import { checkMaterials } from "./bill-of-materials.mjs";
import { packAll } from "./pack-all.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const expect = (what, isTrue, output) => {
  if (!isTrue) throw new Error(`check-package: ${what}, got:\n${output}`);
  console.log(`ok  ${what}`);
};

const folder = mkdtempSync(join(tmpdir(), "hadamask-package-"));
try {
  run("node", [join(root, "packages/site/build.mjs")], root); // it goes into the command's package
  for (const name of PACKAGES) run("npx", ["publint", "--strict", join(root, "packages", name)], root);
  const tarballs = packAll(folder);
  for (const tarball of tarballs) {
    run("npx", ["attw", "--profile", "esm-only", tarball], root);
    console.log(`ok  publint and attw: ${basename(tarball)}`);
  }

  writeFileSync(join(folder, "package.json"), '{ "name": "user", "version": "1.0.0", "type": "module" }\n');
  run("npm", ["install", "--no-audit", "--no-fund", ...tarballs], folder);

  mkdirSync(join(root, "packages.out"), { recursive: true });
  const wrong = checkMaterials(folder, join(root, "packages.out/sbom.cdx.json"));
  expect("what is installed may be shipped; it is in packages.out/sbom.cdx.json", wrong.length === 0, wrong.join("\n"));

  const script = `
    import { dropout, dropoutBackward, key, keepMask } from "hadamask";
    const options = { rate: 0.5, key: key(0) };
    const [y, dx] = [dropout([1, 2], options), dropoutBackward([1, 1], options)];
    console.log(JSON.stringify([keepMask(8, options)[0], [...y], [...dx]]));
  `;
  const library = run("node", ["--input-type=module", "-e", script], folder).trim();
  expect("the library imports and draws the known mask", library === "[250,[0,4],[0,2]]", library);

  for (const name of PACKAGES) checkPackage(name);

  const mask = run("npx", ["hadamask", "mask", "--seed", "0", "--rate", "0.5", "--shape", "2,4"], folder);
  expect("the command runs and prints the known mask", mask === "0101\n1111\n", mask);

  const lab = spawn("npx", ["hadamask", "lab", "--port", "0", "--no-open"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true, // a group of its own: npx passes no signal on
  });
  try {
    const [line] = await once(lab.stdout, "data");
    const address = /http:\S+/.exec(String(line))?.[0] ?? String(line);
    const page = await (await fetch(address)).text();
    expect("the lab is in the package and is served", page.includes("figure-train"), page.slice(0, 200));
  } finally {
    if (lab.pid !== undefined) process.kill(-lab.pid);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** One installed package: its address, its README, its declarations. */
function checkPackage(name) {
  const own = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  const { repository, homepage, bugs } = own;
  const fields = Object.fromEntries(
    Object.entries({ repository, homepage, bugs }).filter(([, value]) => value !== undefined),
  );
  const isSame = isDeepStrictEqual(fields, addressFields(name));
  expect(`${own.name} names the address of scripts/address.mjs`, isSame, JSON.stringify(fields));
  const installed = join(folder, "node_modules", own.name);
  followReadme(own.name, readFileSync(join(installed, "README.md"), "utf8"));
  // Not of the examples, which nobody imports: their sources are the repository's.
  const declarations = filesIn(installed).filter((file) => /\/dist\/(?!examples\/).*\.d\.ts$/.test(file));
  const lost = declarations.filter((file) => !sourcesOf(file).every((source) => existsSync(source)));
  expect(`${declarations.length} declarations of ${own.name} lead to their sources`, lost.length === 0, lost);
}

/** Runs its commands and programs in the order in which they stand, and holds what is printed to what it says. */
function followReadme(name, readme) {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  const dead = links.filter((link) => !/^(https:|#)/.test(link));
  expect(`the README of ${name} links to nothing that is not there`, dead.length === 0, dead);
  let followed = 0;
  for (const [, language, code] of readme.matchAll(/^```(js|sh)\n(.*?)^```/gms)) {
    if (language === "sh") {
      for (const [, typed] of code.matchAll(/^npx (hadamask[^#\n]*)/gm)) {
        const line = typed.trim();
        if (line === "hadamask-native" && !hasCompiler()) return void console.log(`--  ${name}: no C compiler here`);
        run("npx", line.split(" "), folder);
        followed++;
      }
      continue;
    }
    const printed = run("node", ["--input-type=module", "-e", code], folder).trim().split("\n");
    const said = [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map((match) => match[1]);
    expect(`the README of ${name} prints what it says`, printed.join("|") === said.join("|"), printed.join("|"));
    followed++;
  }
  expect(`the README of ${name} has something to follow`, followed > 0, readme);
}

function hasCompiler() {
  try {
    execFileSync(process.env.CC ?? "cc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Where the map of a declaration says that it comes from. */
function sourcesOf(declaration) {
  const map = /\/\/# sourceMappingURL=(.+)$/m.exec(readFileSync(declaration, "utf8"))?.[1];
  if (map === undefined) return [`${declaration}: no map`];
  const { sources } = JSON.parse(readFileSync(join(dirname(declaration), map), "utf8"));
  return sources.map((source) => resolve(dirname(declaration), source));
}

function filesIn(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.slice(path.length).includes("/node_modules"))
    .map((entry) => join(entry.parentPath, entry.name));
}
