// Fills the numbers into docs/theory.md: between marks in the text stand tables made of the rows that
// `hadamask verify` checks.

import { tidy } from "../output/number.js";
import type { Measure, Value } from "../verify/measure.js";
import type { Row } from "../verify/verify.js";

/** `<!-- verify E-003-10 1-3 5 -->`, whatever is between, `<!-- end -->`. */
const REGION = /<!-- (verify|errata) ?([^>]*?) ?-->\n[\s\S]*?<!-- end -->/g;

/**
 * Replaces each marked region of a page by what it asks for.
 *
 * - `verify ID 1-3 5`: the measures 1, 2, 3 and 5 of a row, as a table; all of them without numbers.
 * - `errata A`: every correction of a severity, with the right statement.
 *
 * @param rowOf Checks a row, by its id.
 * @throws {Error} If a region asks for a row or a measure that does not exist, or for one that fails.
 */
export function fillPage(page: string, rowOf: (id: string) => Row, errata: readonly Row[]): string {
  return page.replace(REGION, (_, kind: "verify" | "errata", request: string) => {
    const table = kind === "verify" ? measuresTable(request, rowOf) : errataTable(request, errata);
    return `<!-- ${kind} ${request} -->\n${table}<!-- end -->`;
  });
}

function measuresTable(request: string, rowOf: (id: string) => Row): string {
  const [id, ...ranges] = request.split(" ");
  const row = rowOf(id!);
  if (row.verdict === "fails") throw new Error(`docs/theory.md: ${id} fails; see hadamask verify --only ${id}`);
  const chosen = ranges.length === 0 ? row.measures : ranges.flatMap((range) => inRange(row, range));
  const lines = chosen.map(
    (measure) => `| ${cell(measure.what)} | ${numbers(measure.measured)} | ${goal(measure)} |\n`,
  );
  return `| measured (${id}) | value | should be |\n| --- | --- | --- |\n${lines.join("")}`;
}

function inRange(row: Row, range: string): readonly Measure[] {
  const [first, last = first] = range.split("-").map(Number);
  const chosen = row.measures.slice(first! - 1, last);
  if (chosen.length !== last! - first! + 1) throw new Error(`docs/theory.md: ${row.id} has no measures ${range}`);
  return chosen;
}

function errataTable(severity: string, errata: readonly Row[]): string {
  const chosen = errata.filter((row) => row.severity === severity);
  if (chosen.length === 0) throw new Error(`docs/theory.md: there are no errata of severity ${severity}`);
  const lines = chosen.map(({ id, claim, right }) => `| ${id} | ${cell(claim)} | ${cell(right!)} |\n`);
  return `| row | what is said | what is right |\n| --- | --- | --- |\n${lines.join("")}`;
}

/** Bars would end a cell, and stars would be emphasis. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("*", "\\*").replaceAll("_", "\\_");

const goal = ({ relation, expected }: Measure): string =>
  ({ equals: "", "differs from": "not ", "at most": "at most ", "at least": "at least " })[relation] +
  numbers(expected);

function numbers(value: Value): string {
  if (typeof value === "number") return tidy(value);
  if (value.length <= 9) return value.map(tidy).join(", ");
  return `${value.slice(0, 4).map(tidy).join(", ")}, … (${value.length})`;
}
