// Where the rows of a run are in the tensors of the sites: asked of the model itself, by small runs, and held to it.

import { DATA_TYPE, type ModelProto, withFields } from "../protobuf/types.js";
import type { Site } from "../rewrite.js";
import type { RowTable } from "./inputs.js";
import { layoutFrom, layoutFromFixed, maskShape, type SiteLayout } from "./layout.js";
import { type OrtSession, type OrtTensor, runSession } from "./ort.js";
import type { Feeds, PlacedSite, SiteFeed } from "./site-feed.js";

/** How far from equal two outputs may be that should be: optimised kernels may add in another order. */
const SAME = 1e-5;

const shapeName = (site: Site): string => `${site.input}_shape`;

/**
 * The model with the shapes of its sites as further outputs. They cost nothing, and are not fetched after the first
 * run.
 */
export function withShapeOutputs(model: ModelProto, sites: readonly Site[]): ModelProto {
  const graph = model.graph!;
  const node = sites.map((site) => ({
    name: `${shapeName(site)}_node`,
    opType: "Shape",
    input: [site.tensor],
    output: [shapeName(site)],
  }));
  const output = sites.map((site) => ({
    name: shapeName(site),
    type: { tensorType: { elemType: DATA_TYPE.int64, shape: { dim: [{}] } } },
  }));
  return withFields(model, {
    graph: withFields(graph, { node: [...(graph.node ?? []), ...node], output: [...(graph.output ?? []), ...output] }),
  });
}

/** A site that is not placed yet. */
type OpenSite = Pick<PlacedSite, "site" | "feed">;

/** The layouts of all sites, by one run of a session that puts out their shapes, two for a free number of rows. */
export async function findLayouts(
  where: string,
  session: OrtSession,
  table: RowTable,
  sites: readonly OpenSite[],
  fixedRows: number | undefined,
): Promise<SiteLayout[]> {
  const one = await shapesOf(where, session, table, sites, fixedRows ?? 1);
  if (fixedRows !== undefined) {
    return one.map((dims, i) => layoutFromFixed(dims, fixedRows, sites[i]!.site.kind === "weight"));
  }
  const two = await shapesOf(where, session, table, sites, 2);
  return one.map((dims, i) => {
    const layout = layoutFrom(dims, two[i]!, 1);
    if (layout !== undefined) return layout;
    const shapes = `[${dims.join(",")}] for one row, [${two[i]!.join(",")}] for two`;
    throw new RangeError(
      `${where}: ${sites[i]!.site.name} must have one axis that grows with the rows, got shape ${shapes}`,
    );
  });
}

/** Shapes of all sites in a run over so many rows. Without a known rank a single one broadcasts to everything. */
async function shapesOf(
  where: string,
  session: OrtSession,
  table: RowTable,
  sites: readonly OpenSite[],
  rows: number,
): Promise<number[][]> {
  const feeds = { ...table.feeds(someRows(table, rows)), ...onesOf(sites.map(({ site, feed }) => [feed, site.rank])) };
  const results = await runSession(
    where,
    session,
    feeds,
    sites.map(({ site }) => shapeName(site)),
  );
  return sites.map(({ site }) => Array.from(results[shapeName(site)]!.data as BigInt64Array, Number));
}

/** Multipliers of 1 for every site: no dropout. */
export const onesOf = (sites: readonly (readonly [SiteFeed, number | null])[]): Feeds =>
  Object.assign({}, ...sites.map(([feed, rank]) => feed.ones(rank ?? 1))) as Feeds;

/**
 * Holds the layouts to the model: with one row's elements dropped everywhere, the other rows must not change. Where
 * batch and another axis were merged, the shapes do not tell in which order; the first order that stands this test is
 * taken.
 */
export async function checkRows(
  where: string,
  session: OrtSession,
  table: RowTable,
  placed: readonly PlacedSite[],
  outputs: readonly string[],
  fixedRows: number | undefined,
): Promise<readonly PlacedSite[]> {
  const rows = fixedRows ?? 2;
  if (rows === 1 || placed.every(({ shape }) => shape.isRowless)) return placed;
  const feeds = table.feeds(someRows(table, rows));
  const ones = onesOf(placed.map(({ feed, layout }) => [feed, layout.dims.length]));
  const plain = await runSession(where, session, { ...feeds, ...ones }, outputs);
  const isSound = async (tried: readonly PlacedSite[]): Promise<boolean> => {
    const masks = Object.assign({}, ones, ...tried.map(({ feed, shape }) => feed.withoutFirst(shape, rows))) as Feeds;
    const dropped = await runSession(where, session, { ...feeds, ...masks }, outputs);
    return outputs.every((name) => othersAgree(plain[name]!, dropped[name]!, rows));
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
        `${where}: the rows of a batch must not influence each other, got a change in other rows when one row was dropped at ${entry.site.name}`,
      );
    }
  }
  return sound;
}

/** The first `rows` rows, from the beginning again where there are fewer. */
const someRows = (table: RowTable, rows: number): Int32Array =>
  Int32Array.from({ length: rows }, (_, i) => i % table.rows);

/** Whether two outputs agree in all rows but the first. */
function othersAgree(a: OrtTensor, b: OrtTensor, rows: number): boolean {
  const [x, y] = [a.data as Float32Array, b.data as Float32Array];
  if (a.dims[0] !== rows) return true; // said more plainly when the answers are read
  for (let i = x.length / rows; i < x.length; i++) {
    const isClose = Math.abs(x[i]! - y[i]!) <= SAME * Math.max(1, Math.abs(x[i]!));
    if (!isClose && !Object.is(x[i], y[i])) return false; // infinities and NaN have no distance
  }
  return true;
}
