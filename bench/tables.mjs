// The tables of docs/benchmarks.md, from docs/benchmarks/*.json. Knows no prose and measures nothing.

import { COPY, LOOPS, OURS } from "./ours.mjs";

/** How many times as fast as the fastest peer each way is to be. */
export const FACTORS_AIMED_AT = { native: 10, alloc: 5, heap: 3.5 };
const NAMES_OF_OURS = [...Object.values(OURS), ...Object.values(LOOPS), COPY];

export const digits = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
export const between = ({ quartiles }) => quartiles.map(digits).join(" - ");
export const times = (value) => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
export const table = (head, rows) =>
  [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

export const sizeName = (n) => (n >= 2 ** 20 ? `${n / 2 ** 20}M` : n >= 1024 ? `${n / 1024}k` : String(n));

/** What Python measured for `n` and `rate`; without its copy, or nothing. */
const pythonResults = ({ python }, n, rate) =>
  (python?.jobs.find((job) => job.n === n && job.rate === rate)?.results ?? []).slice(1);

/** All cases at one rate or size: this process's, then Python's. */
export const resultsAt = (data, { results }, n, rate) => [...results, ...pythonResults(data, n, rate)];

export const find = (results, name) => results.find((result) => result.name === name);
export const isPeer = ({ name }) => !NAMES_OF_OURS.includes(name);

/** Times faster than the fastest peer, at each rate. */
export function factors(data) {
  return data.rates.map((group) => {
    const results = resultsAt(data, group, data.n, group.rate);
    const fastest = results.filter(isPeer).sort((a, b) => a.ns.median - b.ns.median)[0];
    const ratio = (name) => {
      const ours = find(results, name);
      return ours && fastest.ns.median / ours.ns.median;
    };
    const [native, heap, alloc] = [OURS.native, OURS.heap, OURS.alloc].map(ratio);
    return { rate: group.rate, fastest: fastest.name, native, heap, alloc };
  });
}

const ENGLISH = { ns: "ns an element", rate: (rate) => `rate ${rate}`, names: {} };

/** The library beside its peers; `words` are its heads, and the names that are not as they were measured. */
export function peerTable(data, words = ENGLISH) {
  const groups = data.rates.map((group) => resultsAt(data, group, data.n, group.rate));
  const names = groups[0].map(({ name }) => name);
  return table(
    [words.ns, ...data.rates.map(({ rate }) => words.rate(rate))],
    names.map((name) => [words.names[name] ?? name, ...groups.map((results) => digits(find(results, name).ns.median))]),
  );
}

export const spreadTable = (data) =>
  table(
    ["quartiles, ns an element", ...data.rates.map(({ rate }) => `rate ${rate}`)],
    resultsAt(data, data.rates[0], data.n, data.rates[0].rate).map(({ name }) => [
      name,
      ...data.rates.map((group) => between(find(resultsAt(data, group, data.n, group.rate), name).ns)),
    ]),
  );

export const verdict = (isReached) => (isReached ? "met" : "**missed**");

/** A factor beside what is aimed at; nothing where it was not measured. */
const factorCell = (value, aim) => (value === undefined ? "" : `${times(value)}, ${verdict(value >= aim)}`);

export const factorTable = (data) => {
  const { native, alloc, heap } = FACTORS_AIMED_AT;
  return table(
    ["against the fastest peer", "which", `native, aim ${native} ×`, `alloc, aim ${alloc} ×`, `heap, aim ${heap} ×`],
    factors(data).map((row) => [
      `rate ${row.rate}`,
      row.fastest,
      factorCell(row.native, native),
      factorCell(row.alloc, alloc),
      factorCell(row.heap, heap),
    ]),
  );
};

/** Ratios of large arrays on every processor that was measured. */
export function processorsTable(all) {
  const cell = (library, group, name) => {
    const result = library?.groups.find((entry) => entry.name === group)?.results.find((entry) => entry.name === name);
    return result === undefined ? "" : digits(result.ratio.median);
  };
  const names = ["rate 1/2", "rate 1/4", "rate 0.1"];
  const ways = ({ native, library }) => [
    ["native, heap", native, "16M elements, heap"],
    ["WebAssembly, alloc", library, "16M elements, alloc"],
    ["WebAssembly, heap", library, "16M elements, heap"],
  ];
  return table(
    ["× the copy, 16M elements", "date, load", "", ...names],
    all.flatMap((data) =>
      ways(data).map(([way, library, group]) => [
        data.machine.cpu,
        `${data.date.slice(0, 10)}, ${data.machine.load}`,
        way,
        ...names.map((name) => cell(library, group, name)),
      ]),
    ),
  );
}

export function curveTable(data) {
  const columns = data.curve.map((group) => resultsAt(data, group, group.n, 0.5));
  const names = columns[0].map(({ name }) => name);
  const cell = (result) => (result === undefined ? "" : digits(result.ns.median));
  return table(
    ["ns an element, rate 0.5", ...data.curve.map(({ n }) => sizeName(n))],
    names.map((name) => [name, ...columns.map((results) => cell(find(results, name)))]),
  );
}

export const byRateTable = ({ byRate }) =>
  table(
    ["× the copy", ...byRate[0].results.slice(1).map(({ name }) => `rate ${name}`)],
    byRate.map(({ place, results }) => [place, ...results.slice(1).map(({ ratio }) => digits(ratio.median))]),
  );

export const byThreadsTable = ({ byThreads }) =>
  table(
    ["threads", "copy, one thread, ns", "rate 1/2, ns", "× the copy", "rate 0.1, ns", "× the copy"],
    byThreads.map(({ threads, results: [copy, half, tenth] }) => [
      threads,
      digits(copy.ns.median),
      ...[half, tenth].flatMap(({ ns, ratio }) => [digits(ns.median), digits(ratio.median)]),
    ]),
  );

export const trainingTable = ({ trainingStep }) =>
  table(
    ["network", "without dropout, ms", "with, ms", "ratio (quartiles over pairs)"],
    trainingStep.results.map(({ network, withoutMs, withMs, ratio, quartiles }) => [
      network,
      withoutMs.toFixed(2),
      withMs.toFixed(2),
      `${ratio.toFixed(3)} (${quartiles.map((q) => q.toFixed(3)).join(" - ")})`,
    ]),
  );
