// Faults put into a copy of the built packages, one at a time: `hadamask verify` has to fail for each. Lists those
// that it does not notice, and exits with 1 if there are any.
//
//   npm run mutants              all of them (about 15 seconds each)
//   npm run mutants -- zoneout   those whose name holds a word

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

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(({ name }) => wanted.every((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`mutants: no name holds ${wanted.join(" and ")}; there are:\n${MUTANTS.map((m) => m.name).join("\n")}`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), "hadamask-mutants-"));
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
for (const mutant of chosen) {
  const found = timesIn(mutant, readFileSync(join(modules, mutant.file), "utf8"));
  if (found === 1) continue;
  console.error(`mutants: ${mutant.name}: ${mutant.file} holds the place ${found} times, not once`);
  process.exit(2);
}
const verify = () =>
  spawnSync(process.execPath, [join(modules, "hadamask/bin/hadamask.js"), "verify", "--json"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });

const sound = verify();
if (sound.status !== 0) {
  console.error(`mutants: verify fails before anything is changed:\n${sound.stderr}`);
  process.exit(1);
}

const survivors = [];
for (const { name, file, from, to } of chosen) {
  const path = join(modules, file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(from, to));
  const { status, stderr } = verify();
  writeFileSync(path, text);
  const isCaught = status !== 0;
  if (!isCaught) survivors.push(name);
  console.log(`${isCaught ? "caught  " : "SURVIVED"}  ${name}${isCaught ? `: ${stderr.trim().slice(0, 100)}` : ""}`);
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} caught`);
process.exitCode = survivors.length === 0 ? 0 : 1;
