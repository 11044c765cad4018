// How long runs will still take, from the epochs that have ended. Knows no clock: it is told the time.

/** A run, and its epochs so far. */
interface Seen {
  readonly first: number;
  last: number;
  done: number;
  of: number;
}

/** Until a later run has begun, this share of what the first epoch takes more than others is taken for each. */
const EXTRA = 0.5;

/**
 * The first epoch of a run compiles, and the first of a thread loads the engine: neither says how long the others take.
 * So nothing is said until a run has two epochs, and what the first took more is counted once a run.
 */
export class Remaining {
  readonly #runs: number;
  readonly #epochs: number;
  readonly #threads: number;
  readonly #begun: number;
  readonly #seen = new Map<string, Seen>();
  /** Ends of runs: the next one of the same thread begins there. */
  readonly #ends: number[] = [];
  readonly #extras: number[] = [];

  /** @param now Seconds, at the beginning. */
  constructor(runs: number, epochs: number, threads: number, now: number) {
    this.#runs = runs;
    this.#epochs = epochs;
    this.#threads = Math.max(1, Math.min(threads, runs));
    this.#begun = now;
  }

  /** An epoch of a run ended: `done` of `of`. */
  onEpoch(run: string, done: number, of: number, now: number): void {
    const seen = this.#seen.get(run);
    if (seen === undefined) {
      this.#seen.set(run, { first: now, last: now, done, of });
      if (this.#ends.length > 0) this.#extras.push(now - this.#ends.shift()!);
      return;
    }
    // Early stopping begins again, for fewer epochs.
    if (done < seen.done || of !== seen.of) this.#seen.set(run, { first: now, last: now, done, of });
    else [seen.last, seen.done] = [now, done];
    if (done === of) this.#ends.push(now);
  }

  /** Seconds that are left; undefined while it is not known. */
  left(): number | undefined {
    const runs = [...this.#seen.values()];
    const [time, count] = runs.reduce(
      ([sum, epochs], { first, last, done }) => [sum + last - first, epochs + Math.max(0, done - 1)],
      [0, 0],
    );
    const epoch = count > 0 ? time / count : this.#epochs === 1 ? this.#first() : undefined;
    if (epoch === undefined) return undefined;
    const open = runs.reduce((sum, { done, of }) => sum + of - done, 0);
    const waiting = Math.max(0, this.#runs - runs.length);
    const all = open * epoch + waiting * (this.#epochs * epoch + this.#extra(epoch));
    // At the end there are fewer runs than threads, and the longest of them ends alone; one of its epochs is under way.
    const busy = runs.filter(({ done, of }) => done < of).length + waiting;
    const longest = Math.max(0, ...runs.map(({ done, of }) => (of - done - 1) * epoch));
    return Math.max(all / Math.max(1, Math.min(this.#threads, busy)), longest);
  }

  /** What a run takes besides its epochs. */
  #extra(epoch: number): number {
    if (this.#extras.length > 0) {
      const mean = this.#extras.reduce((a, b) => a + b, 0) / this.#extras.length;
      return Math.max(0, mean - epoch);
    }
    return EXTRA * Math.max(0, (this.#first() ?? epoch) - epoch);
  }

  /** Until the first epoch of all had ended. */
  #first(): number | undefined {
    const firsts = [...this.#seen.values()].map(({ first }) => first);
    return firsts.length === 0 ? undefined : Math.min(...firsts) - this.#begun;
  }
}
