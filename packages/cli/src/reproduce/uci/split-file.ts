// Finished splits on disk, one file each, with all that they depend on and a sum over it, so that an interrupted
// command goes on, and numbers of other settings are never taken for those that were asked for.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ProtocolSettings, SplitResult } from "@hadamask/experiments/reproduce";
import { UsageError } from "@hadamask/experiments/settings";
import { writeFileWhole } from "../../files/write-file.js";

/** Changes whenever the same settings would give other numbers than they did. */
const FORMAT = 1;

/** What a split's numbers depend on. */
export interface SplitProvenance extends ProtocolSettings {
  readonly set: string;
  readonly split: number;
  /** SHA-256 of the set's numbers. */
  readonly data: string;
}

export const splitPath = (folder: string, { set, split }: Pick<SplitProvenance, "set" | "split">): string =>
  join(folder, set, `split-${split}.json`);

export function saveSplit(folder: string, provenance: SplitProvenance, result: SplitResult): void {
  const path = splitPath(folder, provenance);
  mkdirSync(dirname(path), { recursive: true });
  const packed = JSON.stringify({ format: FORMAT, provenance, result });
  writeFileWhole(path, `{"sha256":"${sha256(packed)}","saved":${packed}}\n`);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The result that is saved, what is wrong with its file, or nothing.
 *
 * @throws {UsageError} If there is one of other settings or data.
 */
export function loadSplit(
  folder: string,
  wanted: SplitProvenance,
): { readonly result: SplitResult } | { readonly damage: string } | undefined {
  const path = splitPath(folder, wanted);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const [, sum, packed] = /^\{"sha256":"([0-9a-f]{64})","saved":(.*)\}\n$/s.exec(text) ?? [];
  if (packed === undefined || sha256(packed) !== sum) return { damage: `${path} is damaged` };
  const { format, provenance, result } = JSON.parse(packed) as {
    readonly format: number;
    readonly provenance: SplitProvenance;
    readonly result: SplitResult;
  };
  const difference = format === FORMAT ? differenceOf(provenance, wanted) : `format ${format}, not ${FORMAT}`;
  if (difference === undefined) return { result };
  throw new UsageError(
    `reproduce: --out: ${path} was made with ${difference}; ask for the same, or choose another --out`,
  );
}

function differenceOf(found: SplitProvenance, wanted: SplitProvenance): string | undefined {
  for (const name of Object.keys(wanted) as (keyof SplitProvenance)[]) {
    if (found[name] !== wanted[name]) return `${name} ${found[name]}, not ${wanted[name]}`;
  }
  return undefined;
}
