// The sessions that passes are made with: of the whole rest of the model, or of one whose dropped units are left out.

import { passKey } from "hadamask";
import type { ModelProto } from "../protobuf/types.js";
import type { Site } from "../sites.js";
import type { Draw, Slots } from "./draw.js";
import type { Load } from "./loader.js";
import type { Ort, OrtSession } from "./ort.js";
import type { Placing } from "./probe.js";
import { selecting } from "./select.js";
import { type Feeds, isBroadcast, keepOf, type PlacedSite, thinnedFeeds } from "./site-feed.js";
import { type ThinnedSite, thin } from "./thin.js";

/** A session for passes. */
export interface Passes {
  readonly session: OrtSession;
  /** Where dropped units are left out, by the site's input. */
  readonly thinned: ReadonlyMap<string, ThinnedSite>;
}

/** Rows from which on cutting the weights down costs less than the products it saves. */
const WORTH_THINNING = 64;

/** The session with masks everywhere; `session` if the model has no part before them. */
export async function openFull(
  load: Load,
  rest: ModelProto | undefined,
  sites: readonly Site[],
  opset: number,
  session: OrtSession,
): Promise<Passes> {
  const thinned = new Map<string, ThinnedSite>();
  return rest === undefined
    ? { session, thinned }
    : { session: await load(selecting(rest, sites, opset).model), thinned };
}

/** The session without dropped units; undefined if no site is between two dense layers. */
export async function openThinned(
  load: Load,
  model: ModelProto,
  sites: readonly Site[],
  candidates: readonly Site[],
  opset: number,
): Promise<Passes | undefined> {
  const thinner = thin(model, candidates);
  if (thinner === undefined) return undefined;
  const thinned = new Map(thinner.thinned.map((entry) => [entry.site.input, entry]));
  const others = sites.filter(({ input }) => !thinned.has(input));
  return { session: await load(selecting(thinner.model, others, opset).model), thinned };
}

/** Whether a run can and should be made without dropped units. */
export const isWorthThinning = (slots: Slots, draw: Draw): boolean =>
  slots.rows.length >= WORTH_THINNING && draw.masks === "consistent" && slots.rows.length <= slots.count;

/** The sites of a matrix of rows and units, with one decision for each unit. */
export const sitesOfUnits = ({ sites }: Placing, slots: Slots, draw: Draw): readonly Site[] =>
  sites.filter((placed) => isOfUnits(placed, slots, draw)).map(({ site }) => site);

function isOfUnits(placed: PlacedSite, slots: Slots, draw: Draw): boolean {
  const { layout, shape } = placed;
  const isMatrix = layout.dims.length === 2 && layout.rowAxis === 0 && shape.perRow === layout.dims[1];
  return isMatrix && isBroadcast(placed, slots, draw);
}

/** Masks for a pass; undefined if a thinned site keeps nothing. */
export function masksFor(ort: Ort, { thinned }: Passes, placing: Placing, slots: Slots, draw: Draw): Feeds | undefined {
  const feeds: Feeds = {};
  for (const [k, placed] of placing.sites.entries()) {
    const { site, shape, feed } = placed;
    const entry = thinned.get(site.input);
    const key = draw.keys[k]!;
    const own =
      entry === undefined
        ? feed.masks(placed, slots, draw, key)
        : thinnedFeeds(ort, entry, shape.perRow, keepOf(site, draw), passKey(key, slots.firstPass));
    if (own === undefined) return undefined;
    Object.assign(feeds, own);
  }
  return feeds;
}
