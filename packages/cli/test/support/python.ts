// NumPy as a second reader of our files, where the machine has it.

import { spawnSync } from "node:child_process";

const python = (code: string, args: readonly string[] = []) =>
  spawnSync("python3", ["-c", code, ...args], { encoding: "utf8" });

/** Why tests that need NumPy are skipped; undefined where it is there. */
export const noNumpy: string | undefined =
  python("import numpy").status === 0 ? undefined : "needs python3 with NumPy, which this machine does not have";

/** Runs a line of Python and gives what it prints. */
export function runPython(code: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = python(code, args);
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}
