// The claims with their verdicts, computed anew for each build by the command that everybody can run.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { PageData } from "vitepress";
import type { ClaimRow, Mistake, ToldClaim } from "../src/content/claim-row.js";
import { CLAIMS_ZH } from "../src/content/claims-zh.js";

const COMMAND = fileURLToPath(new URL("../../hadamask/bin/hadamask.js", import.meta.url));

let rows: readonly ClaimRow[] | undefined;

/** All rows of `hadamask verify --json`; the packages have to be built. */
export function claims(): readonly ClaimRow[] {
  rows ??= JSON.parse(
    execFileSync(process.execPath, [COMMAND, "verify", "--json"], { encoding: "utf8", maxBuffer: 2 ** 26 }),
  ) as readonly ClaimRow[];
  return rows;
}

/** Gives a page what its frontmatter names under `mistakes`, in its language. */
export function addMistakes(page: PageData): void {
  const ids: unknown = page.frontmatter.mistakes;
  if (!Array.isArray(ids)) return;
  const isChinese = page.relativePath.startsWith("zh/");
  page.frontmatter.mistakeRows = ids.map((id): Mistake => {
    const row = claims().find((candidate) => candidate.id === id);
    if (row === undefined) throw new Error(`${page.relativePath}: mistakes must be ids of hadamask verify, got ${id}`);
    const { said, right, what } = isChinese ? inChinese(row) : inEnglish(row);
    return { id: row.id, said, right, ...(what !== undefined && { measure: { what, measured: row.measured } }) };
  });
}

const inEnglish = ({ claim, right, measures }: ClaimRow): ToldClaim => ({
  said: claim,
  right: right!,
  what: measures[0]?.what,
});

function inChinese({ id }: ClaimRow): ToldClaim {
  const told = CLAIMS_ZH[id];
  if (told === undefined) throw new Error(`${id} has no Chinese; add it to src/content/claims-zh.ts`);
  return told;
}
