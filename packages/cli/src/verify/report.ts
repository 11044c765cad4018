// The table of checked claims as text, row by row, so that it can be printed while it is computed.

import { counted, tidy } from "../output/number.js";
import type { Paint } from "../output/terminal.js";
import type { Measure, Value } from "./measure.js";
import { countVerdicts, type Row, type Verdict } from "./verify.js";

/** Widths of the columns: row, verdict, claim, measured, expected, bound. The whole fits 120 characters. */
const WIDTHS = [8, 9, 46, 19, 19, 8] as const;
const GAP = "  ";
const TITLES = ["row", "verdict", "place: claim", "measured", "expected", "bound"];
const INDENT = " ".repeat(WIDTHS[0] + WIDTHS[1] + 2 * GAP.length);
const TEXT_WIDTH = WIDTHS.slice(2).reduce((sum, width) => sum + width, 0) + 3 * GAP.length;

export function heading(paint: Paint): string {
  const rules = WIDTHS.map((width) => "-".repeat(width));
  return `${paint.bold(lines(TITLES.map((title) => [title])).trimEnd())}\n${lines(rules.map((rule) => [rule]))}`;
}

/** A row of the table, with the right statement below where there is one; failing rows with all their measures. */
export function tableRow(row: Row, paint: Paint): string {
  const first = row.measures[0];
  const cells = [
    [row.id],
    [row.verdict],
    wrap(`${row.place}: ${row.claim}`, WIDTHS[2]),
    wrap(first === undefined ? "" : valueText(first.measured), WIDTHS[3]),
    wrap(first === undefined ? "nothing to compute" : `${relationText(first)}${valueText(first.expected)}`, WIDTHS[4]),
    [first === undefined ? "" : short3(first.bound)],
  ];
  const below = `${rightText(row, INDENT, paint)}${refutedText(row)}`;
  const text = `${colouredVerdict(lines(cells), row.verdict, paint)}${below}`;
  return row.verdict === "fails" ? `${text}${measuresText(row, paint)}` : text;
}

/** A row with everything that was measured for it. */
export function rowInFull(row: Row, paint: Paint): string {
  const severity = row.severity === null ? "" : `, severity ${row.severity}`;
  const title =
    `${paint.bold(row.id)}  ${colour(row.verdict, paint)(row.verdict)}  source ${row.source}, ` +
    `${row.place}${severity}`;
  const claim = wrap(row.claim, 100).map((line) => `  ${line}\n`);
  return `${title}\n${claim.join("")}${rightText(row, "  ", paint)}${measuresText(row, paint)}\n`;
}

function rightText({ right }: Row, indent: string, paint: Paint): string {
  if (right === null) return "";
  return wrap(`right: ${right}`, TEXT_WIDTH)
    .map((line, i) => `${indent}${i === 0 ? "" : "       "}${paint.green(line)}\n`)
    .join("");
}

/** The first formula of the source that is refuted, with what is true in its place. */
function refutedText({ measures }: Row): string {
  const refuted = measures.find(({ relation }) => relation === "differs from");
  if (refuted === undefined) return "";
  return `${INDENT}refuted: ${valueText(refuted.expected)}, where ${valueText(refuted.measured)} is measured\n`;
}

function measuresText({ measures, error }: Row, paint: Paint): string {
  const texts = measures.map((measure) => {
    const { what, measured, relation, expected, bound, passes } = measure;
    const mark = passes ? paint.green("✓") : paint.red("✗");
    const numbers = `${valueText(measured)} ${relation} ${valueText(expected)}, bound ${short3(bound)}`;
    return `  ${mark} ${what}\n      ${numbers}\n`;
  });
  if (error !== null) texts.push(`  ${paint.red("✗")} the check ended in an error: ${error}\n`);
  return texts.join("");
}

/** What is said at the end. */
export function summary(rows: readonly Row[], seconds: number, paint: Paint): string {
  const { holds, corrected, noted, fails } = countVerdicts(rows);
  const measures = rows.reduce((sum, row) => sum + row.measures.length, 0);
  const errata = rows.filter(({ severity }) => severity !== null);
  const graded = (["A", "B", "C"] as const).map((grade) => errata.filter(({ severity }) => severity === grade).length);
  const lead = `${counted(rows.length, "claim")}, ${counted(measures, "measure")}, ${seconds.toFixed(1)} s`;
  return [
    "",
    paint.bold(lead),
    `  ${paint.green("holds")}      ${count(holds)}  right as the source says it`,
    `  ${paint.green("corrected")}  ${count(corrected)}  wrong or incomplete in the source; the right ` +
      `statement is proven next to it`,
    `  noted      ${count(noted)}  nothing to compute: a citation, a wording, typesetting; no pass`,
    `  ${fails === 0 ? "fails" : paint.red("fails")}      ${count(fails)}  a check of ours did not come out`,
    ...(errata.length < 2
      ? []
      : [
          `${errata.length} of them are errata: ${graded[0]} wrong results or crashes, ${graded[1]} wrong ` +
            `statements, ${graded[2]} incomplete`,
        ]),
    "",
  ].join("\n");
}

const count = (n: number): string => String(n).padStart(4);

const short3 = (value: number): string => (value === 0 ? "0" : String(Number(value.toPrecision(2))));

const relationText = ({ relation }: Measure): string =>
  ({ equals: "", "differs from": "not ", "at most": "≤ ", "at least": "≥ " })[relation];

/** A few numbers in full, many by their first three and their count. */
function valueText(value: Value): string {
  if (typeof value === "number") return tidy(value);
  if (value.length <= 6) return `[${value.map(tidy).join(", ")}]`;
  return `[${value.slice(0, 3).map(tidy).join(", ")}, … ${value.length}]`;
}

const colour = (verdict: Verdict, paint: Paint): ((text: string) => string) =>
  ({ holds: paint.green, corrected: paint.green, noted: paint.dim, fails: paint.red })[verdict];

const colouredVerdict = (text: string, verdict: Verdict, paint: Paint): string =>
  text.replace(verdict, colour(verdict, paint)(verdict));

/** Lays cells of several lines side by side. */
function lines(cells: readonly (readonly string[])[]): string {
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, l) =>
    cells
      .map((cell, c) => (cell[l] ?? "").padEnd(WIDTHS[c]!))
      .join(GAP)
      .trimEnd(),
  )
    .map((line) => `${line}\n`)
    .join("");
}

/** Breaks at spaces; a word that is longer than the width stands alone. */
function wrap(text: string, width: number): string[] {
  const wrapped: string[] = [];
  for (const word of text.split(" ")) {
    const last = wrapped.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) wrapped[wrapped.length - 1] = `${last} ${word}`;
    else wrapped.push(word);
  }
  return wrapped;
}
