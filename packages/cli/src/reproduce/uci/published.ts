// The published results, split by split (data/uci-published.json).

import { readFileSync } from "node:fs";
import type { PublishedSet, SetName } from "@hadamask/experiments/reproduce";

export interface Published {
  /** Where the numbers are from. */
  readonly source: string;
  readonly sets: Readonly<Record<SetName, PublishedSet>>;
}

export function readPublished(): Published {
  const path = new URL("../../../data/uci-published.json", import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as Published;
}
