// From what a user asks for to the places that are meant.

import { checkCount, checkRate, describe, list } from "../check.js";
import type { Place } from "./places.js";

/**
 * Which elements of a tensor share one decision. "channel" shares over all axes after the second, "sample" over all
 * after the first.
 */
export type Share = "element" | "channel" | "sample" | { readonly axes: readonly number[] };

/**
 * Where dropout goes, and how much of it. Without `after`, `before` and `weights` the Dropout nodes of the model are
 * meant.
 *
 *     { }                                          every Dropout node, each with its own rate
 *     { rate: 0.1, after: ["Relu"] }               after every Relu
 *     { rate: 0.1, before: ["Gemm"], last: 1 }     before the last fully connected layer
 *     { rate: 0.2, after: ["Relu"], share: "channel" }   whole channels
 *     { rate: 0.05, weights: true, where: "head.*" }     DropConnect on the weights whose names begin with "head."
 */
export interface Placement {
  /** Probability of dropping. Dropout nodes have one of their own; everything else needs it. */
  readonly rate?: number;
  /** After activations: operator names, or "Gelu", "Silu", "AttentionSoftmax" for those written as several nodes. */
  readonly after?: readonly string[];
  /** Before layers with weights: "Gemm", "MatMul", "Conv", "ConvTranspose". */
  readonly before?: readonly string[];
  /** On the weights of layers (DropConnect). */
  readonly weights?: boolean;
  /** Only places whose name fits: a regular expression, or a text in which * stands for anything. */
  readonly where?: string | RegExp;
  /** Only the last so many, in graph order. */
  readonly last?: number;
  /** Default "element". */
  readonly share?: Share;
}

/** A place with what is to be done there. */
export interface ChosenPlace {
  readonly place: Place;
  readonly rate: number;
  readonly share: Share;
}

/** Applies one or several placements; the result is in graph order. */
export function choosePlaces(where: string, places: readonly Place[], placements: readonly Placement[]): ChosenPlace[] {
  const chosen = new Map<Place, ChosenPlace>();
  for (const placement of placements) {
    for (const place of select(where, places, placement)) {
      if (chosen.has(place))
        throw new RangeError(`${where}: ${label(place)} is chosen twice; narrow one of the placements`);
      chosen.set(place, { place, rate: rateFor(where, place, placement), share: shareOf(where, placement.share) });
    }
  }
  return places.flatMap((place) => chosen.get(place) ?? []);
}

function select(where: string, places: readonly Place[], placement: Placement): readonly Place[] {
  checkPlacement(where, placement);
  const { after, before, weights = false } = placement;
  const isExisting = after === undefined && before === undefined && !weights;
  const ofKind = places.filter(
    ({ kind, operator }) =>
      (isExisting && kind === "dropout") ||
      (kind === "after" && (after?.includes(operator) ?? false)) ||
      (kind === "before" && (before?.includes(operator) ?? false)) ||
      (kind === "weight" && weights),
  );
  const named = oneWeightOnce(ofKind.filter((place) => fits(placement.where, place.name)));
  if (named.length === 0) throw nothingFound(where, places, placement, ofKind);
  return placement.last === undefined ? named : named.slice(-placement.last);
}

/** Tied weights are used by several layers, but they are one tensor. */
function oneWeightOnce(places: readonly Place[]): readonly Place[] {
  const seen = new Set<string>();
  return places.filter((place) => {
    if (place.kind !== "weight") return true;
    const isNew = !seen.has(place.tensor);
    seen.add(place.tensor);
    return isNew;
  });
}

function checkPlacement(where: string, placement: Placement): void {
  if (typeof placement !== "object" || placement === null || Array.isArray(placement)) {
    throw new TypeError(
      `${where}: a placement must be an object such as { rate: 0.1, after: ["Relu"] }, got ${describe(placement)}`,
    );
  }
  for (const name of ["after", "before"] as const) {
    const value = placement[name];
    if (value !== undefined && !(Array.isArray(value) && value.every((entry) => typeof entry === "string"))) {
      throw new TypeError(`${where}: ${name} must be an array of operator names, got ${describe(value)}`);
    }
  }
  if (placement.where !== undefined && typeof placement.where !== "string" && !(placement.where instanceof RegExp)) {
    throw new TypeError(`${where}: where must be a text or a regular expression, got ${describe(placement.where)}`);
  }
  if (placement.last !== undefined) checkCount(where, "last", placement.last, 1, 2 ** 31);
}

function nothingFound(
  where: string,
  places: readonly Place[],
  placement: Placement,
  ofKind: readonly Place[],
): RangeError {
  if (ofKind.length > 0) {
    const names = list(ofKind.map((place) => place.name));
    return new RangeError(
      `${where}: where must fit the name of a place, got ${describeWhere(placement.where)}; there are ${names}`,
    );
  }
  const { after, before, weights } = placement;
  const asked = [
    ...(after ?? []).map((name) => `after ${name}`),
    ...(before ?? []).map((name) => `before ${name}`),
    ...(weights ? ["on weights"] : []),
  ];
  const there = [
    ...new Set(places.map((place) => (place.kind === "weight" ? "weights" : `${place.kind} ${place.operator}`))),
  ];
  const offer = there.length === 0 ? "the model has no place for dropout" : `the model has ${list(there)}`;
  return asked.length === 0
    ? new RangeError(
        `${where}: the model has no Dropout node; pass after or before, for instance { rate: 0.1, after: ["Relu"] }; ${offer}`,
      )
    : new RangeError(`${where}: there must be a place ${list(asked)}, got none; ${offer}`);
}

const describeWhere = (pattern: string | RegExp | undefined): string =>
  pattern instanceof RegExp ? String(pattern) : describe(pattern);

/** Whether a name fits a pattern as in {@link Placement.where}. */
export function fits(pattern: string | RegExp | undefined, name: string): boolean {
  if (pattern === undefined) return true;
  if (pattern instanceof RegExp) return pattern.test(name);
  const literal = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`).test(name);
}

function rateFor(where: string, place: Place, { rate }: Placement): number {
  if (rate !== undefined) return checkRate(where, rate);
  if (place.kind !== "dropout") throw new TypeError(`${where}: rate is missing for ${label(place)}; pass { rate }`);
  if (place.ratio === undefined) {
    throw new TypeError(`${where}: rate is missing for ${label(place)}, whose ratio is not in the file; pass { rate }`);
  }
  return checkRate(where, place.ratio, `the ratio of ${place.name}`);
}

function shareOf(where: string, share: Share = "element"): Share {
  if (share === "element" || share === "channel" || share === "sample") return share;
  if (typeof share !== "object" || share === null || !Array.isArray(share.axes)) {
    throw new TypeError(`${where}: share must be "element", "channel", "sample" or { axes }, got ${describe(share)}`);
  }
  for (const axis of share.axes) checkCount(where, "an axis of share", axis, 0, 63);
  return share;
}

/** A place in words: "after Relu /1/Relu". */
export function label({ kind, operator, name }: Place): string {
  return kind === "weight" ? `weight ${name}` : kind === "dropout" ? `Dropout ${name}` : `${kind} ${operator} ${name}`;
}
