// Places of one kind put together: an unrolled recurrent network has more than a thousand gates.

import { append } from "../graph/view.js";
import type { Place } from "./places.js";

export interface PlaceGroup {
  readonly kind: Place["kind"];
  readonly operator: string;
  /** "Loop (encoder)" and the like, in whose body they are; undefined in the main graph. */
  readonly inside: string | undefined;
  readonly count: number;
  /** Names of the first. */
  readonly names: readonly string[];
  /** Outputs that depend on some of them. */
  readonly outputs: readonly string[];
  /** Outputs that depend on some of them through a layer with weights. */
  readonly advisedFor: readonly string[];
  /** Whether they only gate something else. */
  readonly isGate: boolean;
}

const NAMES = 3;

/** In the order of the first of each. */
export function groupPlaces(places: readonly Place[]): PlaceGroup[] {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    append(groups, JSON.stringify([place.kind, place.operator, place.isGate, place.inside]), place);
  }
  const all = (lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())];
  return [...groups.values()].map((group) => ({
    kind: group[0]!.kind,
    operator: group[0]!.operator,
    inside: group[0]!.inside,
    count: group.length,
    names: group.slice(0, NAMES).map(({ name }) => name),
    outputs: all(group.map(({ outputs }) => outputs)),
    advisedFor: all(group.map(({ advisedFor }) => advisedFor)),
    isGate: group[0]!.isGate,
  }));
}
