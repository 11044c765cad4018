// Intervals for means over few seeds, by the bootstrap. Knows no network: it is given a measure of any rows of any run.

import { foldIn, key } from "hadamask";
import { wholesBelow } from "../chance.js";
import type { Interval } from "../result.js";

/** What is measured on one run: a number for each choice of its test rows. */
export interface Sampled {
  /** Test rows of the run. */
  readonly rows: number;
  /** The measure over some rows, a row counted as often as it is named; over all of them where none are given. */
  measure(rows?: Uint32Array): number;
}

/** The same measure of several variants: `runs[v][s]` is variant v with seed s. */
export interface BootstrapInput {
  readonly runs: readonly (readonly Sampled[])[];
  /** Whether all runs were tested on the same rows; else each seed has test rows of its own, shared by its variants. */
  readonly hasSharedRows: boolean;
  readonly replicates?: number;
}

/** Intervals for the mean of each variant, and for its difference to the first. */
export interface BootstrapOutput {
  readonly means: readonly number[];
  readonly intervals: readonly Interval[];
  /** Entry v - 1: variant v minus variant 0. */
  readonly differences: readonly number[];
  readonly differenceIntervals: readonly Interval[];
}

const REPLICATES = 2000;

/**
 * 95 % intervals for what a new seed and new test rows would give on average.
 *
 * Each replicate draws seeds with replacement. Test rows that all runs share are drawn with replacement too, the same
 * ones for every run; rows that each seed has of its own are drawn with the seed, since runs on other rows are what
 * seeds differ in. (With one seed its rows are drawn.) All variants see the same draws, so that differences are
 * paired.
 *
 * Few seeds make the plain bootstrap too sure: n seeds show (n - 1) / n of the variance, and that itself is a guess.
 * The seeds' part of each replicate's deviation is therefore stretched by t / z sqrt(n / (n - 1)), with Student's t
 * for n - 1 degrees of freedom. Quantiles are taken around the replicates' own mean, which removes the bias that
 * drawing rows twice gives to ECE.
 *
 * @see Hesterberg, "What teachers should know about the bootstrap", The American Statistician 69 (2015) (few
 *   observations).
 * @see Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1 (2007) (seeds and rows drawn apart).
 */
export function bootstrap({ runs, hasSharedRows, replicates = REPLICATES }: BootstrapInput): BootstrapOutput {
  const seeds = runs[0]!.length;
  const rowCount = runs[0]![0]!.rows;
  const full = runs.map((ofSeeds) => ofSeeds.map((run) => run.measure()));
  const means = full.map(mean);
  const drawsRows = hasSharedRows || seeds === 1;
  const extra = seedStretch(seeds) - 1;
  const allDrawn = wholesBelow(foldIn(key(SEED), 0), replicates * seeds, seeds);
  const values: number[][] = runs.map(() => []);
  for (let r = 0; r < replicates; r++) {
    const drawn = allDrawn.subarray(r * seeds, (r + 1) * seeds);
    const rows = drawsRows ? wholesBelow(foldIn(key(SEED), r + 1), rowCount, rowCount) : undefined;
    runs.forEach((ofSeeds, v) => {
      const ofDrawn = rows === undefined ? full[v]! : measureDrawn(ofSeeds, drawn, rows);
      const seedPart = meanOf(drawn, full[v]!) - means[v]!;
      values[v]!.push(meanOf(drawn, ofDrawn) + extra * seedPart);
    });
  }
  const others = values.slice(1);
  const differences = means.slice(1).map((m) => m - means[0]!);
  return {
    means,
    intervals: means.map((m, v) => intervalAround(m, values[v]!)),
    differences,
    differenceIntervals: others.map((v, i) =>
      intervalAround(
        differences[i]!,
        v.map((value, r) => value - values[0]![r]!),
      ),
    ),
  };
}

/** Any fixed number: intervals are the same at every call. */
const SEED = 20170606;

/** Measures only the seeds that were drawn; the others stay 0 and are not looked at. */
function measureDrawn(ofSeeds: readonly Sampled[], drawn: Uint32Array, rows: Uint32Array): number[] {
  const measured = new Set(drawn);
  return ofSeeds.map((run, s) => (measured.has(s) ? run.measure(rows) : 0));
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

const meanOf = (chosen: Uint32Array, values: readonly number[]): number =>
  chosen.reduce((sum, i) => sum + values[i]!, 0) / chosen.length;

function intervalAround(centre: number, replicates: readonly number[]): Interval {
  const sorted = Float64Array.from(replicates).sort();
  const middle = mean(replicates);
  const quantile = (q: number): number => {
    const at = q * (sorted.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, sorted.length - 1);
    return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
  };
  // Without the bounds, rounding would put an interval of no width beside its centre.
  return [Math.min(centre, centre + quantile(0.025) - middle), Math.max(centre, centre + quantile(0.975) - middle)];
}

/** The 97.5 % quantile of the normal distribution. */
const Z = 1.959963984540054;

/**
 * How much further apart few seeds are than they look: 1.58 for 5, 2.69 for 3, 1 for many. One seed says nothing of
 * others.
 */
function seedStretch(n: number): number {
  return n === 1 ? 1 : (studentQuantile(n - 1) / Z) * Math.sqrt(n / (n - 1));
}

/**
 * The 97.5 % quantile of Student's t: exact for 1 and 2 degrees of freedom, above by an expansion in 1 / df (error
 * below 0.2 %).
 *
 * @see Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
 */
export function studentQuantile(df: number): number {
  if (df === 1) return Math.tan(0.475 * Math.PI);
  if (df === 2) return 0.95 / Math.sqrt(2 * 0.975 * 0.025);
  const z2 = Z * Z;
  const terms = [
    (z2 + 1) / 4,
    ((5 * z2 + 16) * z2 + 3) / 96,
    (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384,
    ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160,
  ];
  return Z * (1 + terms.reduce((sum, term, i) => sum + term / df ** (i + 1), 0));
}
