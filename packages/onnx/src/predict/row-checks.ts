// Holds a model to what a prediction relies on: it gives the same twice, rows of a batch have nothing to do with each
// other, and one row's masks are that row's.

import { shown } from "../check.js";
import type { RowTable } from "./inputs.js";
import { maskShape, type SiteLayout } from "./layout.js";
import { runSession } from "./ort.js";
import { type Placing, type Probe, randomText, someRows } from "./probe.js";
import { rowOutput } from "./row-outputs.js";
import { type Feeds, onesOf, type PlacedSite } from "./site-feed.js";

/** How far from equal two outputs may be that should be: optimised kernels may add in another order. */
const SAME = 1e-5;

/** The same for outputs of 16 bits. */
const SAME_HALF = 4e-3;

/** Outputs of one run: rows first. */
type Answers = readonly { readonly name: string; readonly data: ArrayLike<number>; readonly same: number }[];

async function answers(probe: Probe, placing: Placing, feeds: Feeds, rows: number): Promise<Answers> {
  const { where, plain, outputs } = probe;
  const results = await runSession(where, plain, feeds, outputs);
  return outputs.map((name, i) => {
    const { data, isHalf } = rowOutput(where, name, results[name]!, placing.outputs[i]!, rows);
    return { name, data, same: isHalf ? SAME_HALF : SAME };
  });
}

const noDropout = ({ sites }: Placing): Feeds => onesOf(sites.map(({ feed, layout }) => [feed, layout.dims.length]));

/** Two runs of the same rows without dropout: if they differ, the model draws random numbers. */
export async function checkRepeats(probe: Probe, table: RowTable, placing: Placing): Promise<void> {
  const rows = placing.fixed ?? 2;
  const feeds = { ...table.feeds(someRows(table, rows)), ...noDropout(placing) };
  const first = await answers(probe, placing, feeds, rows);
  const second = await answers(probe, placing, feeds, rows);
  const odd = first.find(({ data, same }, i) => !agree(data, second[i]!.data, 0, data.length, same));
  if (odd === undefined) return;
  throw new RangeError(
    `${probe.where}: the model must not draw random numbers itself${randomText(probe.random)}, got two runs ` +
      `without dropout that differ in output ${shown(odd.name)}; ` +
      "export it without sampling, or ask for an output before it",
  );
}

/** The first row beside others and beside itself: its answer must be the same. */
export async function checkInfluence(probe: Probe, table: RowTable, placing: Placing): Promise<void> {
  if (table.rows < 2) return;
  const rows = placing.fixed ?? 2;
  const ones = noDropout(placing);
  const beside = await answers(probe, placing, { ...table.feeds(someRows(table, rows)), ...ones }, rows);
  const alone = await answers(probe, placing, { ...table.feeds(new Int32Array(rows)), ...ones }, rows);
  const isSame = beside.every(({ data, same }, i) => agree(data, alone[i]!.data, 0, data.length / rows, same));
  if (isSame) return;
  throw new RangeError(
    `${probe.where}: the rows of a batch must not influence each other, got another answer for the first row ` +
      `when the others changed; ${oneRow(placing)}`,
  );
}

/** What to do where rows have to do with each other. */
export const oneRow = ({ fixed }: Placing): string =>
  fixed === undefined
    ? "pass { batch: 1 } to run one row at a time"
    : `export the model with a batch of 1 instead of ${fixed}`;

/**
 * With one row's elements dropped everywhere, the other rows must not change. Where batch and another axis were
 * merged, the shapes do not tell in which order; the first order that stands this test is taken.
 */
export async function checkSites(probe: Probe, table: RowTable, placing: Placing): Promise<PlacedSite[]> {
  const rows = placing.fixed ?? 2;
  const placed = placing.sites;
  if (placed.every(({ shape }) => shape.isRowless)) return placed;
  const ones = noDropout(placing);
  const feeds = table.feeds(someRows(table, rows));
  const plain = await answers(probe, placing, { ...feeds, ...ones }, rows);
  const isSound = async (tried: readonly PlacedSite[]): Promise<boolean> => {
    const masks = Object.assign({}, ones, ...tried.map(({ feed, shape }) => feed.withoutFirst(shape, rows))) as Feeds;
    const dropped = await answers(probe, placing, { ...feeds, ...masks }, rows);
    return plain.every(({ data, same }, i) => agree(data, dropped[i]!.data, data.length / rows, data.length, same));
  };
  if (await isSound(placed)) return placed;
  const sound: PlacedSite[] = [];
  for (const entry of placed) {
    const layout: SiteLayout = { ...entry.layout, order: "interleaved" };
    const other = { ...entry, layout, shape: maskShape(layout, entry.site.share) };
    if (await isSound([entry])) sound.push(entry);
    else if (entry.layout.perRow > 1 && (await isSound([other]))) sound.push(other);
    else {
      throw new RangeError(
        `${probe.where}: the rows of a batch must not influence each other, got a change in other rows when ` +
          `one row was dropped at ${shown(entry.site.name)}; ${oneRow(placing)}`,
      );
    }
  }
  return sound;
}

/** Whether numbers `from` … `to - 1` agree. */
function agree(a: ArrayLike<number>, b: ArrayLike<number>, from: number, to: number, same: number): boolean {
  for (let i = from; i < to; i++) {
    const isClose = Math.abs(a[i]! - b[i]!) <= same * Math.max(1, Math.abs(a[i]!));
    if (!isClose && !Object.is(a[i], b[i])) return false; // infinities and NaN have no distance
  }
  return true;
}
