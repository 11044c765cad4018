// Where the rows of a run are in the tensors of the sites and in the outputs: asked of the model itself, by small runs,
// and held to it.

import { shown } from "../check.js";
import { shapeName } from "../shape-outputs.js";
import type { Site } from "../sites.js";
import type { RowTable } from "./inputs.js";
import { layoutFrom, layoutFromFixed, layoutOfOne, maskShape, type SiteLayout } from "./layout.js";
import { type OrtTensor, runSession } from "./ort.js";
import { type Placing, type Probe, someRows } from "./probe.js";
import { checkInfluence, checkRepeats, checkSites, oneRow } from "./row-checks.js";
import type { OutputRows } from "./row-outputs.js";
import type { RowPlan } from "./rows.js";
import { type RunShape, runShape } from "./run-shape.js";
import { type Feeds, onesOf, type PlacedSite } from "./site-feed.js";

/** The shapes of all sites and outputs in one run. */
interface Shapes {
  /** undefined where the tensor was not made: in a branch that was not taken. */
  readonly sites: readonly (RunShape | undefined)[];
  readonly outputs: readonly (readonly number[])[];
}

export async function placeSites(probe: Probe, table: RowTable): Promise<Placing> {
  const { plan } = probe;
  checkRunSize(probe, table, plan.fixed ?? 1);
  const first = await shapesOf(probe, table, plan.fixed ?? 1);
  const found =
    plan.fixed === undefined
      ? await freePlacing(probe, table, first)
      : plan.fixed === 1
        ? placingOfOne(probe, first, undefined)
        : fixedPlacing(probe, first, plan.fixed);
  await checkRepeats(probe, table, found);
  if (found.fixed === 1) return found;
  await checkInfluence(probe, table, found);
  return { ...found, sites: await checkSites(probe, table, found) };
}

/** A file may say that its batch is a billion rows. */
function checkRunSize({ where, memory }: Probe, table: RowTable, rows: number): void {
  const bytes = rows * table.rowBytes;
  if (!(bytes <= memory)) {
    throw new RangeError(
      `${where}: a run must fit into ${memory} bytes, got a model of ${rows} rows a run, ${bytes} bytes of ` +
        `inputs; export it with a free batch, or pass { memory } to monteCarlo`,
    );
  }
}

/** One row a run: whatever a tensor holds is that row's. */
function placingOfOne({ sites, outputs }: Probe, shapes: Shapes, note: string | undefined): Placing {
  return {
    sites: sites.map((entry, i) => settled(entry, shapes.sites[i])),
    fixed: 1,
    outputs: outputs.map(() => "whole" as const),
    note,
  };
}

function fixedPlacing(probe: Probe, shapes: Shapes, rows: number): Placing {
  const { sites, outputs, plan } = probe;
  return {
    sites: sites.map((entry, i) => {
      const shape = shapes.sites[i];
      return shape ? placed(entry, layoutFromFixed(shape.dims, rows, entry.site.kind === "weight")) : openSite(entry);
    }),
    fixed: rows,
    outputs: outputs.map((name, i) => saidAxis(plan, name) ?? Math.max(0, shapes.outputs[i]!.indexOf(rows))),
    note: undefined,
  };
}

/**
 * A second run over two rows tells what grows. If the model does not take two rows, or nothing can be told, runs are of
 * one.
 */
