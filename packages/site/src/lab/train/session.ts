// A comparison that goes on a step at a time and can be looked at whenever it stands still: the networks of all
// variants in turn, an epoch each; one seed after the other. Knows no page and no worker: it gives the numbers of
// `compare`.

import { type RunView, startRun, type TrainedRun } from "@hadamask/experiments";
import type { ComparisonResult, ComparisonSettings, Dataset } from "@hadamask/experiments/settings";
import { type ClassPredictions, firstLayerOf, summarise } from "@hadamask/experiments/statistics";
import type { LiveRun, TrainingView } from "./view.js";

/** How far a call of `advance` got: it was late, every network did an epoch, or all is done. */
export type Advance = "late" | "epoch" | "done";

interface Going {
  readonly variant: string;
  readonly run: ReturnType<typeof startRun>;
  view: RunView | undefined;
  /** Once it is done. */
  trained: TrainedRun | undefined;
  isWaiting: boolean;
}

export class Session {
  readonly #data: Dataset;
  readonly #settings: ComparisonSettings;
  readonly #done: TrainedRun[] = [];
  #going: readonly Going[] = [];
  /** Of the seeds; -1 before the first. */
  #at = -1;
  #result: ComparisonResult | undefined;

  constructor(data: Dataset, settings: ComparisonSettings) {
    this.#data = data;
    this.#settings = settings;
  }

  /**
   * Trains until every network that is not done has ended one more epoch, or until `isLate` says so between two steps.
   */
  advance(isLate: () => boolean): Advance {
    if (this.#result !== undefined) return "done";
    if (this.#going.every(({ trained }) => trained !== undefined)) this.#startSeed();
    for (const going of this.#going) {
      while (going.isWaiting) {
        this.#step(going);
        if (isLate() && going.isWaiting) return "late";
      }
    }
    for (const going of this.#going) going.isWaiting = going.trained === undefined;
    if (this.#going.every(({ trained }) => trained !== undefined)) this.#endSeed();
    return this.#result === undefined ? "epoch" : "done";
  }

  #startSeed(): void {
    this.#at++;
    const seed = this.#settings.seeds[this.#at]!;
    this.#going = this.#settings.variants.map((variant) => ({
      variant,
      run: startRun(this.#data, this.#settings, variant, seed),
      view: undefined,
      trained: undefined,
      isWaiting: true,
    }));
  }

  #step(going: Going): void {
    const { done, value } = going.run.next();
    if (done) going.trained = value;
    else going.view = value;
    // After the last step of the last epoch there is nothing left to show but the whole run.
    const isOver = !done && value.isEpoch && value.done === value.of && !value.isSearching;
    going.isWaiting = isOver || !(done || value.isEpoch);
  }

  #endSeed(): void {
    this.#done.push(...this.#going.map(({ trained }) => trained!));
    const { variants, seeds } = this.#settings;
    if (this.#at < seeds.length - 1) return;
    const runs = variants.flatMap((variant) => this.#done.filter((run) => run.variant === variant));
    this.#result = summarise(runs, { data: this.#data, settings: this.#settings, command: "", versions: {} });
  }

  /** What there is to see now. */
  view(): TrainingView {
    const { variants, seeds, epochs } = this.#settings;
    const seed = seeds[Math.max(0, this.#at)]!;
    return {
      variants,
      seeds,
      epochs,
      seed,
      live: this.#going.map((going) => this.#live(going, seed)),
      done: this.#done.map(({ variant, seed: of, trainLoss, epochs: at, testNll, testError, trainError }) => {
        return { variant, seed: of, trainLoss, epochs: at, testNll, testError, trainError };
      }),
      comparison: this.#result?.comparison,
    };
  }

  #live({ variant, view, trained }: Going, seed: number): LiveRun {
    const curves = trained ?? view?.curves ?? { trainLoss: [], epochs: [], testNll: [], testError: [] };
    const weights = trained?.weights ?? view?.weights();
    const { trainLoss, epochs, testNll, testError } = curves;
    const context = { data: this.#data, settings: this.#settings };
    return {
      variant,
      seed,
      done: trainLoss.length,
      of: trained === undefined ? (view?.of ?? this.#settings.epochs) : trainLoss.length,
      isSearching: trained === undefined && view?.isSearching === true,
      trainLoss: [...trainLoss],
      epochs: [...epochs],
      testNll: [...testNll],
      testError: [...testError],
      // The lab's tables are of classes: see load.ts.
      predictions: (trained?.predictions ?? view?.predictions) as ClassPredictions | undefined,
      firstLayer: weights === undefined ? undefined : firstLayerOf({ variant, seed, weights }, context),
    };
  }
}
