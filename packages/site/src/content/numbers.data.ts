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
  const python = (n: number, rate: number): readonly Timed[] =>
    bench.python.jobs
      .filter((job: { n: number; rate: number }) => job.n === n && job.rate === rate)
      .flatMap((job: { results: readonly Timed[] }) =>
        job.results.filter(({ name }) => !name.startsWith("array copy")),
      );
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
    results: readdirSync(`${DOCS}results`)
      .filter((file) => file.endsWith(".json"))
      .flatMap((file) => resultsOf(file.replace(/\.json$/, ""), json(`results/${file}`))),
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

interface SavedResult {
  readonly data: { readonly name: string };
  readonly model: { readonly kind: string; readonly seeds: readonly number[] };
  readonly variants?: readonly {
    readonly title: string;
    readonly testError: { readonly mean: number; readonly ci95: readonly [number, number] };
    readonly nll: { readonly mean: number };
    readonly ece: { readonly mean: number };
  }[];
}

/** The variants of a comparison; other kinds of results have none. */
const resultsOf = (experiment: string, { data, model, variants = [] }: SavedResult): Numbers["results"] =>
  variants.map(({ title, testError, nll, ece }) => ({
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

declare const data: Numbers;

export { data };

export default { watch: ["../../../../docs/**/*.json"], load };