async function freePlacing(probe: Probe, table: RowTable, one: Shapes): Promise<Placing> {
  const { sites, outputs, plan } = probe;
  const ofOne = (reason: string): Placing =>
    placingOfOne(probe, one, `Each run is of one row, which is slow: ${reason}.`);
  let two: Shapes;
  try {
    two = await shapesOf(probe, table, 2);
  } catch {
    return ofOne("the model says that its batch is free, but does not run with two rows");
  }
  const found: PlacedSite[] = [];
  for (const [i, entry] of sites.entries()) {
    const [a, b] = [one.sites[i], two.sites[i]];
    if (a?.steps !== b?.steps)
      return ofOne(`how often the part with ${shown(entry.site.name)} runs depends on the rows`);
    const layout = a && layoutFrom(a.dims, b!.dims, 1);
    if (a !== undefined && layout === undefined) {
      const shapes = `[${a.dims.join(",")}] for one row and [${b!.dims.join(",")}] for two`;
      return ofOne(`the tensor at ${shown(entry.site.name)} has shape ${shapes}`);
    }
    found.push(layout ? placed(entry, layout) : openSite(entry));
  }
  const places = outputs.map((name, i) => saidAxis(plan, name) ?? grownAxis(one.outputs[i]!, two.outputs[i]!));
  const lost = places.indexOf(undefined);
  if (lost >= 0) {
    return ofOne(`output ${shown(outputs[lost]!)} has shape [${two.outputs[lost]!.join(",")}] for two rows`);
  }
  return {
    sites: found,
    fixed: undefined,
    outputs: places as OutputRows[],
    note: undefined,
  };
}

const placed = (entry: Probe["sites"][number], layout: SiteLayout): PlacedSite => ({
  ...entry,
  layout,
  shape: maskShape(layout, entry.site.share),
  isOpen: false,
});

/**
 * Gives a place its shape as soon as a run makes its tensor.
 *
 * @returns Whether this run did.
 * @throws {RangeError} If the run had several rows: they do not all go the same way.
 */
export function settle(where: string, placing: Placing, site: Site, tensor: OrtTensor): boolean {
  const shape = runShape(where, site, tensor);
  if (shape === undefined) return false;
  if (placing.fixed !== 1) {
    throw new RangeError(
      `${where}: all rows must take the same branch, got other rows in the one with ${shown(site.name)}; ` +
        oneRow(placing),
    );
  }
  const at = placing.sites.findIndex((entry) => entry.site === site);
  placing.sites[at] = settled(placing.sites[at]!, shape);
  return true;
}

/** In a run of one row. */
const settled = (entry: Probe["sites"][number], shape: RunShape | undefined): PlacedSite =>
  shape === undefined ? openSite(entry) : placed(entry, layoutOfOne(shape.dims, entry.site.kind === "weight"));

/** A place in a branch that no run has taken yet: what it is fed there has no effect. */
const openSite = (entry: Probe["sites"][number]): PlacedSite => ({
  ...placed(entry, {
    dims: new Array<number>(entry.site.rank ?? 1).fill(1),
    rowAxis: undefined,
    perRow: 1,
    order: "row by row",
  }),
  isOpen: true,
});

function saidAxis(plan: RowPlan, name: string): number | undefined {
  const axis = plan.outputs.get(name);
  return typeof axis === "number" ? axis : undefined;
}

/** The axis that has one entry for one row and two for two. */
function grownAxis(one: readonly number[], two: readonly number[]): number | undefined {
  if (one.length !== two.length) return undefined;
  const grown = one.flatMap((size, axis) => (two[axis] === size ? [] : [axis]));
  const [axis] = grown;
  return grown.length === 1 && one[axis!] === 1 && two[axis!] === 2 ? axis : undefined;
}

/** Shapes in a run over so many rows. Without a known rank a single multiplier broadcasts to everything. */
async function shapesOf(probe: Probe, table: RowTable, rows: number): Promise<Shapes> {
  const { where, shapes, sites, outputs } = probe;
  const ones = onesOf(sites.map(({ site, feed }) => [feed, site.rank]));
  const feeds: Feeds = { ...table.feeds(someRows(table, rows)), ...ones };
  const names = sites.map(({ site }) => shapeName(site));
  const results = await runSession(where, shapes, feeds, [...outputs, ...names]);
  return {
    sites: sites.map(({ site }, i) => runShape(where, site, results[names[i]!]!)),
    outputs: outputs.map((name) => tensorDims(where, name, results[name])),
  };
}

function tensorDims(where: string, name: string, tensor: OrtTensor | undefined): number[] {
  if (tensor?.dims !== undefined) return tensor.dims.map(Number);
  throw new TypeError(`${where}: output ${shown(name)} must be a tensor, got something else`);
}
