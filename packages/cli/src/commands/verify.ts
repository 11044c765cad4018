// `hadamask verify`: every claim of the source documents, checked numerically.

import { Failure } from "../failure.js";
import { absent, jsonText } from "../output/json.js";
import { despiteClosed, type Terminal } from "../output/terminal.js";
import type { Row } from "../verify/verify.js";
import { examples, type Register, SOURCES_HELP } from "./register.js";

export const verify: Register = (program, terminal) => {
  program
    .command("verify")
    .description("Check every claim of the source documents numerically, and prove where they are wrong.")
    .option("--only <what...>", "sources (003), groups (S3, E-003) or rows (S3-15, E-003-17); also separated by commas")
    .option("--details", "print everything that is measured for a row (always, where at most five are chosen)")
    .option("--json", "print the rows as one JSON array and nothing else")
    .addHelpText("after", SOURCES_HELP)
    .addHelpText("after", "  across, references: what the five say differently; what other libraries' dropout does")
    .addHelpText("after", VERDICTS_HELP)
    .addHelpText(
      "after",
      examples([
        ["hadamask verify", "every row, in half a minute"],
        ["hadamask verify --only 003", "one source, claims and corrections"],
        ["hadamask verify --only S3-15 E-003-17", "two rows, with everything measured for them"],
        ["hadamask verify --json > rows.json", "for a program"],
      ]),
    )
    .action((options: VerifyOptions) => run(options, despiteClosed(terminal)));
};

const VERDICTS_HELP = `
Verdicts:
  holds      the claim is right as the source says it
  corrected  it is wrong or incomplete; the right statement is printed below, and proven
  noted      there is nothing to compute (a citation, a wording); this is not a pass
  fails      a check of ours did not come out; the command then exits with 1`;

interface VerifyOptions {
  readonly only?: readonly string[];
  readonly details?: true;
  readonly json?: true;
}

/** Up to this many rows are printed with all their measures. */
const FEW = 5;

async function run({ only = [], details, json }: VerifyOptions, terminal: Terminal): Promise<void> {
  const { claims } = await import("../verify/claims.js");
  const { select } = await import("../verify/select.js");
  const { check, countVerdicts } = await import("../verify/verify.js");
  const chosen = select(
    claims,
    only.flatMap((word) => word.split(",")),
  );
  const start = performance.now();
  const checked = function* (): Generator<Row> {
    for (const claim of chosen) yield check(claim);
  };
  const isInFull = details === true || chosen.length <= FEW;
  const rows = json ? await printJson(checked(), terminal) : await printText(checked(), isInFull, terminal);
  const seconds = (performance.now() - start) / 1000;
  if (!json) {
    const { summary } = await import("../verify/report.js");
    await terminal.write(summary(rows, seconds, terminal.paint));
  }
  const { fails } = countVerdicts(rows);
  if (fails > 0) {
    const names = rows.filter(({ verdict }) => verdict === "fails").map(({ id }) => id);
    throw new Failure(`verify: ${fails} of ${rows.length} checks fail: ${names.join(", ")}`);
  }
}

async function printText(checked: Iterable<Row>, isInFull: boolean, terminal: Terminal): Promise<Row[]> {
  const { heading, rowInFull, tableRow } = await import("../verify/report.js");
  const rows: Row[] = [];
  if (!isInFull) await terminal.write(heading(terminal.paint));
  for (const row of checked) {
    rows.push(row);
    await terminal.write((isInFull ? rowInFull : tableRow)(row, terminal.paint));
  }
  return rows;
}

const whyAbsent = ({ error }: Row): Partial<Record<keyof Row, string>> => {
  const nothing = error === null ? "there is nothing to compute" : "the check ended in an error";
  return {
    measured: nothing,
    expected: nothing,
    bound: nothing,
    right: "the source's statement is right",
    severity: "the row is no erratum",
    error: "there was none",
  };
};

/** One row a line, as they come. NaN and infinities are strings, since JSON has no such numbers. */
async function printJson(checked: Iterable<Row>, terminal: Terminal): Promise<Row[]> {
  const rows: Row[] = [];
  for (const row of checked) {
    const text = jsonText({ ...row, ...absent(row, whyAbsent(row)) });
    await terminal.write(`${rows.length === 0 ? "[" : ","}\n${text}`);
    rows.push(row);
  }
  await terminal.write("\n]\n");
  return rows;
}
