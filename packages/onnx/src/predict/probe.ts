// What a model is asked with before a prediction, and what is found: the words that the questions share.

import { nameList } from "../check.js";
import type { RowTable } from "./inputs.js";
import type { OrtSession } from "./ort.js";
import type { OutputRows } from "./row-outputs.js";
import type { RowPlan } from "./rows.js";
import type { PlacedSite } from "./site-feed.js";

/** What inputs of one kind of shape are run with. */
export interface Placing {
  /** Open ones are settled by the first run that makes their tensors. */
  readonly sites: PlacedSite[];
  /** Rows that every run must have; undefined where it is free. */
  readonly fixed: number | undefined;
  /** Where the rows are in each output that is asked for. */
  readonly outputs: readonly OutputRows[];
  /** A sentence, where runs are of one row although nobody asked for it. */
  readonly note: string | undefined;
}

/** A model in the runtime that is asked about its shapes. */
export interface Probe {
  readonly where: string;
  readonly plan: RowPlan;
  readonly sites: readonly Pick<PlacedSite, "site" | "feed">[];
  readonly outputs: readonly string[];
  /** Puts out the shapes of the sites. */
  readonly shapes: OrtSession;
  /** Runs without them. */
  readonly plain: OrtSession;
  /** Nodes that draw random numbers. */
  readonly random: readonly string[];
  /** Bytes that a run may take. */
  readonly memory: number;
}

/** The first `rows` rows, from the beginning again where there are fewer. */
export const someRows = (table: RowTable, rows: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => i % table.rows);

/** Random nodes in words. */
export const randomText = (nodes: readonly string[]): string => (nodes.length === 0 ? "" : ` (${nameList(nodes, 3)})`);
