// The kernels in C against obvious loops, in a process of their own: arrays end at pages that may not be touched.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

function hasCompiler(): boolean {
  try {
    execFileSync(process.env.CC ?? "cc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isBuilt = hasCompiler();
const reason = isBuilt ? "a C compiler is here" : "needs a C compiler";
if (!isBuilt) console.log(`the kernels in C are not tested between guard pages: ${reason}`);

test.skipIf(!isBuilt)(
  `every level gives the bits of obvious loops, and touches no memory around its arrays (${reason})`,
  () => {
    const build = fileURLToPath(new URL("../build.mjs", import.meta.url));
    const program = execFileSync(process.execPath, [build, "--test"], { encoding: "utf8" }).trim();
    const lines = execFileSync(program, { encoding: "utf8" }).trim().split("\n");
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const checks = Number(/^(?:base|avx2|avx512): (\d+) checks$/.exec(line)?.[1]);
      expect(checks, line).toBeGreaterThan(1_000_000);
    }
  },
  600_000,
);
