// Python, where the machine has it: NumPy as a second reader of our files, and terminals to write to.

import { spawnSync } from "node:child_process";

const python = (code: string, args: readonly string[] = []) =>
  spawnSync("python3", ["-c", code, ...args], { encoding: "utf8" });

/** Why tests that need Python are skipped; undefined where it is there. */
export const noPython: string | undefined =
  python("import pty").status === 0 ? undefined : "needs python3, which this machine does not have";

/** Why tests that need NumPy are skipped; undefined where it is there. */
export const noNumpy: string | undefined =
  python("import numpy").status === 0 ? undefined : "needs python3 with NumPy, which this machine does not have";

/** Runs a line of Python and gives what it prints. */
export function runPython(code: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = python(code, args);
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** What a program prints into a terminal of its own. */
export function runInTerminal(command: readonly string[], env: Readonly<Record<string, string>>): string {
  const code = "import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))";
  // CI too decides on colours: Node takes a terminal there for one without any.
  const { FORCE_COLOR: _, NO_COLOR: __, CI: ___, ...rest } = process.env;
  const { stdout } = spawnSync("python3", ["-c", code, ...command], { encoding: "utf8", env: { ...rest, ...env } });
  return stdout;
}
