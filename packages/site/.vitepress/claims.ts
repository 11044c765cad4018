// The claims with their verdicts, computed anew for each build by the command that everybody can run.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PageData } from "vitepress";
import type { ClaimRow } from "../src/content/claim-row.js";

const COMMAND = fileURLToPath(new URL("../../hadamask/bin/hadamask.js", import.meta.url));

let rows: readonly ClaimRow[] | undefined;

/** All rows of `hadamask verify --json`; the packages have to be built. */
export function claims(): readonly ClaimRow[] {
  rows ??= JSON.parse(
    execFileSync(process.execPath, [COMMAND, "verify", "--json"], { encoding: "utf8", maxBuffer: 2 ** 26 }),
  ) as readonly ClaimRow[];
  return rows;
}

/** Gives a page the rows that its frontmatter names under `mistakes`. */
export function addMistakes(page: PageData): void {
  const ids: unknown = page.frontmatter.mistakes;
  if (!Array.isArray(ids)) return;
  page.frontmatter.mistakeRows = ids.map((id) => {
    const row = claims().find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`${page.relativePath}: mistakes must be ids of hadamask verify, got ${id}`);
    return row;
  });
}
