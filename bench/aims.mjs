// What the library's own kernels aim at and what they reach, from docs/benchmarks/*.json. Measures nothing.

import { isMet } from "../packages/cli/dist/bench/report.js";
import { missedText } from "./missed.mjs";
import { between, digits, find, table, verdict } from "./tables.mjs";

function targetRow(group, result) {
  const { name, target, targetAboveNs, limit, ofLimit, ratio, aboveNs } = result;
  const copies = targetAboveNs === undefined ? `${digits(ratio.median)} (${between(ratio)})` : "";
  const row = (value, aim) => [`${group.name}: ${name}`, copies, value, aim, verdict(isMet(result))];
  if (limit !== undefined) return row(`${digits(ofLimit.median)} × ${limit.of}`, `<= ${limit.most}`);
  if (targetAboveNs !== undefined) return row(`+ ${aboveNs.median.toFixed(0)} ns`, `<= + ${targetAboveNs} ns`);
  return row(`${digits(ratio.median)} × its baseline`, `<= ${target}`);
}

const targetResults = (library) =>
  library.groups.flatMap((group) =>
    group.results.filter((result) => isMet(result) !== undefined).map((result) => ({ group, result })),
  );

const targetTable = (library) =>
  table(
    ["case", "× its baseline (quartiles)", "× what it is held to", "aim", ""],
    targetResults(library).map(({ group, result }) => targetRow(group, result)),
  );

const untargetedTable = (library) =>
  table(
    ["case", "ns an element", "ratio to its baseline"],
    library.groups.flatMap((group) =>
      group.results
        .filter((result) => isMet(result) === undefined)
        .map(({ name, ns, ratio }) => [`${group.name}: ${name}`, digits(ns.median), digits(ratio.median)]),
    ),
  );

/** The sections of one kernel: its aims, and what was measured beside them. */
const librarySection = (title, library) => `### ${title}

${targetTable(library)}

Measured beside them, without an aim:

${untargetedTable(library)}`;

/** The aims of each kernel, on the processor that was measured last. */
export function aimsText({ machine, date, command, library, native }) {
  const { cpu, cores, load, node, commit } = machine;
  const day = date.slice(0, 10);
  const where = `Measured on: ${cpu}, ${cores} cores, Node ${node}, commit ${commit}, ${day}, \`${command}\`.`;
  const busy = load > 0.5 ? ` Other work was running (load ${load} on ${cores} cores): read these with care.` : "";
  const sections = [
    ...(native === undefined ? [] : [librarySection("Native ([@hadamask/native](native.md))", native)]),
    librarySection("WebAssembly", library),
  ];
  return `${where}${busy}\n\n${sections.join("\n\n")}`;
}

export function missedAims({ library, native }) {
  const text = (title, of, kernel) => `${title}: ${missedText(targetResults(of), isMet, ratioAt(of), kernel)}`;
  return [
    ...(native === undefined ? [] : [text("Native", native, "native")]),
    text("WebAssembly", library, "simd"),
  ].join("\n\n");
}

const ratioAt = (library) => (group, name) =>
  find(library.groups.find((entry) => entry.name === group).results, name).ratio.median;
