// From what a user asks for to the places that are meant.

import { checkCount, checkRate, describe, nameList, shown } from "../check.js";
import { fits } from "./pattern.js";
import type { Place } from "./places.js";

/**
 * Which elements of a tensor share one decision. "channel" shares over all axes after the second, "sample" over all
 * after the first.
 */
export type Share = "element" | "channel" | "sample" | { readonly axes: readonly number[] };

/** Whether all entries of an axis share one decision. */
export function isShared(share: Share, axis: number): boolean {
  if (share === "element") return false;
  if (typeof share === "object") return share.axes.includes(axis);
  return axis >= (share === "channel" ? 2 : 1);
}

/**
 * Where dropout goes, and how much of it. Without `after`, `before` and `weights` the Dropout nodes of the model are
 * meant.
 *
 *     { }                                          every Dropout node, each with its own rate
 *     { rate: 0.1, after: ["Relu"] }               after every Relu
 *     { rate: 0.1, before: ["Gemm"], last: 1 }     before the last fully connected layer
 *     { rate: 0.2, after: ["Relu"], share: "channel" }   whole channels
 *     { rate: 0.05, weights: true, where: "head.*" }     DropConnect on the weights whose names begin with "head."
 *     { rate: 0.1, recipe: true }                  after every layer but the last, whole channels behind convolutions
 */
export interface Placement {
  /** Probability of dropping. Dropout nodes have one of their own; everything else needs it. */
  readonly rate?: number;
  /**
   * After activations and other makers of features: operator names ("Relu", "LSTM", "MaxPool"), or "Gelu", "Silu",
   * "HardSwish", "Relu6", "AttentionSoftmax", "Embedding" for what has no operator of its own.
   */
  readonly after?: readonly string[];
  /** Before layers with weights: "Gemm", "MatMul", "Conv", "ConvTranspose". */
  readonly before?: readonly string[];
  /** On the weights of layers (DropConnect). */
  readonly weights?: boolean;
  /**
   * After every layer with weights but the last, behind its activation; whole channels behind convolutions, unless
   * `share` says otherwise.
   */
  readonly recipe?: boolean;
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

/**
 * Applies one or several placements; the result is in graph order.
 *
 * @param hidden Where the layers of the model are, if they are out of reach: for the sentence that nothing was found.
 */
export function choosePlaces(
  where: string,
  places: readonly Place[],
  placements: readonly Placement[],
  hidden?: string,
): ChosenPlace[] {
  const chosen = new Map<Place, ChosenPlace>();
  for (const placement of placements) {
    for (const place of select(where, places, placement, hidden)) {
      if (chosen.has(place))
        throw new RangeError(`${where}: ${label(place)} is chosen twice; narrow one of the placements`);
      chosen.set(place, { place, rate: rateFor(where, place, placement), share: shareFor(where, place, placement) });
    }
  }
  return places.flatMap((place) => chosen.get(place) ?? []);
}

function select(
  where: string,
  places: readonly Place[],
  placement: Placement,
  hidden: string | undefined,
): readonly Place[] {
  checkPlacement(where, placement);
  const { after, before, weights = false, recipe = false } = placement;
  const isExisting = meansDropoutNodes(placement);
  const ofKind = places.filter(
    ({ kind, operator, recipe: share }) =>
      (isExisting && kind === "dropout") ||
      (kind === "after" && (after?.includes(operator) ?? false)) ||
      (kind === "before" && (before?.includes(operator) ?? false)) ||
      (kind === "weight" && weights) ||
      (share !== undefined && recipe),
  );
  const named = oneWeightOnce(ofKind.filter((place) => fits(placement.where, place.name)));
  if (named.length === 0) throw nothingFound(where, places, placement, ofKind, hidden);
  return placement.last === undefined ? named : named.slice(-placement.last);
}

/** Whether a placement names no places, so that the Dropout nodes are meant. */
export const meansDropoutNodes = ({ after, before, weights = false, recipe = false }: Placement): boolean =>
  after === undefined && before === undefined && !weights && !recipe;

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
  hidden: string | undefined,
): RangeError {
  if (ofKind.length > 0) {
    const names = nameList(ofKind.map((place) => place.name));
    return new RangeError(
      `${where}: where must fit the name of a place, got ${describeWhere(placement.where)}; there are ${names}`,
    );
  }
  const { after, before, weights, recipe } = placement;
  const asked = [
    ...(after ?? []).map((name) => `after ${name}`),
    ...(before ?? []).map((name) => `before ${name}`),
    ...(weights ? ["on weights"] : []),
    ...(recipe ? ["after a layer that another one follows"] : []),
  ];
  const there = [
    ...new Set(places.map((place) => (place.kind === "weight" ? "weights" : `${place.kind} ${place.operator}`))),
  ];
  const offer =
    there.length > 0 ? `the model has ${nameList(there)}` : (hidden ?? "the model has no place for dropout");
  return asked.length === 0
    ? new RangeError(
        `${where}: the model has no Dropout node; pass after or before, for instance { rate: 0.1, after: ` +
          `["Relu"] }; ${offer}`,
      )
    : new RangeError(`${where}: there must be a place ${nameList(asked)}, got none; ${offer}`);
}

const describeWhere = (pattern: string | RegExp | undefined): string =>
  pattern instanceof RegExp ? String(pattern) : describe(pattern);

function rateFor(where: string, place: Place, { rate }: Placement): number {
  if (rate !== undefined) return checkRate(where, rate);
  if (place.kind !== "dropout") throw new TypeError(`${where}: rate is missing for ${label(place)}; pass { rate }`);
  if (place.ratio === undefined) {
    throw new TypeError(`${where}: rate is missing for ${label(place)}, whose ratio is not in the file; pass { rate }`);
  }
  return checkRate(where, place.ratio, `the ratio of ${place.name}`);
}

function shareFor(where: string, place: Place, { share, recipe = false }: Placement): Share {
  return checkShare(where, share ?? (recipe ? place.recipe : undefined) ?? "element");
}

function checkShare(where: string, share: Share): Share {
  if (share === "element" || share === "channel" || share === "sample") return share;
  if (typeof share !== "object" || share === null || !Array.isArray(share.axes)) {
    throw new TypeError(`${where}: share must be "element", "channel", "sample" or { axes }, got ${describe(share)}`);
  }
  for (const axis of share.axes) checkCount(where, "an axis of share", axis, 0, 63);
  return share;
}

/** A place in words: "after Relu /1/Relu". */
export function label({ kind, operator, name }: Pick<Place, "kind" | "operator" | "name">): string {
  const what = kind === "weight" ? "weight" : kind === "dropout" ? "Dropout" : `${kind} ${shown(operator)}`;
  return `${what} ${shown(name)}`;
}
