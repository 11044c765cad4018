// The project's saved measurements, cut down to what the page of numbers shows.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCS = fileURLToPath(new URL("../../../../docs/", import.meta.url));
const json = (path: string) => JSON.parse(readFileSync(`${DOCS}${path}`, "utf8"));

export type Has = "yes" | "partly" | "no" | "-";

export interface Numbers {
  readonly machine: string;
  readonly command: string;
  /** Median nanoseconds an element by rate, for what was measured at all of them. */
  readonly rates: readonly { readonly rate: number; readonly ns: Readonly<Record<string, number>> }[];
  readonly curve: readonly { readonly n: number; readonly ns: Readonly<Record<string, number>> }[];
  readonly results: readonly {
    /** The file that they were saved in. */
    readonly experiment: string;
    readonly data: string;
    readonly model: string;
    readonly variant: string;
    readonly seeds: number;
    readonly testError: number;
    readonly interval: readonly [number, number];
    readonly nll: number;
    readonly ece: number;
  }[];
  /** The same of regressions: an error in the unit of the values, and how often intervals of 95 % hold them. */
  readonly values: readonly {
    readonly experiment: string;
    readonly data: string;
    readonly variant: string;
    readonly seeds: number;
    readonly rmse: number;
    readonly interval: readonly [number, number];
    readonly nll: number;
    readonly coverage: number;
  }[];
  readonly references: readonly string[];
  readonly features: readonly {
    readonly section: string;
    readonly capability: string;
    readonly has: Has;
    readonly others: readonly { readonly has: Has; readonly note: string }[];
  }[];
}

interface Timed {
  readonly name: string;
  readonly ns: { readonly median: number };
}

interface PythonJob {
  readonly n: number;
  readonly rate: number;
  readonly results: readonly Timed[];
}

const medians = (results: readonly Timed[]): Record<string, number> =>
  Object.fromEntries(results.map(({ name, ns }) => [name, ns.median]));

/** There is one file a processor; of those with other libraries beside ours, the newest. */
const newestBenchmark = () =>
  readdirSync(`${DOCS}benchmarks`)
    .map((file) => json(`benchmarks/${file}`))
    .filter((one) => "rates" in one)
    .sort((a, b) => b.date.localeCompare(a.date))[0];

function load(): Numbers {
  const bench = newestBenchmark();
  const features = json("features.json");
  const saved = readdirSync(`${DOCS}results`)
    .filter((file) => file.endsWith(".json"))
    .map((file) => [file.replace(/\.json$/, ""), json(`results/${file}`) as SavedResult] as const);
  // What was timed twice counts as it does in docs/benchmarks.md: the first time.
  const python = (n: number, rate: number): readonly Timed[] =>
    (bench.python.jobs as readonly PythonJob[])
      .find((job) => job.n === n && job.rate === rate)
      ?.results.filter(({ name }) => !name.startsWith("array copy")) ?? [];
  const group = (n: number, rate: number, results: readonly Timed[]) => medians([...results, ...python(n, rate)]);
  return {
    machine: `${bench.machine.cpu}, ${bench.machine.cores} cores, Node ${bench.machine.node}`,
    command: bench.command,
    rates: bench.rates.map((one: { rate: number; results: readonly Timed[] }) => ({
      rate: one.rate,
      ns: group(bench.n, one.rate, one.results),
    })),
    curve: bench.curve.map((one: { n: number; results: readonly Timed[] }) => ({
      n: one.n,
      ns: group(one.n, 0.5, one.results),
    })),
    results: saved.flatMap(([experiment, result]) => resultsOf(experiment, result)),
    values: saved.flatMap(([experiment, result]) => valuesOf(experiment, result)),
    references: features.references,
    features: features.sections.flatMap((section: FeatureSection) =>
      section.rows.map((row) => ({
        section: section.title,
        capability: row.capability,
        has: row.has,
        others: features.references.map((name: string) => {
          const other = row.references[name] ?? "-";
          return typeof other === "string" ? { has: other, note: "" } : { has: other.has, note: other.note ?? "" };
        }),
      })),
    ),
  };
}

interface FeatureSection {
  readonly title: string;
  readonly rows: readonly {
    readonly capability: string;
    readonly has: Has;
    readonly references: Readonly<Record<string, Has | { readonly has: Has; readonly note?: string }>>;
  }[];
}

interface Summary {
  readonly mean: number;
  readonly ci95: readonly [number, number];
}

interface SavedResult {
  /** `target` is what a regression predicts; its test error is a root mean square in that unit. */
  readonly data: { readonly name: string; readonly target?: { readonly name: string } };
  readonly model: { readonly kind: string; readonly seeds: readonly number[] };
  readonly variants?: readonly {
    readonly title: string;
    readonly testError: Summary;
    readonly nll: Summary;
    readonly ece: Summary;
    readonly coverage?: Summary;
  }[];
}

/** The variants of a comparison of classifiers; other kinds of results have none. */
const resultsOf = (experiment: string, { data, model, variants = [] }: SavedResult): Numbers["results"] =>
  data?.target !== undefined
    ? []
    : variants.map(({ title, testError, nll, ece }) => ({
        experiment,
        data: data.name,
        model: model.kind,
        variant: title,
        seeds: model.seeds.length,
        testError: testError.mean,
        interval: testError.ci95,
        nll: nll.mean,
        ece: ece.mean,
      }));

const valuesOf = (experiment: string, { data, model, variants = [] }: SavedResult): Numbers["values"] =>
  data?.target === undefined
    ? []
    : variants.map(({ title, testError, nll, coverage }) => ({
        experiment,
        data: `${data.name}, ${data.target!.name}`,
        variant: title,
        seeds: model.seeds.length,
        rmse: testError.mean,
        interval: testError.ci95,
        nll: nll.mean,
        coverage: coverage!.mean,
      }));

declare const data: Numbers;

export { data };

export default { watch: ["../../../../docs/**/*.json"], load };
