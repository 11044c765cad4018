// Measures cases that do comparable work on the same arrays. Knows no case.
//
// Cases take turns, round after round, so that whatever else the machine does slows all of them alike; the ratio to
// the baseline is taken within a round, and its median over the rounds is what is reported.

import { Failure } from "../failure.js";

/** Something to be timed. */
export interface Case {
  readonly name: string;
  /** Elements that one run works on. */
  readonly elements: number;
  run(): void | Promise<void>;
  /** Throws if what `run` left behind is wrong. Called once, before anything is timed. */
  check(): void;
  /** What is aimed at: at most this many times the baseline. */
  readonly target?: number;
  /** For small calls: at most this many nanoseconds a run more than the baseline. */
  readonly targetAboveNs?: number;
  /** What bounds the way that this case goes: at most `most` times that case of the group. */
  readonly limit?: Limit;
}

export interface Limit {
  readonly of: string;
  readonly most: number;
}

/** Cases and what they are compared with: the first of them. */
export interface Group {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** Median and quartiles. */
export interface Spread {
  readonly median: number;
  readonly quartiles: readonly [number, number];
}

export interface CaseResult {
  readonly name: string;
  readonly elements: number;
  /** Nanoseconds an element: of all rounds, and the shortest. */
  readonly ns: Spread & { readonly min: number };
  /** Time as a multiple of the baseline's in the same round. */
  readonly ratio: Spread;
  /** Nanoseconds a run more than the baseline's in the same round. */
  readonly aboveNs: Spread;
  readonly target?: number;
  readonly targetAboveNs?: number;
  readonly limit?: Limit;
  /** Time as a multiple of the limit's in the same round. */
  readonly ofLimit?: Spread;
}

export interface GroupResult {
  readonly name: string;
  readonly baseline: string;
  readonly rounds: number;
  readonly results: readonly CaseResult[];
}

/** Time that one sample takes at least; shorter runs are repeated. */
const SAMPLE_MS = 4;

/** Checks, warms up and times a group. `settle` runs before every sample, outside of its time. */
export async function measure(group: Group, rounds: number, settle: () => void = () => {}): Promise<GroupResult> {
  const repeats: number[] = [];
  for (const item of group.cases) {
    await item.run();
    try {
      item.check();
    } catch (cause) {
      throw new Failure(`bench: ${group.name}, ${item.name}: the result is wrong`, { cause });
    }
    repeats.push(await repeatsOf(item));
  }
  const samples = group.cases.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, item] of group.cases.entries()) {
      settle();
      samples[i]!.push(await timeOf(item, repeats[i]!));
    }
  }
  const results = group.cases.map((item, i) => {
    const at = item.limit === undefined ? -1 : group.cases.findIndex(({ name }) => name === item.limit!.of);
    if (item.limit !== undefined && at < 0) throw new Error(`bench: ${group.name} has no case ${item.limit.of}`);
    return resultOf(item, samples[i]!, group.cases[0]!, samples[0]!, samples[at]);
  });
  return { name: group.name, baseline: group.cases[0]!.name, rounds, results };
}

/** How often a case runs for one sample. Engines compile in the background while this is found out. */
async function repeatsOf(item: Case): Promise<number> {
  let repeats = 1;
  for (let tries = 0; tries < 4; tries++) {
    const ms = (await timeOf(item, repeats)) * repeats;
    repeats = Math.max(repeats, Math.ceil((SAMPLE_MS / Math.max(ms, 1e-3)) * repeats));
  }
  return repeats;
}

/** Milliseconds of one run, the mean of `repeats`. */
async function timeOf(item: Case, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const pending = item.run();
    if (pending !== undefined) await pending;
  }
  return (performance.now() - start) / repeats;
}

function resultOf(
  item: Case,
  samples: readonly number[],
  base: Case,
  baseSamples: readonly number[],
  limitSamples: readonly number[] | undefined,
): CaseResult {
  const { name, elements, target, targetAboveNs, limit } = item;
  const ns = samples.map((ms) => (ms * 1e6) / elements);
  const ratios = ns.map((value, round) => value / ((baseSamples[round]! * 1e6) / base.elements));
  return {
    name,
    elements,
    ns: { ...spreadOf(ns), min: Math.min(...ns) },
    ratio: spreadOf(ratios),
    aboveNs: spreadOf(samples.map((ms, round) => (ms - baseSamples[round]!) * 1e6)),
    ...(target === undefined ? {} : { target }),
    ...(targetAboveNs === undefined ? {} : { targetAboveNs }),
    ...(limit === undefined
      ? {}
      : { limit, ofLimit: spreadOf(samples.map((ms, round) => ms / limitSamples![round]!)) }),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
  return { median: at(0.5), quartiles: [at(0.25), at(0.75)] };
}
