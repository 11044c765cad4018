// The packed package in an empty folder, with and without the engines that it may need.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const source = fileURLToPath(new URL("../..", import.meta.url));
const root = join(source, "../..");
const entries = [
  { entry: "tfjs", peer: "@tensorflow/tfjs", version: "4", name: "TfDropout" },
  { entry: "jax", peer: "@jax-js/jax", version: "0.1", name: "dropoutSites" },
] as const;

let folder: string;

/** Runs `code` as a module or a script in the folder; what it prints. */
function run(code: string, type: "module" | "commonjs" = "module", ...flags: string[]): string {
  const args = [...flags, `--input-type=${type}`, "-e", code];
  return execFileSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hadamask-peers-"));
  const pack = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder];
  execFileSync("npm", pack, { cwd: source, stdio: "pipe" });
  const installed = join(folder, "node_modules/hadamask");
  mkdirSync(installed, { recursive: true });
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"))!;
  execFileSync("tar", ["-xzf", join(folder, tarball), "-C", installed, "--strip-components=1"]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(entries)("hadamask/$entry", ({ entry, peer, version, name }) => {
  const namesOf = (path: string): string => `JSON.stringify(Object.keys(await import(${JSON.stringify(path)})).sort())`;

  test("says what it needs where its engine is missing", () => {
    const message = run(
      `try { await import("hadamask/${entry}") } catch (error) { console.log(error.message, error.code) }`,
    );
    expect(message).toBe(`hadamask/${entry}: needs ${peer} ${version}; run npm install ${peer} ERR_MODULE_NOT_FOUND`);
    expect(() => run(`import { ${name} } from "hadamask/${entry}"`)).toThrowError(`needs ${peer} ${version}`);
  });

  test("has every name of what bundlers and browsers get, and the same layers, where it is there", () => {
    const link = join(folder, "node_modules", peer);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", peer), link);
    const inNode = run(`console.log(${namesOf(`hadamask/${entry}`)})`);
    expect(JSON.parse(inNode)).toContain(name);
    const direct = `./node_modules/hadamask/dist/${entry}.js`;
    expect(run(`console.log(${namesOf(direct)})`)).toBe(inNode);
    const isSame = `(await import("hadamask/${entry}")).${name} === (await import("${direct}")).${name}`;
    expect(run(`console.log(${isSame})`)).toBe("true");
    // Without the condition that only Node has: the modules with static imports.
    expect(run(`console.log(import.meta.resolve("hadamask/${entry}"))`, "module", "--no-addons")).toMatch(
      new RegExp(`dist/${entry}\\.js$`),
    );
  });

  test("other errors stay what they are", () => {
    const code = `
      import { needs } from "./node_modules/hadamask/node/needs.js";
      const mine = () => Promise.reject(new RangeError("mine"));
      try { await needs("a", "b", "1", mine) } catch (error) { console.log(String(error)) }`;
    expect(run(code)).toBe("RangeError: mine");
  });
});
