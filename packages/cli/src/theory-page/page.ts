// docs/theory.md and its figures, made from the checks.

import { renderSvg } from "../output/render-chart.js";
import { claims } from "../verify/claims.js";
import { check, type Row } from "../verify/verify.js";
import { type Figure, figures } from "./figures.js";
import { fillPage } from "./fill.js";

/** The page with its numbers as they are measured now. */
export function theoryPage(page: string): string {
  const checked = new Map<string, Row>();
  const rowOf = (id: string): Row => {
    const claim = claims.find((candidate) => candidate.id === id);
    if (claim === undefined) throw new Error(`docs/theory.md: there is no row ${id}`);
    const row = checked.get(id) ?? check(claim);
    checked.set(id, row);
    return row;
  };
  // The errata's texts are needed, not their measures.
  const errata = claims
    .filter(({ severity }) => severity !== undefined)
    .map(
      (claim): Row => ({
        ...emptyRow,
        id: claim.id,
        source: claim.source,
        place: claim.place,
        claim: claim.claim,
        right: claim.right!,
        severity: claim.severity!,
      }),
    );
  return fillPage(page, rowOf, errata);
}

const emptyRow = { measured: null, expected: null, bound: null, verdict: "noted", measures: [], error: null } as const;

/** File names and contents of the figures. */
export function theoryFigures(
  definitions: readonly Figure[] = figures(),
): { readonly file: string; readonly svg: string }[] {
  return definitions.map(({ name, option, size }) => ({
    file: `${name}.svg`,
    svg: still(renderSvg(option, size), name),
  }));
}

/**
 * A picture without what only a pointer would need, and with names that do not count how many charts were drawn
 * before: the same figure is the same file.
 */
const still = (svg: string, name: string): string =>
  svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>\n?/g, "")
    .replace(/ class="zr\d+-cls-\d+"| pointer-events="visible"/g, "")
    .replace(/\bzr\d+-/g, `${name}-`);
