// A folder for one test file, gone when its tests are.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** @returns A function that gives a path in the folder. */
export function testFolder(): (name: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "hadamask-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}
