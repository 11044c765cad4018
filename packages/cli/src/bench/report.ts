// The benchmark as text. Knows no case.

import { table } from "../output/table.js";
import type { Paint } from "../output/terminal.js";
import type { CaseResult, GroupResult } from "./harness.js";

/** One group as a table: nanoseconds an element, the ratio to the baseline with its quartiles, and what is aimed at. */
export function groupTable(group: GroupResult, paint: Paint): string {
  const rows = group.results.map((result, i) => [
    result.name,
    result.ns.median.toFixed(2),
    i === 0 ? "1" : result.ratio.median.toFixed(2),
    i === 0 ? "" : result.ratio.quartiles.map((value) => value.toFixed(2)).join(" - "),
    targetText(result),
    verdictText(result, paint),
  ]);
  const columns = [
    { title: "" },
    { title: "ns/element", align: "right" as const },
    { title: "ratio", align: "right" as const },
    { title: "quartiles" },
    { title: "aim" },
    { title: "" },
  ];
  return `${paint.bold(group.name)}\n${table(columns, rows)}`;
}

/** Whether a case reached what is aimed at; undefined if nothing is. */
export function isMet({ target, targetAboveNs, limit, ofLimit, ratio, aboveNs }: CaseResult): boolean | undefined {
  if (limit !== undefined) return ofLimit!.median <= limit.most;
  if (target !== undefined) return ratio.median <= target;
  if (targetAboveNs !== undefined) return aboveNs.median <= targetAboveNs;
  return undefined;
}

function targetText({ target, targetAboveNs, limit, ofLimit, aboveNs }: CaseResult): string {
  if (limit !== undefined) return `${ofLimit!.median.toFixed(2)} <= ${limit.most} x ${limit.of}`;
  if (target !== undefined) return `<= ${target}`;
  if (targetAboveNs !== undefined) return `+ ${aboveNs.median.toFixed(0)} ns, <= ${targetAboveNs}`;
  return "";
}

function verdictText(result: CaseResult, paint: Paint): string {
  const met = isMet(result);
  if (met === undefined) return "";
  return met ? paint.green("met") : paint.red("missed");
}
