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

/** In `file` of a package's dist, `from` (which stands there once) becomes `to`. */
const MUTANTS = [
  {
    name: "stream: word 2k + 1 gives the bits of word 2k",
    file: "hadamask/dist/noise/bernoulli.js",
    from: "drawMask(out, n, keep, key, offset);\n    return out;",
    to:
      "drawMask(out, n, keep, key, offset);\n    for (let w = 1; w < words; w += 2) out[w] = out[w - 1];\n    " +
      "return out;",
  },
  {
    name: "stream: bit j of a word repeats bit j + 16",
    file: "hadamask/dist/noise/bernoulli.js",
    from: "drawMask(out, n, keep, key, offset);\n    return out;",
    to:
      "drawMask(out, n, keep, key, offset);\n    for (let w = 0; w < words; w++) out[w] = (out[w] & 0xffff0000) " +
      "| (out[w] >>> 16);\n    return out;",
  },
  {
    name: "steps: every step has the mask of step 0",
    file: "hadamask/dist/random/derive.js",
    from: "export function deriveKey(key, tag, d) {",
    to: "export function deriveKey(key, tag, d) {\n    d = 0;",
  },
  {
    name: "keys: foldIn ignores its number",
    file: "hadamask/dist/random/key.js",
    from: /export function foldIn\((\w+), (\w+)\) \{/,
    to: "export function foldIn($1, $2) {\n    $2 = 0;",
  },
  {
    name: "log-uniform KL halved",
    file: "hadamask/dist/noise/log-uniform.js",
    from: "return alpha <= SMALL_ALPHA ? expansion(logAlpha, alpha) : series(1 / (2 * alpha));",
    to: "return 0.5 * (alpha <= SMALL_ALPHA ? expansion(logAlpha, alpha) : series(1 / (2 * alpha)));",
  },
  {
    name: "zoneout keeps where it should drop",
    file: "hadamask/dist/layers/recurrent/dropout.js",
    from: "return { zoneout: rates };",
    to: "return { zoneout: { ...rates, hidden: 1 - (rates.hidden ?? 0) } };",
  },
  {
    name: "kept elements are not scaled",
    file: "hadamask/dist/layers/dropout.js",
    from: 'scaling === "inverted" ? 1 / keep : 1',
    to: "1",
  },
  {
    name: "the gradient is that of another mask",
    file: "hadamask/dist/layers/dropout.js",
    from: /export function dropoutBackward\((\w+), (\w+)\) \{/,
    to:
      "export function dropoutBackward($1, $2) {\n    if ($2.key !== undefined) $2 = { ...$2, key: [$2.key[0], " +
      "$2.key[1] ^ 1] };",
  },
];

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
  const found =
    typeof from === "string" ? text.split(from).length - 1 : [...text.matchAll(new RegExp(from, "g"))].length;
  if (found !== 1) throw new Error(`mutants: ${name}: ${file} holds the place ${found} times, not once`);
  writeFileSync(path, text.replace(from, to));
  const { status, stderr } = verify();
  writeFileSync(path, text);
  const isCaught = status !== 0;
  if (!isCaught) survivors.push(name);
  console.log(`${isCaught ? "caught  " : "SURVIVED"}  ${name}${isCaught ? `: ${stderr.trim().slice(0, 100)}` : ""}`);
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} caught`);
process.exitCode = survivors.length === 0 ? 0 : 1;
