// Finished splits on disk, one file each, with all that they depend on and a sum over it, so that an interrupted
// command goes on, and numbers of other settings are never taken for those that were asked for.

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ProtocolSettings, SplitResult } from "@hadamask/experiments/reproduce";
import { UsageError } from "@hadamask/experiments/settings";
import { madeWith } from "../../files/made-with.js";
import { sha256 } from "../../files/sha256.js";
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

interface Saved {
  readonly provenance: SplitProvenance;
  readonly result: SplitResult;
}

interface Damage {
  readonly damage: string;
}

/** The split that a file holds, what is wrong with it, or nothing. */
export function readSplit(path: string): Saved | Damage | undefined {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const [, sum, packed] = /^\{"sha256":"([0-9a-f]{64})","saved":(.*)\}\n$/s.exec(text) ?? [];
  if (packed === undefined || sha256(packed) !== sum) return { damage: `${path} is damaged` };
  const { format, ...saved } = JSON.parse(packed) as Saved & { readonly format: number };
  if (format === FORMAT) return saved;
  throw new UsageError(`reproduce: --out: ${path} is of format ${format}, not ${FORMAT}; choose another --out`);
}

/**
 * The result that is saved, what is wrong with its file, or nothing.
 *
 * @throws {UsageError} If there is one of other settings or data.
 */
export function loadSplit(
  folder: string,
  wanted: SplitProvenance,
): { readonly result: SplitResult } | Damage | undefined {
  const path = splitPath(folder, wanted);
  const saved = readSplit(path);
  if (saved === undefined || "damage" in saved) return saved;
  const difference = madeWith(saved.provenance, wanted);
  if (difference === undefined) return { result: saved.result };
  throw new UsageError(
    `reproduce: --out: ${path} was made with ${difference}; ask for the same, or choose another --out`,
  );
}
