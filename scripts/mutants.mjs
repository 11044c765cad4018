// Faults put into a copy, one at a time: into built packages, for which `hadamask verify` has to fail, and into
// sources, for which a test has to. Lists those that nothing notices, and exits with 1 if there are any.
//
//   npm run mutants              all of them (about 15 seconds for a built one, 3 for a source)
//   npm run mutants -- zoneout   those whose name or file holds a word

import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MUTANTS, timesIn } from "./mutants-list.mjs";
import { TestedCopy } from "./tested-copy.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name, file }) => wanted.every((word) => `${name} ${file}`.includes(word)));
if (chosen.length === 0) {
  console.error(`mutants: no name holds ${wanted.join(" and ")}; there are:\n${MUTANTS.map((m) => m.name).join("\n")}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "hadamask-mutants-"));
const copy = new TestedCopy();
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A folder of packages as an installation has them: ours copied, all others linked. */
function install() {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@hadamask"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name.startsWith(".") || name === "hadamask" || name === "@hadamask") continue;
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  for (const name of readdirSync(join(root, "packages"))) {
    const target = join(modules, name === "hadamask" ? name : `@hadamask/${name}`);
    for (const part of ["package.json", "dist", "bin", "node", "data"]) {
      try {
        cpSync(join(root, "packages", name, part), join(target, part), { recursive: true });
      } catch (error) {
        if (error.code !== "ENOENT") throw error;
      }
    }
    const own = join(root, "packages", name, "node_modules");
    if (existsSync(own)) symlinkSync(own, join(target, "node_modules"));
  }
  return modules;
}

const modules = install();
/** @param {import("./mutants-list.mjs").Mutant} mutant */
const textOf = ({ file, tests }) =>
  tests === undefined ? readFileSync(join(modules, file), "utf8") : copy.read(`packages/${file}`);

for (const mutant of chosen) {
  const found = timesIn(mutant, textOf(mutant));
  if (found === 1) continue;
  console.error(`mutants: ${mutant.name}: ${mutant.file} holds the place ${found} times, not once`);
  process.exit(2);
}

/** What `verify` says of the packages as they are: undefined where it finds nothing wrong. */
function complaint() {
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [join(modules, "hadamask/bin/hadamask.js"), "verify", "--json"],
    { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28, timeout: 600_000, killSignal: "SIGKILL" },
  );
  if (status === 0) return undefined;
  return /** @type {NodeJS.ErrnoException | undefined} */ (error)?.code === "ETIMEDOUT"
    ? "it did not end"
    : stderr.trim().slice(0, 100);
}

/** What notices a fault in a built package. */
function verifying({ file, from, to }) {
  const path = join(modules, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(from, to));
  const found = complaint();
  writeFileSync(path, text);
  return found;
}

/**
 * What notices a fault in a source.
 *
 * @param {import("./mutants-list.mjs").Mutant} mutant
 */
async function testing({ file, from, to, tests = [] }) {
  const verdict = await copy.test(`packages/${file}`, copy.read(`packages/${file}`).replace(from, to), tests);
  return verdict === "passed" ? undefined : `tests ${verdict}`;
}

if (chosen.some(({ tests }) => tests === undefined)) {
  const before = complaint();
  if (before !== undefined) {
    console.error(`mutants: verify fails before anything is changed:\n${before}`);
    process.exit(1);
  }
}

let survivors = 0;
for (const mutant of chosen) {
  const noticed = mutant.tests === undefined ? verifying(mutant) : await testing(mutant);
  if (noticed === undefined) survivors++;
  const name = mutant.tests === undefined ? mutant.name : `${mutant.file}: ${mutant.name}`;
  console.log(noticed === undefined ? `SURVIVED  ${name}` : `caught    ${name}: ${noticed}`);
}
console.log(`${chosen.length - survivors} of ${chosen.length} caught`);
process.exit(survivors === 0 ? 0 : 1);
